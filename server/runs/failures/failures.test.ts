import type { App } from '../../app.ts';
import { registerRunner } from '../../runners/register.ts';
import { openServer } from '../../test/http.ts';
import { makeDataset, makeRun } from '../../test/make.ts';
import { behave, queueRun, until, withStandIn } from '../../test/rig.ts';
import type { Behaviour } from '../../test/standInTrainer.ts';
import { describe, expect, test } from '../../test/test.ts';
import { executeRun } from '../attempt/execute.ts';
import { claimRun } from '../lease.ts';
import type { CreateRunInput } from '../model.ts';
import { reapLapsedAttempts } from '../reap.ts';
import { recordFailure } from './failures.ts';

let app: App;
let runnerId: string;

test.beforeAll(async ({ app: base }) => {
  app = await withStandIn(base);
  runnerId = await registerRunner(app);
});

const runOf = (id: string) => app.db.run.findUniqueOrThrow({ where: { id } });

/** Executes a run whose training process behaves like this. */
async function failing(behaviour: Behaviour, input: Partial<CreateRunInput> = {}) {
  await behave(app, { steps: 10, ...behaviour });
  const { id } = await queueRun(app, input);
  await executeRun(app, { id: runnerId, shutdown: new AbortController().signal }, id);
  return runOf(id);
}

const raising = (step: number, message: string) => failing({ at: { step, do: 'fail', message } });

describe('a run that ends', () => {
  test('says what kind of failure its error was', async () => {
    const message = 'XlaRuntimeError: RESOURCE_EXHAUSTED: Out of memory allocating 5 bytes.';
    expect(await raising(6, message)).toMatchObject({
      status: 'FAILED',
      failureCode: 'OUT_OF_MEMORY',
      failureDetail: message,
    });
  });

  test('says PYTHON_ERROR of an error nobody knows, NAN_LOSS when the loss had diverged', async () => {
    expect(await raising(6, 'ValueError: bad luck')).toMatchObject({
      failureCode: 'PYTHON_ERROR',
      failureDetail: 'ValueError: bad luck',
    });
    const diverged = await failing({ nanFrom: 5, at: { step: 6, do: 'fail' } });
    expect(diverged).toMatchObject({
      failureCode: 'NAN_LOSS',
      failureDetail: 'train/loss is NaN at step 6.',
    });
  });

  test('says NAN_LOSS when its training ended itself for its losses, which stay to be seen', async () => {
    const run = await failing({ nanFrom: 5 });
    expect(run).toMatchObject({
      status: 'FAILED',
      failureCode: 'NAN_LOSS',
      failureDetail: expect.stringContaining('train/loss is nan at step 7'),
    });
    const losses = await app.db.metricPoint.findMany({
      where: { runId: run.id, name: 'train/loss' },
      orderBy: { step: 'asc' },
    });
    expect(losses.map(({ value }) => value)).toEqual([1, NaN, 1 / 3, 1 / 4, NaN, NaN, NaN]);
  });

  test('says nothing when it is completed, though a loss or two were no number', async () => {
    expect(await failing({ nanFrom: 9 })).toMatchObject({
      status: 'COMPLETED',
      failureCode: null,
      failureSignature: null,
    });
  });

  test('says KILLED when no attempts are left, and nothing while there are', async () => {
    const killed = { at: { step: 2, do: 'killSelf' as const } };
    expect(await failing(killed)).toMatchObject({ status: 'PENDING', failureCode: null });
    expect(await failing(killed, { maxAttempts: 1 })).toMatchObject({
      status: 'FAILED',
      failureCode: 'KILLED',
    });
  });

  test('says TIMEOUT when its time is over', async () => {
    const slow = { stepMs: 60_000, onTerm: 'ignore' as const };
    const run = await failing(slow, { timeoutSeconds: 1 });
    expect(run).toMatchObject({ status: 'TIMEOUT', failureCode: 'TIMEOUT' });
  });

  test('says COMPILE_STALL when minutes brought no step, and TIMEOUT when one was made', async () => {
    const { id } = await makeRun(app, (await makeDataset(app)).id, {
      status: 'TIMEOUT',
      totalSteps: 10,
    });
    const minutesAgo = new Date(Date.now() - 600_000);
    await app.db.runEvent.create({
      data: { runId: id, seq: 1, attempt: 1, kind: 'STARTED', createdAt: minutesAgo },
    });
    await app.db.$transaction((tx) => recordFailure(tx, id));
    const stalled = await runOf(id);
    expect(stalled.failureCode).toBe('COMPILE_STALL');
    expect(stalled.failureDetail).toMatch(/^No step in the 60\d seconds/);
    const point = { runId: id, seq: 1, name: 'train/loss', step: 1, attempt: 1, value: 1 };
    await app.db.metricPoint.create({ data: { ...point, at: new Date() } });
    await app.db.$transaction((tx) => recordFailure(tx, id));
    expect((await runOf(id)).failureCode).toBe('TIMEOUT');
  });

  test('says RUNNER_LOST when nobody has heard of its runner', async () => {
    const { id } = await queueRun(app, { maxAttempts: 1 });
    await claimRun(app, id, runnerId, 15);
    await app.db
      .$executeRaw`UPDATE run_attempts SET lease_until = '2000-01-01' WHERE run_id = ${id}::uuid`;
    await until(async () => (await reapLapsedAttempts(app)) > 0);
    expect(await runOf(id)).toMatchObject({ status: 'FAILED', failureCode: 'RUNNER_LOST' });
  });
});

describe('Run.notice', () => {
  const QUERY = `query ($id: ID!) { run(id: $id) { notice { code message remedy } } }`;

  test('says that no step was made for minutes, until one is made', async () => {
    const { id } = await queueRun(app);
    await using server = await openServer(app);
    const notice = async () =>
      ((await server.ask(QUERY, { id })).data as { run: { notice: unknown } }).run.notice;
    expect(await notice()).toBeNull();
    await claimRun(app, id, runnerId, 600);
    expect(await notice()).toBeNull();
    const started = (seconds: number) =>
      app.db.$executeRaw`
        INSERT INTO run_events (run_id, seq, attempt, kind, created_at)
        VALUES (${id}::uuid, 100, 1, 'STARTED', clock_timestamp() - make_interval(secs => ${seconds}))
        ON CONFLICT (run_id, seq) DO UPDATE SET created_at = excluded.created_at`;
    await started(290);
    expect(await notice()).toBeNull();
    await started(430);
    expect(await notice()).toEqual({
      code: 'COMPILE_STALL',
      message: 'No step for 7 min: it compiles, or is stalled.',
      remedy: expect.stringContaining('smaller hyperparameters.maxSeqLength (it was 2048)'),
    });
    const point = { runId: id, seq: 1, name: 'train/loss', step: 1, attempt: 1, value: 1 };
    await app.db.metricPoint.create({ data: { ...point, at: new Date() } });
    expect(await notice()).toBeNull();
  });
});

describe('Run.failure', () => {
  const QUERY = `query ($id: ID!) { run(id: $id) { failure {
    code title remedy detail signature similarCount similarRuns(first: 1) { number } } } }`;

  test('tells what to change, and which runs failed alike', async () => {
    const numbers: number[] = [];
    for (const step of [6, 7, 8]) {
      const { number } = await raising(step, `ValueError: shape (${step}, 8) in /tmp/x-${step}`);
      numbers.push(number);
    }
    await raising(6, 'ValueError: something else');
    const [first, , last] = numbers;
    const run = await app.db.run.findUniqueOrThrow({ where: { number: first ?? 0 } });
    await using server = await openServer(app);
    const { data } = await server.ask(QUERY, { id: run.id });
    expect(data).toEqual({
      run: {
        failure: {
          code: 'PYTHON_ERROR',
          title: expect.any(String),
          remedy: expect.stringContaining('traceback'),
          detail: 'ValueError: shape (6, 8) in /tmp/x-6',
          signature: expect.stringMatching(/^[0-9a-f]{16}$/),
          similarCount: 2,
          similarRuns: [{ number: last }],
        },
      },
    });
  });

  test('is null for a run that did not fail', async () => {
    const { id } = await queueRun(app);
    await using server = await openServer(app);
    const { data } = await server.ask(QUERY, { id });
    expect(data).toEqual({ run: { failure: null } });
  });
});
