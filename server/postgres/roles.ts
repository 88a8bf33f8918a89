/**
 * The roles of the database: each process signs in as one that may do what it needs and no more. None of
 * them creates, changes or drops tables, runs programs, reads files of the server or touches what was
 * written down in the audit log. The owner of the tables migrates and applies this.
 */
import pg from 'pg';
import { connect } from './connection.ts';
import { ROLE_SETTINGS, ROLES, type Role, TABLE_RIGHTS } from './privileges.ts';
import { scramVerifier } from './scram.ts';

const PREFIX = 'tunix_rt';
/** Held while rights change: two at once would disturb each other. */
const LOCK = 72_707_370;
/** From here on a role can be allowed to rebuild the indexes of a table that is not its own. */
const MAINTAIN_SINCE = 170_000;

/** A role of this name is there and may do more than it should, or is not ours to change. */
export class RoleRefusedError extends Error {
  override readonly name = 'RoleRefusedError';
}

const nameOf = (role: Role, prefix: string) => `${prefix}_${role}`;

/** The address of the same database for a role. */
export function urlAs(url: string, role: Role, password: string, prefix = PREFIX): string {
  const at = new URL(url);
  at.username = nameOf(role, prefix);
  at.password = password;
  return at.href;
}

/**
 * Creates the roles that are missing, sets the passwords that are given and gives all of them exactly
 * their rights, in one transaction. Any number of times. The user of the address owns the tables and may
 * create roles; the queue is installed.
 * @throws RoleRefusedError
 */
export async function applyRoles(
  url: string,
  passwords: Partial<Record<Role, string>>,
  prefix = PREFIX,
): Promise<void> {
  await asOwner(url, async (client) => {
    for (const role of ROLES) {
      await createRole(client, nameOf(role, prefix));
      const password = passwords[role];
      if (password === undefined) continue;
      const verifier = pg.escapeLiteral(scramVerifier(password));
      await client.query(`ALTER ROLE ${nameOf(role, prefix)} LOGIN PASSWORD ${verifier}`);
    }
    const database = await readDatabase(client);
    for (const role of ROLES) {
      for (const [name, value] of Object.entries({
        search_path: 'public, pg_temp',
        ...ROLE_SETTINGS[role],
      })) {
        const values = name === 'search_path' ? value : pg.escapeLiteral(value);
        await client.query(
          `ALTER ROLE ${nameOf(role, prefix)} IN DATABASE ${database.name} SET ${name} = ${values}`,
        );
      }
    }
    await grant(client, prefix, database);
  });
}

/**
 * Gives the roles their rights on tables that migrations have brought, where somebody has created them.
 * Needs no right to create roles. Returns whether there were roles.
 */
export async function refreshRoles(url: string, prefix = PREFIX): Promise<boolean> {
  return asOwner(url, async (client) => {
    const names = ROLES.map((role) => nameOf(role, prefix));
    // Roles belong to the server: those of another database on it are no reason to let them in here.
    const { rowCount } = await client.query(
      `SELECT FROM pg_roles WHERE rolname = ANY($1) AND to_regclass('public.runs') IS NOT NULL
         AND has_table_privilege(rolname, to_regclass('public.runs'), 'SELECT')`,
      [names],
    );
    if (rowCount !== names.length) return false;
    await grant(client, prefix, await readDatabase(client));
    return true;
  });
}

async function asOwner<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(url);
  try {
    await client.query('BEGIN');
    await client.query(`SELECT pg_advisory_xact_lock(${LOCK})`);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } finally {
    await client.end();
  }
}

type Database = { name: string; version: number };

async function readDatabase(client: pg.Client): Promise<Database> {
  const { rows } = await client.query<Database>(
    `SELECT quote_ident(current_database()) AS name,
            current_setting('server_version_num')::int AS version`,
  );
  if (!rows[0]) throw new Error('the database says nothing about itself');
  return rows[0];
}

/** A role without any right but to sign in. One that was given others by hand is not used silently. */
async function createRole(client: pg.Client, name: string): Promise<void> {
  const { rows } = await client.query<{ excess: boolean }>(
    `SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls
            OR EXISTS (SELECT FROM pg_auth_members
                       WHERE member = pg_roles.oid AND roleid <> 'pg_read_all_stats'::regrole) AS excess
     FROM pg_roles WHERE rolname = $1`,
    [name],
  );
  const [found] = rows;
  if (!found) {
    await client.query(`CREATE ROLE ${name} LOGIN`);
  } else if (found.excess) {
    throw new RoleRefusedError(
      `The role ${name} is there and may do more than its tables: it is a superuser, creates roles or ` +
        'databases, replicates, or belongs to another role. Take that from it, or drop it.',
    );
  }
}

async function grant(client: pg.Client, prefix: string, database: Database): Promise<void> {
  const of = (role: Role) => nameOf(role, prefix);
  const all = ROLES.map(of).join(', ');
  const working = `${of('api')}, ${of('runner')}`;
  const onQueue = 'SELECT, INSERT, UPDATE, DELETE';
  const rebuild = database.version >= MAINTAIN_SINCE ? ', MAINTAIN' : '';
  const statements = [
    `REVOKE CREATE ON SCHEMA public FROM PUBLIC, ${all}`,
    `REVOKE TEMPORARY, CREATE ON DATABASE ${database.name} FROM PUBLIC, ${all}`,
    `GRANT CONNECT ON DATABASE ${database.name} TO ${all}`,
    // Imports and builds of datasets stage rows.
    `GRANT TEMPORARY ON DATABASE ${database.name} TO ${of('api')}`,
    `GRANT USAGE ON SCHEMA public, pgboss TO ${all}`,
    ...['public', 'pgboss'].flatMap((schema) => [
      `REVOKE ALL ON ALL TABLES IN SCHEMA ${schema} FROM PUBLIC, ${all}`,
      `REVOKE ALL ON ALL SEQUENCES IN SCHEMA ${schema} FROM PUBLIC, ${all}`,
    ]),
    `GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${working}`,
    ...Object.entries(TABLE_RIGHTS).flatMap(([table, rights]) =>
      ROLES.flatMap((role) =>
        rights[role] ? [`GRANT ${rights[role]} ON public.${table} TO ${of(role)}`] : [],
      ),
    ),
    `GRANT ${onQueue}${rebuild} ON ALL TABLES IN SCHEMA pgboss TO ${working}`,
    `GRANT SELECT ON ALL TABLES IN SCHEMA pgboss TO ${of('readonly')}`,
  ];
  await client.query(statements.join(';\n'));
  await client.query(seeTransactions(of('api')));
}

/** The age of the oldest transaction is a metric. Managed servers may not let anybody give that right. */
const seeTransactions = (role: string) => `
  DO $$ BEGIN GRANT pg_read_all_stats TO ${role};
  EXCEPTION WHEN insufficient_privilege THEN NULL; END $$`;
