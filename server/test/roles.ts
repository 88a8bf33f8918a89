/** A database whose processes sign in as roles of their own; they go with it. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { jobs } from '../jobs.ts';
import { ROLES, type Role } from '../postgres/privileges.ts';
import { applyRoles, urlAs } from '../postgres/roles.ts';
import { installQueue } from '../queue.ts';
import { createDatabase, runOn } from './database.ts';

export type RolesRig = AsyncDisposable & {
  /** What the names of its roles begin with: roles belong to the whole server. */
  readonly prefix: string;
  /** The address for the owner of the tables. */
  readonly owner: string;
  urlOf(role: Role): string;
  /** Runs statements as a role, or as the owner; each is a transaction. Gives the rows of the last. */
  ask(role: Role | 'owner', ...statements: string[]): Promise<Record<string, unknown>[]>;
};

export async function openRoles(): Promise<RolesRig> {
  const database = await createDatabase();
  const prefix = `t${randomUUID().replaceAll('-', '')}`;
  const passwordOf = (role: Role) => `password-of-${role}`;
  await installQueue(database.url, jobs);
  const passwords = Object.fromEntries(ROLES.map((role) => [role, passwordOf(role)]));
  await applyRoles(database.url, passwords, prefix);
  const urlOf = (role: Role) => urlAs(database.url, role, passwordOf(role), prefix);
  return {
    prefix,
    owner: database.url,
    urlOf,
    async ask(role, ...statements) {
      const client = new pg.Client(role === 'owner' ? database.url : urlOf(role));
      await client.connect();
      try {
        let rows: Record<string, unknown>[] = [];
        for (const sql of statements) ({ rows } = await client.query(sql));
        return rows;
      } finally {
        await client.end();
      }
    },
    async [Symbol.asyncDispose]() {
      const names = ROLES.map((role) => `${prefix}_${role}`).join(', ');
      await runOn(database.url, `DROP OWNED BY ${names}`);
      await database[Symbol.asyncDispose]();
      await runOn(new URL('/postgres', database.url).href, `DROP ROLE ${names}`);
    },
  };
}
