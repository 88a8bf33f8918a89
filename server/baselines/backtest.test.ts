import { makeDataset } from '../test/make.ts';
import { makeJudged, makeSetOf, rightThenWrong } from '../test/makeJudged.ts';
import { describe, expect, test } from '../test/test.ts';
import { backtestBaseline } from './backtest.ts';
import { checkRegression } from './check.ts';
import { setBaseline } from './set.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);

describe('backtestBaseline', () => {
  test('says of the last evaluations what a check would, newest first, and stores nothing', async ({
    app,
  }) => {
    const set = await makeSetOf(app, 40);
    const judged = (right: number, seconds: number, data: object = {}) =>
      makeJudged(app, set, rightThenWrong(right, 40 - right), { createdAt: at(seconds), ...data });
    const baseline = await judged(30, 0);
    const grave = await judged(10, 1);
    const doubtful = await judged(26, 2);
    const better = await judged(35, 3);
    await judged(1, 4, { judgeVersion: 2 });
    await judged(1, 4, { step: 10 });
    await makeJudged(app, await makeDataset(app), [true]);
    await setBaseline(app, { name: 'past', evaluationId: baseline.id });
    const rows = await backtestBaseline(app, { baseline: 'past' }, 20);
    expect(rows).toMatchObject([
      { evaluationId: better.id, verdict: 'PASS' },
      { evaluationId: doubtful.id, verdict: 'INCONCLUSIVE', outcome: 'WARN' },
      { evaluationId: grave.id, verdict: 'REGRESSED', outcome: 'FAIL' },
    ]);
    expect(await app.db.check.count()).toBe(0);
    for (const { evaluationId, verdict, delta, pValue } of rows) {
      const check = await checkRegression(app, { baseline: 'past', evaluationId });
      expect(check).toMatchObject({ verdict, delta, pValue });
    }
    const strict = { baseline: 'past', alpha: 0.2, onInconclusive: 'FAIL' } as const;
    expect(await backtestBaseline(app, strict, 2)).toMatchObject([
      { verdict: 'PASS' },
      { verdict: 'REGRESSED', policy: { alpha: 0.2, onInconclusive: 'FAIL', tolerance: 5 } },
    ]);
    const other = await backtestBaseline(app, { baseline: 'past', evaluationId: better.id }, 20);
    expect(other.map(({ evaluationId }) => evaluationId)).toContain(baseline.id);
  });

  test('needs no baseline, and finds the direction of another metric by its name', async ({
    app,
  }) => {
    const set = await makeSetOf(app, 4);
    const { id } = await makeJudged(app, set, rightThenWrong(2, 2));
    await makeJudged(app, set, rightThenWrong(2, 2));
    expect(await backtestBaseline(app, { evaluationId: id, minItems: 5 }, 1)).toMatchObject([
      { verdict: 'INCONCLUSIVE' },
    ]);
    await setBaseline(app, { name: 'upside down', evaluationId: id, lowerIsBetter: true });
    const draft = { baseline: 'upside down', metric: 'accuracy' };
    expect(await backtestBaseline(app, draft, 1)).toMatchObject([
      { policy: { metric: 'accuracy', lowerIsBetter: false } },
    ]);
  });

  test('refuses a draft that its evaluation could not meet', async ({ app }) => {
    const { id } = await makeJudged(app, await makeSetOf(app, 1), [true]);
    const draft = { evaluationId: id, metric: 'nothing' };
    await expect(backtestBaseline(app, draft, 1)).rejects.toMatchObject({
      issues: [{ code: 'UNKNOWN_METRIC' }],
    });
  });

  test('refuses an unknown baseline, none at all, and too many rows', async ({ app }) => {
    await expect(backtestBaseline(app, { baseline: 'nobody' }, 1)).rejects.toMatchObject({
      resource: 'Baseline',
    });
    await expect(backtestBaseline(app, {}, 1)).rejects.toMatchObject({
      issues: [{ code: 'AT_LEAST_ONE' }],
    });
    for (const [last, code] of [
      [0, 'TOO_SMALL'],
      [101, 'TOO_LARGE'],
    ] as const) {
      await expect(backtestBaseline(app, { baseline: 'x' }, last)).rejects.toMatchObject({
        issues: [{ path: ['last'], code }],
      });
    }
  });
});
