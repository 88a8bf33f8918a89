import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, openApp } from '../app.ts';
import { readConfig } from '../config.ts';
import { buildDataset } from '../datasets/build.ts';
import { requestDatasetCheck } from '../datasets/checks/request.ts';
import { requestPreview } from '../renderPreviews/request.ts';
import { createRun } from '../runs/create.ts';
import { makeDataset } from '../test/make.ts';
import { behave, until, withStandIn } from '../test/rig.ts';
import { openRoles, type RolesRig } from '../test/roles.ts';
import { importTraces } from '../traces/import.ts';
import { startWork } from '../work.ts';
import { ROLES, type Role, TABLE_RIGHTS } from './privileges.ts';
import { applyRoles, RoleRefusedError, refreshRoles } from './roles.ts';

let rig: RolesRig;
let dir: string;

beforeAll(async () => {
  rig = await openRoles();
  dir = await mkdtemp(join(tmpdir(), 'tunix-rt-roles-'));
});

afterAll(async () => {
  await rig?.[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});

const openAs = async (role: Role): Promise<App> =>
  openApp(readConfig({ LOG_LEVEL: 'silent', DATA_DIR: dir }), rig.urlOf(role), role);

const DENIED = '42501';
/** Nothing keeps a session from setting this. */
const WRITABLE = 'SET default_transaction_read_only = off';
/** The code of the error that statements end with. */
const refusal = (role: Role, ...statements: string[]) =>
  rig.ask(role, ...statements).then(
    () => 'done',
    (error: { code?: string }) => error.code,
  );

test('API and runner carry an import, a dataset and a training through as their roles', async () => {
  await using api = await openAs('api');
  await using base = await openAs('runner');
  const runner = await withStandIn(base);

  const lines = Array.from({ length: 300 }, (_, n) =>
    JSON.stringify({
      trace_version: '1.0',
      prompt: `What is ${n} + 1?`,
      steps: [{ i: 0, type: 'add', content: `${n} + 1` }],
      final_answer: String(n + 1),
    }),
  );
  const imported = await importTraces(api, Readable.from([Buffer.from(lines.join('\n'))]), {});
  expect(imported).toMatchObject({ status: 'COMPLETED', stored: 300 });
  await buildDataset(api, { name: 'numbers', version: '1', limit: 100 });

  const dataset = await makeDataset(api, { train: 4, eval: 2, test: 4 });
  const check = await requestDatasetCheck(api, { datasetKey: dataset.key });
  const preview = await requestPreview(api, {
    traceId: dataset.items[0]?.traceId ?? '',
    modelId: 'qwen3-tiny',
    maxTokens: 64,
  });
  await behave(runner, { steps: 2 });
  const work = await startWork(runner);
  try {
    const { id } = await createRun(api, {
      datasetKey: dataset.key,
      modelId: 'qwen3-tiny',
      mode: 'LOCAL',
      hyperparameters: { batchSize: 2, numEpochs: 5 },
    });
    const evaluation = await until(() =>
      api.db.evaluation.findFirst({ where: { runId: id, status: 'COMPLETED' } }),
    );
    expect(evaluation.itemCount).toBe(4);
    const run = await api.db.run.findUniqueOrThrow({
      where: { id },
      include: { attempts: true, events: true, artifacts: true },
    });
    expect(run.status).toBe('COMPLETED');
    expect(run.attempts).toHaveLength(1);
    expect(run.events.length).toBeGreaterThan(2);
    expect(run.artifacts.length).toBeGreaterThan(0);
    expect(await api.db.logChunk.count({ where: { runId: id } })).toBeGreaterThan(0);
    await until(() =>
      api.db.datasetCheck.findFirst({ where: { id: check.id, status: 'COMPLETED' } }),
    );
    await until(() =>
      api.db.renderPreview.findFirst({ where: { id: preview.id, status: 'COMPLETED' } }),
    );
  } finally {
    await work.stop();
  }
});

describe('what no role may do', () => {
  const forbidden = [
    'CREATE TABLE public.mine (id int)',
    'CREATE TABLE pgboss.mine (id int)',
    'CREATE SCHEMA mine',
    'ALTER TABLE runs ADD COLUMN mine int',
    'DROP TABLE runs',
    'TRUNCATE runs',
    'CREATE INDEX mine ON runs (mode)',
    'DROP TRIGGER audit_entries_append_only ON audit_entries',
    'ALTER TABLE audit_entries DISABLE TRIGGER ALL',
    'UPDATE audit_entries SET actor_name = actor_name',
    'DELETE FROM audit_entries',
    'TRUNCATE audit_entries',
    'DELETE FROM _prisma_migrations',
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "COPY (SELECT 1) TO '/tmp/tunix-rt-roles'",
    "SELECT pg_read_file('/etc/passwd')",
    'CREATE ROLE mine',
    'CREATE EXTENSION dblink',
    "ALTER SYSTEM SET work_mem = '1GB'",
    'SET session_replication_role = replica',
  ];
  test.for(ROLES.flatMap((role) => forbidden.map((sql) => [role, sql] as const)))(
    '%s is refused %s',
    async ([role, sql]) => {
      expect(await refusal(role, WRITABLE, sql)).toBe(DENIED);
    },
  );
});

describe('a runner', () => {
  test.for([
    'SELECT password_hash FROM users',
    'SELECT * FROM users',
    'SELECT * FROM sessions',
    'SELECT * FROM invitations',
    'SELECT * FROM audit_entries',
    'UPDATE users SET role = role',
    "UPDATE api_keys SET scopes = ARRAY['ADMIN']",
    'DELETE FROM api_keys',
    'DELETE FROM traces',
    'UPDATE datasets SET name = name',
    'DELETE FROM runs',
    'INSERT INTO runs DEFAULT VALUES',
    'UPDATE baselines SET name = name',
    'CREATE TEMP TABLE mine (id int)',
  ])('may not %s', async (sql) => {
    expect(await refusal('runner', sql)).toBe(DENIED);
  });

  test('may look up its key and note that it was used', async () => {
    const rows = await rig.ask(
      'runner',
      `SELECT k.id, k.scopes, u.email FROM api_keys k LEFT JOIN users u ON u.id = k.owner_id
       WHERE k.key_hash = '' AND k.revoked_at IS NULL AND u.disabled_at IS NULL`,
    );
    expect(rows).toEqual([]);
    expect(await refusal('runner', 'UPDATE api_keys SET last_used_at = now()')).toBe('done');
  });
});

describe('a reader', () => {
  test.for([
    'SELECT password_hash FROM users',
    'SELECT key_hash FROM api_keys',
    'SELECT token_hash FROM sessions',
    'SELECT token_hash FROM invitations',
  ])('does not see a secret: %s', async (sql) => {
    expect(await refusal('readonly', sql)).toBe(DENIED);
  });

  test('sees runs and changes none, not even when it asks to write', async () => {
    expect(await refusal('readonly', 'SELECT * FROM runs')).toBe('done');
    expect(await refusal('readonly', 'SELECT email, role FROM users')).toBe('done');
    const write = 'UPDATE runs SET model_id = model_id';
    expect(await refusal('readonly', write)).toBe('25006');
    expect(await refusal('readonly', WRITABLE, write)).toBe(DENIED);
  });
});

test.for([...ROLES])('a session of %s has its limits from the start', async (role) => {
  const settings = ['search_path', 'statement_timeout', 'idle_in_transaction_session_timeout'];
  const [row] = await rig.ask(
    role,
    `SELECT ${settings.map((name) => `current_setting('${name}') AS ${name}`).join(', ')}`,
  );
  expect(row?.search_path).toBe('public, pg_temp');
  expect(row?.statement_timeout).not.toBe('0');
  expect(row?.idle_in_transaction_session_timeout).not.toBe('0');
});

test('every table of the schema has its rights, and none is named that is not there', async () => {
  const rows = await rig.ask(
    'owner',
    'SELECT tablename FROM pg_tables WHERE schemaname = \'public\' ORDER BY tablename COLLATE "C"',
  );
  expect(rows.map(({ tablename }) => tablename)).toEqual(Object.keys(TABLE_RIGHTS).sort());
});

test('the queue may have its indexes rebuilt, as pg-boss does when they grow', async () => {
  const [version] = await rig.ask(
    'owner',
    "SELECT current_setting('server_version_num')::int AS v",
  );
  const [index] = await rig.ask(
    'owner',
    "SELECT indexname FROM pg_indexes WHERE schemaname = 'pgboss' AND tablename = 'job_common' LIMIT 1",
  );
  const rebuild = `REINDEX INDEX CONCURRENTLY pgboss.${String(index?.indexname)}`;
  expect(await refusal('runner', rebuild)).toBe(Number(version?.v) >= 170_000 ? 'done' : DENIED);
});

describe('applyRoles', () => {
  test('takes back what somebody granted, and keeps passwords that are not given', async () => {
    await rig.ask('owner', `GRANT DELETE ON runs TO ${rig.prefix}_runner`);
    await applyRoles(rig.owner, {}, rig.prefix);
    expect(await refusal('runner', 'DELETE FROM runs')).toBe(DENIED);
  });

  test('refuses a role that may do more than its tables', async () => {
    await rig.ask('owner', `ALTER ROLE ${rig.prefix}_api CREATEROLE`);
    await expect(applyRoles(rig.owner, {}, rig.prefix)).rejects.toThrow(RoleRefusedError);
    await rig.ask('owner', `ALTER ROLE ${rig.prefix}_api NOCREATEROLE`);
    await applyRoles(rig.owner, {}, rig.prefix);
  });
});

describe('refreshRoles', () => {
  test('gives rights on what is new, where there are roles', async () => {
    await rig.ask('owner', `REVOKE ALL ON datasets FROM ${rig.prefix}_api`);
    expect(await refreshRoles(rig.owner, rig.prefix)).toBe(true);
    expect(await refusal('api', 'SELECT * FROM datasets')).toBe('done');
    expect(await refreshRoles(rig.owner, 'nobody_has_this')).toBe(false);
  });
});
