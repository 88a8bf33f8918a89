/**
 * One PostgreSQL server for a whole vitest run, with one migrated database in it that test files
 * copy. TEST_DATABASE_URL names another server to use, with the right to create databases.
 */
import { randomUUID } from 'node:crypto';
import { access, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrate } from '../postgres/migrate.ts';
import { openPostgres, PostgresInUseError, removePostgres } from '../postgres/start.ts';
import { runOn, withDatabase } from './database.ts';

const PREFIX = 'tunix-rt-test-';

let close: (() => Promise<void>) | undefined;

export async function setup(project: TestProject): Promise<void> {
  const given = process.env.TEST_DATABASE_URL;
  const server = given ? { url: given, stop: async () => {} } : await openTemporary();
  close = server.stop; // should one of the steps below fail
  const template = `test_template_${randomUUID().replaceAll('-', '')}`;
  close = async () => {
    await runOn(server.url, `DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
    await server.stop();
  };
  await runOn(server.url, `CREATE DATABASE ${template}`);
  await migrate(withDatabase(server.url, template));
  project.provide('postgres', { url: server.url, template });
}

export async function teardown(): Promise<void> {
  await close?.();
}

async function openTemporary(): Promise<{ url: string; stop(): Promise<void> }> {
  await removeAbandoned();
  const dir = await mkdtemp(join(tmpdir(), PREFIX));
  const lines: string[] = [];
  const server = await openPostgres({ dir, durable: false, log: (line) => lines.push(line) });
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      await removePostgres(dir, () => {});
    },
  };
}

/** A run that was killed leaves its server behind, and nobody opens its folder again. */
async function removeAbandoned(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX));
  for (const dir of names.map((name) => join(tmpdir(), name))) {
    try {
      await access(join(dir, 'password')); // without it, somebody is just about to start
      await removePostgres(dir, () => {});
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      const isTaken = error instanceof PostgresInUseError;
      if (!isTaken && !['ENOENT', 'EACCES', 'EPERM'].includes(code)) throw error;
    }
  }
}
