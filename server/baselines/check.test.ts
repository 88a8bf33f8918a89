import { randomUUIDv7 } from 'node:crypto';
import type { App } from '../app.ts';
import { InvalidStateError, NotFoundError, ValidationError } from '../errors.ts';
import { makeDataset, makeEvaluation, makeEvaluationSet, makeRun } from '../test/make.ts';
import { makeJudged, makeSetOf, rightThenWrong, type Said } from '../test/makeJudged.ts';
import { describe, expect, test } from '../test/test.ts';
import { checkRegression } from './check.ts';
import { completedSide, currentBaseline, judgeCandidate } from './gate.ts';
import { setBaseline } from './set.ts';

/** A dataset with a baseline of 8 right answers among 10. */
async function makeGate(app: App, data: Parameters<typeof makeEvaluation>[2] = {}) {
  const dataset = await makeDataset(app);
  const run = await makeRun(app, dataset.id);
  const evaluation = await makeEvaluation(app, run, { correct: 8, items: 10, ...data });
  const name = `gate ${evaluation.id}`;
  const baseline = await setBaseline(app, { name, evaluationId: evaluation.id });
  return { dataset, run, evaluation, baseline, name };
}

describe('checkRegression', () => {
  test.for([
    [10, 'PASS', 20, 25],
    [8, 'PASS', 0, 0],
    [7, 'REGRESSED', -10, -12.5],
  ] as const)(
    '%i right answers against 8 are %s',
    async ([correct, verdict, delta, deltaPercent], { app }) => {
      const { dataset, baseline, name } = await makeGate(app);
      const run = await makeRun(app, dataset.id);
      const evaluation = await makeEvaluation(app, run, { correct, items: 10 });
      const check = await checkRegression(app, { baseline: name, evaluationId: evaluation.id });
      expect(check).toMatchObject({
        verdict,
        delta,
        deltaPercent,
        baselineId: baseline.id,
        evaluationId: evaluation.id,
        baselineValue: 80,
        candidateValue: correct * 10,
        test: 'tolerance',
      });
      expect(await app.db.check.findUnique({ where: { id: check.id } })).toEqual(check);
    },
  );

  test('checks the newest fitting evaluation of a run', async ({ app }) => {
    const { dataset, name } = await makeGate(app);
    const run = await makeRun(app, dataset.id);
    const at = (seconds: number) => ({ createdAt: new Date(Date.now() + seconds * 1000) });
    await makeEvaluation(app, run, { correct: 1, items: 10, ...at(1) });
    const fitting = await makeEvaluation(app, run, { correct: 9, items: 10, ...at(2) });
    await makeEvaluation(app, run, { correct: 2, items: 10, split: 'EVAL', ...at(3) });
    await makeEvaluation(app, run, { correct: 3, items: 10, judgeVersion: 2, ...at(4) });
    await makeEvaluation(app, run, { status: 'FAILED', ...at(5) });
    expect(await checkRegression(app, { baseline: name, runId: run.id })).toMatchObject({
      verdict: 'PASS',
      evaluationId: fitting.id,
    });
  });

  test('does not compare a run that was judged otherwise', async ({ app }) => {
    const { dataset, name } = await makeGate(app);
    const run = await makeRun(app, dataset.id);
    const { id } = await makeEvaluation(app, run, { judge: 'gemma', split: 'EVAL' });
    expect(await checkRegression(app, { baseline: name, runId: run.id })).toMatchObject({
      verdict: 'NOT_COMPARABLE',
      evaluationId: id,
      reasons: [expect.stringContaining('split'), expect.stringContaining('gemma@1')],
      delta: null,
    });
  });

  test('compares datasets by content', async ({ app }) => {
    const { dataset, name } = await makeGate(app);
    const same = await makeDataset(app);
    await app.db.dataset.update({
      where: { id: same.id },
      data: { contentHash: dataset.contentHash },
    });
    const run = await makeRun(app, same.id);
    await makeEvaluation(app, run, { correct: 8, items: 10 });
    expect(await checkRegression(app, { baseline: name, runId: run.id })).toMatchObject({
      verdict: 'PASS',
    });
    const other = await makeRun(app, (await makeDataset(app)).id);
    await makeEvaluation(app, other, { correct: 8, items: 10 });
    expect(await checkRegression(app, { baseline: name, runId: other.id })).toMatchObject({
      verdict: 'NOT_COMPARABLE',
      reasons: ['The datasets differ in content.'],
    });
  });

  test('compares evaluation sets by content, whatever the runs were trained on', async ({
    app,
  }) => {
    const set = await makeEvaluationSet(app);
    const onSet = { split: null, evaluationSetId: set.id };
    const { name } = await makeGate(app, onSet);
    const run = await makeRun(app, (await makeDataset(app)).id);
    const fitting = await makeEvaluation(app, run, { correct: 9, items: 10, ...onSet });
    // Newer, and on something else.
    const createdAt = new Date(Date.now() + 1e6);
    await makeEvaluation(app, run, { correct: 1, items: 10, createdAt });
    expect(await checkRegression(app, { baseline: name, runId: run.id })).toMatchObject({
      verdict: 'PASS',
      evaluationId: fitting.id,
    });
    const copy = await makeEvaluationSet(app, [], { contentHash: set.contentHash, itemCount: 1 });
    const other = await makeEvaluationSet(app);
    for (const [evaluationSetId, verdict] of [
      [copy.id, 'PASS'],
      [other.id, 'NOT_COMPARABLE'],
    ] as const) {
      const { id } = await makeEvaluation(app, run, {
        correct: 9,
        items: 10,
        split: null,
        evaluationSetId,
      });
      const check = await checkRegression(app, { baseline: name, evaluationId: id });
      expect(check).toMatchObject({ verdict });
    }
  });

  test('holds one part of an evaluation set apart', async ({ app }) => {
    const set = await makeEvaluationSet(app);
    const onSet = { split: null, evaluationSetId: set.id, correct: 8, items: 10 };
    const metric = 'section/trace_sensitive/accuracy';
    const part = (correct: number) => ({
      [metric]: correct / 4,
      'section/trace_sensitive/correct': correct,
      'section/trace_sensitive/items': 4,
    });
    const { evaluation } = await makeGate(app, { ...onSet, metrics: part(4) });
    await setBaseline(app, { name: 'part', evaluationId: evaluation.id, metric });
    const run = await makeRun(app, (await makeDataset(app)).id);
    await makeEvaluation(app, run, { ...onSet, correct: 10, metrics: part(2) });
    expect(await checkRegression(app, { baseline: 'part', runId: run.id })).toMatchObject({
      verdict: 'REGRESSED',
      baselineValue: 1,
      candidateValue: 0.5,
    });
  });

  test('is not moved when the baseline run is judged again', async ({ app }) => {
    const { dataset, run, name } = await makeGate(app);
    await makeEvaluation(app, run, {
      correct: 0,
      items: 10,
      createdAt: new Date(Date.now() + 1e6),
    });
    const candidate = await makeRun(app, dataset.id);
    await makeEvaluation(app, candidate, { correct: 5, items: 10 });
    expect(await checkRegression(app, { baseline: name, runId: candidate.id })).toMatchObject({
      verdict: 'REGRESSED',
      baselineValue: 80,
    });
  });

  test('checks against the current revision', async ({ app }) => {
    const { evaluation, name } = await makeGate(app);
    const input = { name, evaluationId: evaluation.id, tolerance: 50 };
    const current = await setBaseline(app, input);
    const check = await checkRegression(app, { baseline: name, evaluationId: evaluation.id });
    expect(check.baselineId).toBe(current.id);
  });

  test('does not compare an evaluation without the metric', async ({ app }) => {
    const { dataset, evaluation } = await makeGate(app, { metrics: { f1: 0.5 } });
    await setBaseline(app, { name: 'f1', evaluationId: evaluation.id, metric: 'f1' });
    const run = await makeRun(app, dataset.id);
    await makeEvaluation(app, run);
    expect(await checkRegression(app, { baseline: 'f1', runId: run.id })).toMatchObject({
      verdict: 'NOT_COMPARABLE',
      baselineValue: 0.5,
      candidateValue: null,
    });
  });

  test('refuses a baseline that does not exist', async ({ app }) => {
    const check = checkRegression(app, { baseline: 'nobody', runId: randomUUIDv7() });
    await expect(check).rejects.toThrow(NotFoundError);
    await expect(check).rejects.toMatchObject({ resource: 'Baseline' });
  });

  test('refuses a run or an evaluation that does not exist', async ({ app }) => {
    const { name } = await makeGate(app);
    const id = randomUUIDv7();
    await expect(checkRegression(app, { baseline: name, runId: id })).rejects.toMatchObject({
      resource: 'Run',
    });
    await expect(checkRegression(app, { baseline: name, evaluationId: id })).rejects.toMatchObject({
      resource: 'Evaluation',
    });
  });

  test('refuses a run without a completed evaluation and says what to do', async ({ app }) => {
    const { dataset, name } = await makeGate(app);
    const run = await makeRun(app, dataset.id);
    await makeEvaluation(app, run, { status: 'RUNNING' });
    const check = checkRegression(app, { baseline: name, runId: run.id });
    await expect(check).rejects.toThrow(InvalidStateError);
    await expect(check).rejects.toThrow(/evaluateRun/);
  });

  test('refuses an evaluation that is not completed', async ({ app }) => {
    const { run, name } = await makeGate(app);
    const { id } = await makeEvaluation(app, run, { status: 'PENDING' });
    const check = checkRegression(app, { baseline: name, evaluationId: id });
    await expect(check).rejects.toThrow(InvalidStateError);
    expect(await app.db.check.count({ where: { evaluationId: id } })).toBe(0);
  });

  test.for([
    [{}],
    [{ runId: null }],
    [{ runId: null, evaluationId: null }],
    [{ runId: randomUUIDv7(), evaluationId: randomUUIDv7() }],
  ])('refuses %o: exactly one is needed', async ([input], { app }) => {
    const check = checkRegression(app, { baseline: 'x', ...input });
    await expect(check).rejects.toThrow(ValidationError);
    await expect(check).rejects.toMatchObject({ issues: [{ code: 'EXACTLY_ONE' }] });
  });
});

/** 70 right of 100, and the same with 8 of them broken and 3 others fixed. */
const before = rightThenWrong(70, 30);
const after: Said[] = [
  ...Array<Said>(8).fill(false),
  ...Array<Said>(65).fill(true),
  ...Array<Said>(27).fill(false),
];

describe('checkRegression with items', () => {
  test('calls five points among a hundred inconclusive, and stores what it takes to repeat that', async ({
    app,
  }) => {
    const set = await makeSetOf(app, 100, (index) => ({ section: index < 50 ? 'a' : 'b' }));
    const baseline = await makeJudged(app, set, before);
    await setBaseline(app, { name: 'noise', evaluationId: baseline.id });
    const candidate = await makeJudged(app, set, after);
    const check = await checkRegression(app, { baseline: 'noise', runId: candidate.run.id });
    expect(check).toMatchObject({
      verdict: 'INCONCLUSIVE',
      outcome: 'WARN',
      test: 'MCNEMAR_EXACT',
      baselineValue: 70,
      candidateValue: 65,
      delta: -5,
      itemCount: 100,
      worseCount: 8,
      betterCount: 3,
      pValue: expect.closeTo(0.2265625, 12),
      seed: 0,
      resamples: 10_000,
      policy: { metric: 'score', tolerance: 5, alpha: 0.05, onInconclusive: 'WARN', minItems: 0 },
      slices: [
        { by: 'SECTION', value: 'a', items: 50, worseCount: 8, verdict: 'REGRESSED' },
        { by: 'SECTION', value: 'b', items: 50, betterCount: 3, verdict: 'PASS' },
      ],
    });
    // The same again, of the same inputs and of what is stored.
    const { policy, evaluationId } = await currentBaseline(app, 'noise');
    const again = await judgeCandidate(app, policy, {
      baseline: await completedSide(app, evaluationId, 'a baseline'),
      candidate: await completedSide(app, candidate.id, 'checked'),
    });
    const stored = await app.db.check.findUniqueOrThrow({ where: { id: check.id } });
    expect(stored).toEqual({ ...JSON.parse(JSON.stringify(again)), ...identityOf(stored) });
  });

  test('is not moved when the baseline run is judged again', async ({ app }) => {
    const set = await makeSetOf(app, 20);
    const baseline = await makeJudged(app, set, rightThenWrong(20, 0));
    await setBaseline(app, { name: 'pinned', evaluationId: baseline.id });
    const candidate = await makeJudged(app, set, rightThenWrong(10, 10));
    const check = async () => {
      const {
        id: _id,
        createdAt: _at,
        ...found
      } = await checkRegression(app, {
        baseline: 'pinned',
        runId: candidate.run.id,
      });
      return found;
    };
    const first = await check();
    expect(first).toMatchObject({ verdict: 'REGRESSED', baselineValue: 100 });
    await makeJudged(app, set, rightThenWrong(0, 20), { run: baseline.run });
    expect(await check()).toEqual(first);
  });

  test('leaves out what was not judged on both sides', async ({ app }) => {
    const set = await makeSetOf(app, 6);
    const baseline = await makeJudged(app, set, [true, true, true, true, 'FAILED', true]);
    await setBaseline(app, { name: 'partly', evaluationId: baseline.id });
    const candidate = await makeJudged(app, set, [true, true, 'FAILED', null, true, false]);
    const check = await checkRegression(app, { baseline: 'partly', evaluationId: candidate.id });
    expect(check).toMatchObject({
      itemCount: 3,
      worseCount: 1,
      betterCount: 0,
      baselineValue: 100,
    });
    expect(check.reasons).toContain('3 more items were not judged on both sides and left out.');
  });

  test('does not compare what has no item in common', async ({ app }) => {
    const set = await makeSetOf(app, 2);
    const baseline = await makeJudged(app, set, [true, 'FAILED']);
    await setBaseline(app, { name: 'apart', evaluationId: baseline.id });
    const candidate = await makeJudged(app, set, ['FAILED', true]);
    expect(
      await checkRegression(app, { baseline: 'apart', evaluationId: candidate.id }),
    ).toMatchObject({
      verdict: 'NOT_COMPARABLE',
      reasons: ['No item of score was judged on both sides.'],
      itemCount: null,
    });
  });

  test('pairs items of a copy of the set by their ids', async ({ app }) => {
    const set = await makeSetOf(app, 10);
    const copy = await makeSetOf(app, 10, undefined, { contentHash: set.contentHash });
    const baseline = await makeJudged(app, set, rightThenWrong(10, 0));
    await setBaseline(app, { name: 'copied', evaluationId: baseline.id });
    const candidate = await makeJudged(app, copy, rightThenWrong(4, 6));
    expect(
      await checkRegression(app, { baseline: 'copied', evaluationId: candidate.id }),
    ).toMatchObject({ verdict: 'REGRESSED', itemCount: 10, worseCount: 6 });
  });

  test('pairs the traces of a dataset', async ({ app }) => {
    const dataset = await makeDataset(app, { test: 8 });
    const baseline = await makeJudged(app, dataset, rightThenWrong(8, 0));
    await setBaseline(app, { name: 'traces', evaluationId: baseline.id });
    const candidate = await makeJudged(app, dataset, rightThenWrong(0, 8));
    expect(
      await checkRegression(app, { baseline: 'traces', runId: candidate.run.id }),
    ).toMatchObject({ verdict: 'REGRESSED', itemCount: 8, worseCount: 8, slices: [] });
  });

  test('does not compare judges that were set up otherwise', async ({ app }) => {
    const set = await makeSetOf(app, 10);
    const judged = (model: string) =>
      makeJudged(app, set, rightThenWrong(5, 5), { settings: { model } });
    const [baseline, same, other] = [await judged('a'), await judged('a'), await judged('b')];
    await setBaseline(app, { name: 'settings', evaluationId: baseline.id });
    const verdict = async (evaluationId: string) =>
      (await checkRegression(app, { baseline: 'settings', evaluationId })).verdict;
    expect(await verdict(same.id)).toBe('PASS');
    expect(await verdict(other.id)).toBe('NOT_COMPARABLE');
  });

  test('holds a part to its floor although the whole got better', async ({ app }) => {
    const set = await makeSetOf(app, 60, (index) => ({ section: index < 20 ? 'core' : 'rest' }));
    const baseline = await makeJudged(app, set, rightThenWrong(20, 40));
    const floors = [{ by: 'SECTION', value: 'core', minimum: 0.8 }] as const;
    await setBaseline(app, { name: 'floor', evaluationId: baseline.id, floors: [...floors] });
    const candidate = await makeJudged(app, set, [
      ...rightThenWrong(5, 15),
      ...rightThenWrong(40, 0),
    ]);
    const check = await checkRegression(app, { baseline: 'floor', runId: candidate.run.id });
    expect(check).toMatchObject({
      verdict: 'REGRESSED',
      outcome: 'FAIL',
      delta: expect.any(Number),
    });
    expect(check.delta).toBeGreaterThan(0);
    expect(check.reasons).toContainEqual(
      expect.stringContaining('section "core" is 25 % of 20 items, below its floor of 80 %'),
    );
  });

  test('takes the final model of a run, not a checkpoint', async ({ app }) => {
    const set = await makeSetOf(app, 10);
    const baseline = await makeJudged(app, set, rightThenWrong(5, 5));
    await setBaseline(app, { name: 'final', evaluationId: baseline.id });
    const final = await makeJudged(app, set, rightThenWrong(6, 4));
    const createdAt = new Date(Date.now() + 1e6);
    await makeJudged(app, set, rightThenWrong(0, 10), { run: final.run, step: 100, createdAt });
    expect(await checkRegression(app, { baseline: 'final', runId: final.run.id })).toMatchObject({
      evaluationId: final.id,
      verdict: 'PASS',
    });
  });
});

const identityOf = ({ id, baselineId, evaluationId, createdAt }: Record<string, unknown>) => ({
  id,
  baselineId,
  evaluationId,
  createdAt,
});
