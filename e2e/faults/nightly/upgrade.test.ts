/**
 * Servers and runners of this version on the tables of a later one: what a rolling upgrade is made of, and
 * going back without restoring. The migration has each form that a later one may have.
 */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../../server/postgres/migrate.ts';
import { runnerAddress } from '../../system.ts';
import { lineReached, statusIs } from '../look.ts';
import type { FaultSystem, RunnerMember, StartedRun } from '../system.ts';
import { describe, expect, test } from '../test.ts';
import { until } from '../until.ts';

const LATER = '99990101000000_later';

/** Tables that API and runner write to while a run is on its way. */
const WRITTEN = [
  ...['runs', 'run_attempts', 'run_events', 'run_queues', 'log_chunks', 'metric_points'],
  ...['artifacts', 'predictions', 'runners', 'audit_entries'],
];

const LATER_SQL = `
CREATE TABLE trials (id UUID PRIMARY KEY, name TEXT NOT NULL);
ALTER TABLE runs ADD COLUMN trial_id UUID REFERENCES trials(id);
CREATE INDEX runs_trial_id_idx ON runs(trial_id);
${WRITTEN.map(
  (table) => `ALTER TABLE ${table}
  ADD COLUMN later_note TEXT, ADD COLUMN later_kind TEXT NOT NULL DEFAULT 'ORDINARY';`,
).join('\n')}`;

/**
 * Applies a migration that this version does not know. It locks so many tables at once that it and the writes
 * of a run get in each other's way: whichever is undone comes again.
 */
async function migrateFurther(url: string): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'tunix-rt-later-'));
  try {
    await cp('prisma/migrations', folder, { recursive: true });
    await mkdir(join(folder, LATER));
    await writeFile(join(folder, LATER, 'migration.sql'), LATER_SQL);
    const applied = await migrate(url, folder);
    return applied.includes(LATER);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Waits until API and runner say that they can work; a runner registers first. */
const becomesReady = ({ web }: FaultSystem, runner: RunnerMember): Promise<unknown> =>
  until('API and runner are ready', async () => {
    const urls = [web.url, runnerAddress(runner.output())];
    const answers = await Promise.all(urls.map((url) => fetch(`${url}/ready`)));
    return answers.every(({ status }) => status === 200);
  });

/** Waits until a run has done everything, with all that it wrote. */
async function completes(system: FaultSystem, { runId, recorder }: StartedRun): Promise<void> {
  expect(await statusIs(system, runId, 'COMPLETED')).toMatchObject({ epoch: 1 });
  await recorder.complete;
}

describe('a server and a runner of the version before', () => {
  test('go on when the database is migrated under a run, and work when they are started anew', async ({
    system,
  }) => {
    await system.behave({ steps: 400, stepMs: 20 });
    // The lease of the product: all writes wait for the migration.
    const runner = await system.startRunner({ settings: { LEASE_SECONDS: '15' } });
    const started = await system.startRun();
    await lineReached(system, started.runId, 20);
    await until('the migration is applied', () => migrateFurther(system.postgres.url));
    await completes(system, started);
    await becomesReady(system, runner);
    await runner[Symbol.asyncDispose]();
    await system.api[Symbol.asyncDispose]();

    await system.behave({ steps: 20 });
    await system.startApi();
    await using next = await system.startRunner();
    await becomesReady(system, next);
    await completes(system, await system.startRun());
    const { rows } = await system.sql.query<{ trial: string | null; kind: string }>(
      'SELECT DISTINCT trial_id AS trial, later_kind AS kind FROM runs',
    );
    expect(rows).toEqual([{ trial: null, kind: 'ORDINARY' }]);
  });
});
