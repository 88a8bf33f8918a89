import type { App } from '../../app.ts';
import { drainRunner } from '../../runners/drain.ts';
import { makeDataset, makeRun } from '../../test/make.ts';
import { makeRunner } from '../../test/makeRunner.ts';
import { expect, test } from '../../test/test.ts';
import { pauseQueue } from './pause.ts';
import { pendingReasons, placeRun, queuePosition } from './pending.ts';
import { takeRun } from './take.ts';

let datasetId: string;

test.beforeAll(async ({ app }) => {
  datasetId = (await makeDataset(app)).id;
});

test.beforeEach(async ({ app }) => {
  await app.sql.query(`
    UPDATE runs SET status = 'CANCELLED', finished_at = now() WHERE status IN ('PENDING', 'RUNNING');
    UPDATE runners SET stopped_at = now();
    DELETE FROM run_queues`);
});

const wait = (app: App, data: Parameters<typeof makeRun>[2] = {}) =>
  makeRun(app, datasetId, { status: 'PENDING', ...data });

test('without a runner, the command that starts the right one is told', async ({ app }) => {
  const run = await wait(app, { requiredLabels: ['gpu', 'large'] });
  expect(await pendingReasons(app.sql, run)).toEqual([
    {
      code: 'NO_RUNNER',
      message: 'No runner is connected. Start one with `RUNNER_LABELS=gpu,large npm run runner`.',
    },
  ]);
});

test('who lacks which label is told', async ({ app }) => {
  await makeRunner(app, { name: 'alpha', labels: ['gpu'] });
  await makeRunner(app, { name: 'beta', labels: ['cpu'] });
  const run = await wait(app, { requiredLabels: ['gpu', 'large'] });
  expect(await pendingReasons(app.sql, run)).toEqual([
    {
      code: 'MISSING_LABEL',
      message:
        'It requires gpu and large: alpha lacks large; beta lacks gpu and large. Start one with ' +
        '`RUNNER_LABELS=gpu,large npm run runner`.',
    },
  ]);
});

/** What a runner says that can have just these models. */
const withModels = (...models: string[]) => ({
  runtime: { ready: true, message: 'It is ready.', devices: [], models },
});

test('who lacks the model is told, and nobody counts what they cannot take', async ({ app }) => {
  await makeRunner(app, { name: 'alpha', ...withModels('tiny') });
  await makeRunner(app, { name: 'beta', ...withModels('tiny', 'other') });
  await wait(app, { modelId: 'other' });
  const rare = await wait(app, { modelId: 'rare' });
  const plain = await wait(app);
  expect(await pendingReasons(app.sql, rare)).toMatchObject([
    {
      code: 'MISSING_MODEL',
      message:
        'It needs the model rare: alpha lacks it; beta lacks it. Put its folder under MODELS_DIR of a ' +
        'runner, which is noticed within seconds.',
    },
    { code: 'QUEUED_BEHIND' },
  ]);
  // The other goes first on beta; nobody who takes this one takes the rare one.
  expect(await queuePosition(app.sql, plain)).toBe(1);
  const { runnerIds, startsNow } = await placeRun(app.sql, { ...rare, id: undefined });
  expect({ runnerIds, startsNow }).toEqual({ runnerIds: [], startsNow: false });
  const gamma = await makeRunner(app, { name: 'gamma', ...withModels('rare') });
  expect(await pendingReasons(app.sql, rare)).toMatchObject([{ code: 'STARTING' }]);
  expect((await placeRun(app.sql, rare)).runnerIds).toEqual([gamma.id]);
});

test('why runners cannot execute LOCAL runs is told, and a dry run does not mind', async ({
  app,
}) => {
  const runtime = { ready: false, message: 'Install Python 3.11.', devices: [] };
  await makeRunner(app, { runtime });
  const local = await wait(app);
  expect(await pendingReasons(app.sql, local)).toEqual([
    {
      code: 'NOT_READY',
      message: 'No runner can execute LOCAL runs. alpha: Install Python 3.11.',
    },
  ]);
  const dry = await wait(app, { mode: 'DRY_RUN' });
  expect(await pendingReasons(app.sql, dry)).toMatchObject([{ code: 'STARTING' }]);
});

test('a paused queue is told before anything else, with the reason', async ({ app }) => {
  const run = await wait(app);
  await pauseQueue(app, { labels: [], reason: 'The disk is full.' });
  const [paused, nobody, ...rest] = await pendingReasons(app.sql, run);
  expect(paused?.code).toBe('QUEUE_PAUSED');
  expect(paused?.message).toMatch(
    /^The queue of runs that require no label is paused since \S+Z \(The disk is full\.\)\. Let it go on with `resumeQueue`\.$/,
  );
  expect([nobody?.code, rest]).toEqual(['NO_RUNNER', []]);
});

test('a runner that drains is told', async ({ app }) => {
  const { id } = await makeRunner(app);
  await drainRunner(app, id, true);
  const [reason] = await pendingReasons(app.sql, await wait(app));
  expect(reason?.code).toBe('RUNNER_DRAINING');
  expect(reason?.message).toContain('alpha is draining');
});

test('who is busy with which run, and which runs go first, is told', async ({ app }) => {
  const runner = await makeRunner(app, { slots: 2 });
  const first = await wait(app, { priority: 3 });
  const second = await wait(app, { priority: 2 });
  await takeRun(app, runner.id, 15);
  const third = await wait(app);
  expect(await pendingReasons(app.sql, second)).toMatchObject([{ code: 'STARTING' }]);
  await takeRun(app, runner.id, 15);
  const fourth = await wait(app);
  const [busy, behind, ...rest] = await pendingReasons(app.sql, fourth);
  expect(rest).toEqual([]);
  expect(busy).toEqual({
    code: 'RUNNERS_BUSY',
    message:
      `alpha is busy with runs ${first.number} and ${second.number}. Wait, or start another ` +
      'runner with `npm run runner`.',
  });
  expect(behind).toEqual({
    code: 'QUEUED_BEHIND',
    message: `One run goes first: run ${third.number}. A higher priority goes earlier.`,
  });
});

test('many runners and runs are listed as far as a person reads', async ({ app }) => {
  for (let i = 0; i < 7; i++) await makeRunner(app, { name: `r${i}`, labels: [] });
  for (let i = 0; i < 8; i++) await wait(app);
  const [missing] = await pendingReasons(app.sql, await wait(app, { requiredLabels: ['gpu'] }));
  expect(missing?.message).toContain('r4 lacks gpu; 2 more. Start');
  const [behind] = await pendingReasons(app.sql, await wait(app));
  expect(behind?.message).toMatch(/^8 runs go first: runs \d+, \d+, \d+, \d+, \d+ and 3 more\./);
});

test('only what the same runners take counts as going first', async ({ app }) => {
  await makeRunner(app, { labels: ['cpu'] });
  await wait(app, { requiredLabels: ['gpu'], priority: 9 });
  await wait(app, { requiredLabels: ['cpu'], priority: 9 });
  await wait(app, { priority: 9 });
  const plain = await wait(app);
  expect(await queuePosition(app.sql, plain)).toBe(2);
  // Nobody takes this one: whoever will, takes what requires less too.
  const nobodys = await wait(app, { requiredLabels: ['cpu', 'tpu'] });
  expect(await queuePosition(app.sql, nobodys)).toBe(3);
  await pauseQueue(app, { labels: ['cpu'] });
  expect(await queuePosition(app.sql, plain)).toBe(1);
});

test('a run that does not wait has neither place nor reasons', async ({ app }) => {
  const run = await makeRun(app, datasetId);
  expect(await queuePosition(app.sql, run)).toBeNull();
  expect(await pendingReasons(app.sql, run)).toEqual([]);
});

test('a run that is only thought of stands behind all of its priority', async ({ app }) => {
  const runner = await makeRunner(app, { labels: ['gpu'] });
  await makeRunner(app, { labels: ['cpu'] });
  const wanted = { requiredLabels: ['gpu'], modelId: 'x', mode: 'LOCAL', priority: 0 } as const;
  expect(await placeRun(app.sql, wanted)).toMatchObject({
    runnerIds: [runner.id],
    startsNow: true,
    ahead: 0,
  });
  await wait(app);
  await wait(app, { priority: -1 });
  expect(await placeRun(app.sql, wanted)).toMatchObject({
    startsNow: false,
    ahead: 1,
    reasons: [{ code: 'QUEUED_BEHIND' }],
  });
});
