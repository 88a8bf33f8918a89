import { randomUUIDv7 } from 'node:crypto';
import { beforeEach } from 'vitest';
import { LOCAL } from './access/actor.ts';
import type { App } from './app.ts';
import { NOTEBOOK, recordFollowed } from './audit/followed.ts';
import { setBaseline } from './baselines/set.ts';
import {
  countTraces,
  findOpenChecks,
  findStuck,
  followLoop,
  groupFailures,
  overview,
} from './overview.ts';
import { makeDataset, makeEvaluation, makeRun, makeTrace } from './test/make.ts';
import { describe, expect, test } from './test/test.ts';

type Verdict = 'PASS' | 'INCONCLUSIVE' | 'REGRESSED';

const makeCheck = (app: App, baselineId: string, evaluationId: string, verdict: Verdict) =>
  app.db.check.create({
    data: { id: randomUUIDv7(), baselineId, evaluationId, verdict, test: 'tolerance' },
  });

beforeEach<{ app: App }>(async ({ app }) => {
  await app.sql.query('TRUNCATE traces, datasets, runs, evaluations, baselines, checks CASCADE');
});

describe('the loop', () => {
  test('is empty at first and stuck nowhere', async ({ app }) => {
    expect(await overview(app.sql)).toMatchObject({
      runCount: 0,
      lastTraceAt: null,
      lastCheckAt: null,
    });
    expect(await countTraces(app.sql)).toBe(0);
    expect(await findStuck(app.sql)).toEqual({
      newTraceCount: 0,
      untrainedDatasetId: null,
      unevaluatedRunCount: 0,
      unevaluatedRunId: null,
      uncheckedEvaluationCount: 0,
    });
  });

  test('is stuck at traces that came after the newest dataset', async ({ app }) => {
    await makeTrace(app);
    expect(await findStuck(app.sql)).toMatchObject({ newTraceCount: 1 });
    await makeDataset(app);
    expect(await findStuck(app.sql)).toMatchObject({ newTraceCount: 0 });
  });

  test('is stuck at the newest dataset until a run was made on it', async ({ app }) => {
    const old = await makeDataset(app);
    const newest = await makeDataset(app);
    await makeRun(app, old.id);
    expect(await findStuck(app.sql)).toMatchObject({ untrainedDatasetId: newest.id });
    await makeRun(app, newest.id, { status: 'PENDING' });
    expect(await findStuck(app.sql)).toMatchObject({ untrainedDatasetId: null });
  });

  test('is stuck at completed runs that nobody judged, dry and archived ones aside', async ({
    app,
  }) => {
    const { id } = await makeDataset(app);
    const run = await makeRun(app, id);
    await makeRun(app, id, { mode: 'DRY_RUN' });
    await makeRun(app, id, { archivedAt: new Date() });
    await makeRun(app, id, { status: 'FAILED' });
    expect(await findStuck(app.sql)).toMatchObject({
      unevaluatedRunCount: 1,
      unevaluatedRunId: run.id,
    });
    await makeEvaluation(app, run);
    expect(await findStuck(app.sql)).toMatchObject({
      unevaluatedRunCount: 0,
      unevaluatedRunId: null,
    });
  });

  test('is stuck at evaluations after the last check that are no baseline', async ({ app }) => {
    const run = await makeRun(app, (await makeDataset(app)).id);
    const pinned = await makeEvaluation(app, run);
    const candidate = await makeEvaluation(app, run);
    const baseline = await setBaseline(app, { name: 'main', evaluationId: pinned.id });
    expect(await findStuck(app.sql)).toMatchObject({ uncheckedEvaluationCount: 1 });
    await makeCheck(app, baseline.id, candidate.id, 'PASS');
    expect(await findStuck(app.sql)).toMatchObject({ uncheckedEvaluationCount: 0 });
  });
});

test('failed runs of the last week are counted by kind, with the newest of each', async ({
  app,
}) => {
  const { id } = await makeDataset(app);
  const failed = (failureCode: string | null, daysAgo: number) =>
    makeRun(app, id, {
      status: 'FAILED',
      failureCode,
      createdAt: new Date(Date.now() - daysAgo * 86_400_000),
    });
  await failed('OUT_OF_MEMORY', 2);
  const newest = await failed('OUT_OF_MEMORY', 1);
  await failed('DISK_FULL', 8);
  const other = await failed(null, 1);
  expect(await groupFailures(app.sql)).toEqual([
    { code: 'OUT_OF_MEMORY', count: 2, newestRunId: newest.id },
    { code: 'UNKNOWN', count: 1, newestRunId: other.id },
  ]);
});

test('a check that did not pass stays open until a later one of its baseline does', async ({
  app,
}) => {
  const run = await makeRun(app, (await makeDataset(app)).id);
  const evaluation = await makeEvaluation(app, run);
  const baseline = await setBaseline(app, { name: 'main', evaluationId: evaluation.id });
  const open = await makeCheck(app, baseline.id, evaluation.id, 'INCONCLUSIVE');
  expect(await findOpenChecks(app.sql)).toEqual([open.id]);
  await makeCheck(app, baseline.id, evaluation.id, 'PASS');
  expect(await findOpenChecks(app.sql)).toEqual([]);
});

test('a follower hears of the loop as it is, then of what is new at any stage', async ({ app }) => {
  const stream = followLoop(app)[Symbol.asyncIterator]();
  const next = async () => (await stream.next()).value;
  expect(await next()).toMatchObject({ datasetCount: 0, followedFromNotebook: false });
  const { id } = await makeDataset(app);
  expect(await next()).toMatchObject({ datasetCount: 1, runCount: 0 });
  await makeRun(app, id, { status: 'PENDING' });
  app.bell.ring('runs');
  expect(await next()).toMatchObject({ runCount: 1, pendingCount: 1 });
  const by = { actor: LOCAL, call: { requestId: 'one', address: null, client: NOTEBOOK } };
  await recordFollowed(app, { ...by, target: null });
  expect(await next()).toMatchObject({ runCount: 1, followedFromNotebook: true });
  await stream.return?.();
});
