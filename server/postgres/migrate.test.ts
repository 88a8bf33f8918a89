import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../test/database.ts';
import {
  MigrationChangedError,
  MigrationFailedError,
  migrate,
  pendingMigrations,
} from './migrate.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

// What a naive reader stumbles over: a `;` inside a function body and inside a text.
const FIRST = `
CREATE TABLE "notes" ("id" INTEGER NOT NULL PRIMARY KEY, "text" TEXT NOT NULL DEFAULT 'a;b');
CREATE FUNCTION double(n integer) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
  n := n * 2;
  RETURN n;
END $$;
`;
const SECOND = 'ALTER TABLE "notes" ADD COLUMN "more" TEXT;\n';

let database: TestDatabase;
let dir: string;
let folder: string;

beforeEach(async () => {
  database = await createDatabase({ migrated: false });
  dir = await mkdtemp(join(tmpdir(), 'tunix-rt-migrations-'));
  folder = join(dir, 'migrations');
  await add('20260101000000_first', FIRST);
  await add('20260102000000_second', SECOND);
  await writeFile(join(folder, 'migration_lock.toml'), 'provider = "postgresql"\n');
});

afterEach(async () => {
  await database[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

async function add(name: string, sql: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, 'migration.sql'), sql);
}

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The real Prisma CLI, over our engine. */
async function prisma(args: string[], url = database.url): Promise<{ code: number; out: string }> {
  const cli = join(ROOT, 'node_modules/prisma/build/index.js');
  const env = { ...process.env, DATABASE_URL: url, NO_COLOR: '1', CHECKPOINT_DISABLE: '1' };
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...args], { cwd: ROOT, env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), out: stdout + stderr }),
    );
  });
}

/** A config for Prisma that reads the migrations of this test instead of the product's. */
async function writeConfig(): Promise<string> {
  const config = join(dir, 'prisma.config.mjs');
  const schema = join(dir, 'schema.prisma');
  await writeFile(schema, 'datasource db {\n  provider = "postgresql"\n}\n');
  const settings = { schema, migrations: { path: folder }, datasource: { url: database.url } };
  const engine = JSON.stringify(join(ROOT, 'prisma/schema-engine.mjs'));
  await writeFile(
    config,
    `process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= ${engine};
     export default ${JSON.stringify(settings)};`,
  );
  return config;
}

const columns = () =>
  query(`SELECT column_name, data_type, character_maximum_length, is_nullable, column_default
         FROM information_schema.columns WHERE table_name = '_prisma_migrations'
         ORDER BY ordinal_position`);

describe('migrate', () => {
  test('applies all in the order of their names, once', async () => {
    expect(await pendingMigrations(database.url, folder)).toHaveLength(2);
    expect(await migrate(database.url, folder)).toEqual([
      '20260101000000_first',
      '20260102000000_second',
    ]);
    expect(await pendingMigrations(database.url, folder)).toEqual([]);
    expect(await migrate(database.url, folder)).toEqual([]);
    await query(`INSERT INTO notes (id, more) VALUES (double(21), '')`);
    expect(await query('SELECT id, text FROM notes')).toEqual([{ id: 42, text: 'a;b' }]);
  });

  test('lets one of four callers work and the others wait', async () => {
    const applied = await Promise.all(
      Array.from({ length: 4 }, () => migrate(database.url, folder)),
    );
    expect(applied.map((names) => names.length).sort()).toEqual([0, 0, 0, 2]);
    expect(await query('SELECT FROM _prisma_migrations')).toHaveLength(2);
  });

  test('refuses an applied migration that was changed, and names it', async () => {
    await migrate(database.url, folder);
    await add('20260101000000_first', `${FIRST}-- one more line\n`);
    await add('20260103000000_third', 'CREATE TABLE third ();');
    const refused = await migrate(database.url, folder).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(MigrationChangedError);
    expect(refused).toMatchObject({ migration: '20260101000000_first' });
    await expect(pendingMigrations(database.url, folder)).rejects.toThrow(MigrationChangedError);
    expect(await query(`SELECT to_regclass('third') AS third`)).toEqual([{ third: null }]);
  });

  test('does not take other line ends for a change', async () => {
    await migrate(database.url, folder);
    await add('20260101000000_first', FIRST.replaceAll('\n', '\r\n'));
    expect(await migrate(database.url, folder)).toEqual([]);
  });

  test('leaves nothing of a migration that fails, and goes on once it is repaired', async () => {
    await add('20260103000000_third', 'CREATE TABLE third ();\nSELECT * FROM nowhere;\n');
    const failed = await migrate(database.url, folder).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(MigrationFailedError);
    expect(failed).toMatchObject({ migration: '20260103000000_third' });
    expect(String(failed)).toContain('relation "nowhere" does not exist; line 2');
    expect(await query(`SELECT to_regclass('third') AS third`)).toEqual([{ third: null }]);
    expect(await pendingMigrations(database.url, folder)).toEqual(['20260103000000_third']);
    await add('20260103000000_third', 'CREATE TABLE third ();\n');
    expect(await migrate(database.url, folder)).toEqual(['20260103000000_third']);
  });

  test('ignores migrations of a newer version, and those rolled back', async () => {
    await migrate(database.url, folder);
    await rm(join(folder, '20260102000000_second'), { recursive: true });
    expect(await migrate(database.url, folder)).toEqual([]);
    await query(`UPDATE _prisma_migrations SET rolled_back_at = now()`);
    expect(await pendingMigrations(database.url, folder)).toEqual(['20260101000000_first']);
  });
});

describe('Prisma', () => {
  test('finds the product up to date and without drift after our migrate', async () => {
    await using product = await createDatabase();
    const status = await prisma(['migrate', 'status'], product.url);
    expect(status.out).toContain('Database schema is up to date!');
    expect(status.code).toBe(0);
    const deploy = await prisma(['migrate', 'deploy'], product.url);
    expect(deploy.out).toContain('No pending migrations to apply.');
    // the tables that the schema describes are those that the migrations make
    const ends = ['--from-config-datasource', '--to-schema', 'prisma/schema.prisma'];
    const drift = await prisma(['migrate', 'diff', ...ends, '--exit-code'], product.url);
    expect(drift).toMatchObject({ code: 0 });
  });

  test('applies with deploy what we then take for applied, in the same table', async () => {
    const config = await writeConfig();
    const deploy = await prisma(['migrate', 'deploy', '--config', config]);
    expect(deploy.out).toContain('All migrations have been successfully applied.');
    expect(await migrate(database.url, folder)).toEqual([]);
    const theirs = await columns();
    await query('DROP TABLE _prisma_migrations');
    await query('DROP TABLE notes; DROP FUNCTION double');
    await migrate(database.url, folder);
    expect(theirs).toHaveLength(8);
    expect(await columns()).toEqual(theirs);
  });

  test('sees what we left pending, and we see what it left failed', async () => {
    const config = await writeConfig();
    await migrate(database.url, folder);
    await add('20260103000000_third', 'SELECT * FROM nowhere;\n');
    const status = await prisma(['migrate', 'status', '--config', config]);
    expect(status.out).toMatch(/have not yet been applied:\s+20260103000000_third/);
    expect((await prisma(['migrate', 'deploy', '--config', config])).code).toBe(1);
    await expect(migrate(database.url, folder)).rejects.toThrow(
      'The migration 20260103000000_third failed: an earlier attempt did not finish.',
    );
    const third = ['--rolled-back', '20260103000000_third'];
    await prisma(['migrate', 'resolve', ...third, '--config', config]);
    await add('20260103000000_third', 'CREATE TABLE third ();\n');
    expect(await migrate(database.url, folder)).toEqual(['20260103000000_third']);
  });
});
