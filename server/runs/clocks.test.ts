/** Every time that is written of a run is the database's, whatever the clock of the process says. */
import { randomUUIDv7 } from 'node:crypto';
import { vi } from 'vitest';
import type { App } from '../app.ts';
import { databaseTime } from '../lib/databaseTime.ts';
import { openServer } from '../test/http.ts';
import { makeRunner } from '../test/makeRunner.ts';
import { behave, queueRun, until, withStandIn } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';
import { archiveRun } from './archive.ts';
import { executeRun } from './attempt/execute.ts';
import { cancelRun } from './cancel.ts';
import { appendEvent } from './events.ts';
import { addExternalRun } from './external.ts';
import { claimRun } from './lease.ts';
import { reapLapsedAttempts } from './reap.ts';

const HOUR = 3_600_000;
const never = new AbortController().signal;

let app: App;
let runnerId: string;

test.beforeAll(async ({ app: base }) => {
  app = await withStandIn(base);
  runnerId = (await makeRunner(app)).id;
});

test.afterEach(() => {
  vi.useRealTimers();
});

/** Lets the lease of a run lapse and somebody see it. */
async function lose(runId: string) {
  await claimRun(app, runId, runnerId, 15);
  await app.db
    .$executeRaw`UPDATE run_attempts SET lease_until = '2000-01-01' WHERE run_id = ${runId}::uuid`;
  await until(async () => (await reapLapsedAttempts(app)) > 0);
}

/** What may happen to a run from its making on; each gives its id. */
const LIVES: Record<string, () => Promise<string>> = {
  async 'is executed and archived'() {
    await behave(app, { steps: 3 });
    const { id } = await queueRun(app);
    await executeRun(app, { id: runnerId, shutdown: never }, id);
    await archiveRun(app, id, true);
    return id;
  },
  async fails() {
    await behave(app, { steps: 3, at: { step: 2, do: 'fail' } });
    const { id } = await queueRun(app);
    await executeRun(app, { id: runnerId, shutdown: never }, id);
    return id;
  },
  async 'is cancelled while it waits'() {
    const { id } = await queueRun(app);
    await cancelRun(app, id, 'NOW');
    return id;
  },
  async 'is cancelled and then lost'() {
    const { id } = await queueRun(app);
    await claimRun(app, id, runnerId, 15);
    await cancelRun(app, id, 'SAVE');
    await lose(id);
    return id;
  },
  async 'is lost and has no attempts left'() {
    const { id } = await queueRun(app, { maxAttempts: 1 });
    await lose(id);
    return id;
  },
  async 'was trained elsewhere'() {
    const run = { name: 'x', modelId: 'y', datasetId: null, evaluationSetId: null, missing: 0 };
    const content = randomUUIDv7();
    return app.db.$transaction((tx) => addExternalRun(tx, { ...run, content, predictions: [] }));
  },
};

const timesOf = (row: object): [string, Date][] =>
  Object.entries(row).filter((entry): entry is [string, Date] => entry[1] instanceof Date);

describe.each([
  ['an hour slow', -HOUR],
  ['an hour fast', HOUR],
])('with a process whose clock is %s', (_, shift) => {
  test.each(Object.keys(LIVES))('a run that %s has the times of the database', async (life) => {
    const before = await databaseTime(app.db);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + shift, shouldAdvanceTime: false });
    const id = await LIVES[life]?.();
    vi.useRealTimers();
    const after = await databaseTime(app.db);
    const run = await app.db.run.findUniqueOrThrow({
      where: { id: id ?? '' },
      include: { attempts: true, events: { orderBy: { seq: 'asc' } }, evaluations: true },
    });
    const rows = [run, ...run.events, ...run.evaluations, ...run.attempts];
    const times = rows
      .flatMap(timesOf)
      // A lease ends later, or was made to have ended.
      .filter(([name]) => name !== 'leaseUntil');
    expect(times.length).toBeGreaterThan(3);
    for (const [name, time] of times) {
      expect(time.getTime(), name).toBeGreaterThanOrEqual(before.getTime());
      expect(time.getTime(), name).toBeLessThanOrEqual(after.getTime());
    }
    const events = run.events.map(({ createdAt }) => createdAt.getTime());
    expect(events).toEqual(events.toSorted((a, b) => a - b));
  });

  test('the duration of a run at work is counted by the database', async () => {
    const { id } = await queueRun(app);
    await claimRun(app, id, runnerId, 15);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + shift });
    await using server = await openServer(app);
    const { data } = await server.ask('query ($id: ID!) { run(id: $id) { durationSeconds } }', {
      id,
    });
    const { durationSeconds } = (data as { run: { durationSeconds: number } }).run;
    expect(durationSeconds).toBeGreaterThanOrEqual(0);
    expect(durationSeconds).toBeLessThan(600);
  });
});

test('an event that waited for the row of its run is not older than the one it waited for', async () => {
  const { id } = await queueRun(app);
  const locked = Promise.withResolvers<void>();
  const first = app.db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT 1 FROM runs WHERE id = ${id}::uuid FOR UPDATE`;
    locked.resolve();
    // Who comes second has begun its transaction before this one writes.
    await until(async () => {
      const [{ waiting } = { waiting: 0 }] = await app.db.$queryRaw<{ waiting: number }[]>`
        SELECT count(*)::int AS waiting FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      return waiting > 0;
    });
    await appendEvent(tx, id, 'DATA_READY');
  });
  await locked.promise;
  await Promise.all([first, cancelRun(app, id, 'NOW')]);
  const events = await app.db.runEvent.findMany({ where: { runId: id }, orderBy: { seq: 'asc' } });
  expect(events.map(({ kind }) => kind)).toEqual(['QUEUED', 'DATA_READY', 'CANCELLED']);
  const [, waitedFor, waited] = events;
  expect(waited?.createdAt.getTime()).toBeGreaterThanOrEqual(waitedFor?.createdAt.getTime() ?? 0);
});
