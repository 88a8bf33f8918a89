import { ValidationError } from '../errors.ts';
import { readEvaluation } from '../test/judgeRig.ts';
import { makeCompletedRun, makeDataset, makeEvaluationSet, makeRunOnSet } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { cancelEvaluation, resumeEvaluation } from './cancel.ts';
import { evaluate, requestEvaluation } from './evaluate.ts';

describe('the mock', () => {
  test('gives every item of a run the same number, without a prediction too', async ({ app }) => {
    const dataset = await makeDataset(app, { test: ['1', '2', '3'] });
    const startedAt = new Date(Date.now() - 60_000);
    const run = await makeCompletedRun(app, dataset, ['Answer: 1', null, 'x'], { startedAt });
    const { id } = await requestEvaluation(app, { runId: run.id, judge: 'mock' });
    await evaluate(app, id);
    const { items, ...evaluation } = await readEvaluation(app, id);
    expect(evaluation).toMatchObject({ status: 'COMPLETED', judge: 'mock', itemCount: 3 });
    expect(new Set(items.map(({ score }) => score)).size).toBe(1);
    expect(evaluation.score).toBeCloseTo(100 * (items[0]?.score ?? 0), 9);
    expect(evaluation.score).toBeGreaterThanOrEqual(50);
    expect(items[1]).toMatchObject({ predictionId: null, details: { isMock: true } });
  });

  test('judges nothing that nobody asked it for', async ({ app }) => {
    const run = await makeCompletedRun(app, await makeDataset(app), ['x']);
    expect(await requestEvaluation(app, { runId: run.id })).toMatchObject({
      judge: 'answer_correctness',
    });
  });
});

describe('step_quality', () => {
  test('compares with the steps of the trace, and its measures become metrics', async ({ app }) => {
    const dataset = await makeDataset(app, { test: ['5', '6'] });
    const item = dataset.items.find(({ split }) => split === 'TEST');
    const { payload } = await app.db.trace.findUniqueOrThrow({
      where: { id: item?.traceId ?? '' },
    });
    const step = (payload as { steps: { content: string }[] }).steps[0]?.content ?? '';
    const texts = [`Reasoning:\n1. ${step}\nAnswer: wrong`, 'Answer: 6'];
    const run = await makeCompletedRun(app, dataset, texts);
    const { id } = await requestEvaluation(app, { runId: run.id, judge: 'step_quality' });
    await evaluate(app, id);
    expect(await readEvaluation(app, id)).toMatchObject({
      status: 'COMPLETED',
      score: 50,
      metrics: { 'mean/count': 0.5, 'mean/agreement': 0.5, 'mean/numbers': 0.5 },
      items: [
        { correct: true, score: 1, rule: 'STEPS:FOLLOWED', extracted: 'wrong' },
        { correct: false, score: 0, details: { steps: { reference: 1, generated: 0 } } },
      ],
    });
  });

  test('is refused on an evaluation set, which has no solutions', async ({ app }) => {
    const set = await makeEvaluationSet(app);
    const run = await makeRunOnSet(app, (await makeDataset(app)).id, set, ['x']);
    const asked = requestEvaluation(app, { runId: run.id, judge: 'step_quality' });
    await expect(asked).rejects.toThrow(ValidationError);
    await expect(asked).rejects.toMatchObject({ issues: [{ code: 'NO_REFERENCE' }] });
  });

  test('leaves an item without reference steps unjudged, and says so', async ({ app }) => {
    const dataset = await makeDataset(app, { test: ['5', '6'] });
    const last = dataset.items.at(-1)?.traceId ?? '';
    await app.sql.query(
      `UPDATE traces SET payload = jsonb_set(payload, '{steps}', '[]') WHERE id = $1`,
      [last],
    );
    const run = await makeCompletedRun(app, dataset, ['1. a', '1. b']);
    const { id } = await requestEvaluation(app, { runId: run.id, judge: 'step_quality' });
    await evaluate(app, id);
    expect(await readEvaluation(app, id)).toMatchObject({
      status: 'FAILED',
      error: expect.stringMatching(/^1 of 2 items could not be judged: There are no reference/),
      items: [{ error: null }, { error: expect.stringContaining('no reference steps') }],
    });
  });
});

describe('predictions of a checkpoint', () => {
  test('are judged apart from those of the final model, answered items only', async ({ app }) => {
    const dataset = await makeDataset(app, { test: ['1', '2', '3'] });
    const run = await makeCompletedRun(app, dataset, ['Answer: 1', 'Answer: 2', 'Answer: 0']);
    const [item] = dataset.items.filter(({ split }) => split === 'TEST');
    await app.db.prediction.create({
      data: {
        id: crypto.randomUUID(),
        runId: run.id,
        traceId: item?.traceId ?? '',
        split: 'TEST',
        step: 10,
        expected: '1',
        text: 'Answer: 7',
      },
    });
    const judged = async (step: number) => {
      const { id } = await requestEvaluation(app, { runId: run.id, step });
      await evaluate(app, id);
      return readEvaluation(app, id);
    };
    expect(await judged(0)).toMatchObject({ step: 0, itemCount: 3, correctCount: 2 });
    expect(await judged(10)).toMatchObject({ step: 10, itemCount: 1, correctCount: 0 });
    const asked = requestEvaluation(app, { runId: run.id, step: 20 });
    await expect(asked).rejects.toThrow('has no predictions on TEST of step 20.');
  });
});

describe('a judge of rules', () => {
  test('goes on after a cancellation as if nothing had been', async ({ app }) => {
    const run = await makeCompletedRun(app, await makeDataset(app, { test: ['1'] }), ['Answer: 1']);
    const { id } = await requestEvaluation(app, { runId: run.id });
    await cancelEvaluation(app, id);
    await evaluate(app, id);
    expect(await readEvaluation(app, id)).toMatchObject({ status: 'CANCELLED', items: [] });
    await resumeEvaluation(app, id);
    await evaluate(app, id);
    expect(await readEvaluation(app, id)).toMatchObject({ status: 'COMPLETED', judgedCount: 1 });
  });
});
