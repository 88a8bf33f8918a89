import { InvalidStateError, NotFoundError, ValidationError } from '../errors.ts';
import { makeCompletedRun, makeDataset, makeEvaluationSet, makeRunOnSet } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { evaluate, requestEvaluation } from './evaluate.ts';

describe('requestEvaluation', () => {
  test('judges the evaluation set of a run unless told otherwise', async ({ app }) => {
    const set = await makeEvaluationSet(app);
    const run = await makeRunOnSet(app, (await makeDataset(app)).id, set, ['x']);
    const target = { split: null, evaluationSetId: set.id };
    expect(await requestEvaluation(app, { runId: run.id })).toMatchObject(target);
    const named = await requestEvaluation(app, { runId: run.id, evaluationSetKey: set.key });
    expect(named).toMatchObject(target);
  });

  test('judges a side of the dataset of a run with a set when asked to', async ({ app }) => {
    const dataset = await makeDataset(app, { eval: 1 });
    const set = await makeEvaluationSet(app);
    const run = await makeRunOnSet(app, dataset.id, set, ['x']);
    const item = dataset.items.find(({ split }) => split === 'EVAL');
    await app.db.prediction.create({
      data: {
        id: crypto.randomUUID(),
        runId: run.id,
        expected: '',
        text: 'x',
        traceId: item?.traceId ?? '',
        split: 'EVAL',
      },
    });
    const evaluation = await requestEvaluation(app, { runId: run.id, split: 'EVAL' });
    expect(evaluation).toMatchObject({ split: 'EVAL', evaluationSetId: null });
    const onTest = requestEvaluation(app, { runId: run.id, split: 'TEST' });
    await expect(onTest).rejects.toThrow(
      `no predictions on TEST. Evaluate it on EVAL or evaluation set "${set.key}".`,
    );
  });

  test('refuses a set that the run did not predict, and one that does not exist', async ({
    app,
  }) => {
    const set = await makeEvaluationSet(app);
    const run = await makeCompletedRun(app, await makeDataset(app), ['x']);
    const ask = (evaluationSetKey: string) =>
      requestEvaluation(app, { runId: run.id, evaluationSetKey });
    await expect(ask(set.key)).rejects.toThrow(InvalidStateError);
    await expect(ask(set.key)).rejects.toThrow('Evaluate it on TEST.');
    await expect(ask('nope')).rejects.toThrow(NotFoundError);
    await expect(ask('nope')).rejects.toMatchObject({ resource: 'EvaluationSet' });
  });

  test('refuses a split and a set at once', async ({ app }) => {
    const set = await makeEvaluationSet(app);
    const run = await makeRunOnSet(app, (await makeDataset(app)).id, set, ['x']);
    const asked = requestEvaluation(app, {
      runId: run.id,
      split: 'TEST',
      evaluationSetKey: set.key,
    });
    await expect(asked).rejects.toThrow(ValidationError);
    await expect(asked).rejects.toMatchObject({ issues: [{ code: 'AT_MOST_ONE' }] });
  });
});

describe('evaluate', () => {
  test('counts every item of the set, with means of its parts', async ({ app }) => {
    const set = await makeEvaluationSet(app, [
      { expectedAnswer: '7', section: 'core', difficulty: 'easy' },
      { expectedAnswer: '8', section: 'core', difficulty: 'hard' },
      { expectedAnswer: '9', section: 'edge_case' },
    ]);
    const texts = ['Answer: 7', 'Answer: 1', null];
    const run = await makeRunOnSet(app, (await makeDataset(app)).id, set, texts);
    const { id } = await requestEvaluation(app, { runId: run.id });
    await evaluate(app, id);
    const evaluation = await app.db.evaluation.findUniqueOrThrow({
      where: { id },
      include: { items: { orderBy: { position: 'asc' } } },
    });
    expect(evaluation).toMatchObject({
      status: 'COMPLETED',
      itemCount: 3,
      correctCount: 1,
      metrics: {
        accuracy: 1 / 3,
        'section/core/accuracy': 0.5,
        'section/core/items': 2,
        'section/edge_case/accuracy': 0,
        'difficulty/easy/accuracy': 1,
        'difficulty/hard/accuracy': 0,
      },
    });
    expect(evaluation.items).toMatchObject([
      { position: 0, setItemId: set.items[0]?.id, traceId: null, correct: true, expected: '7' },
      { position: 1, correct: false, extracted: '1', expected: '8' },
      { position: 2, correct: false, rule: 'NO_PREDICTION', predictionId: null, expected: '9' },
    ]);
    expect(await app.db.runEvent.findMany({ where: { runId: run.id } })).toMatchObject([
      { kind: 'EVALUATED', data: { evaluationId: id, evaluationSetKey: set.key } },
    ]);
  });

  test('takes any accepted answer and says which it was', async ({ app }) => {
    const accepted = { expectedAnswer: 'Paris', alternatives: ['City of Light', 'Lutetia'] };
    const set = await makeEvaluationSet(app, [accepted, accepted, accepted]);
    const texts = ['Answer: lutetia', 'Answer: Paris', 'Answer: Rome'];
    const run = await makeRunOnSet(app, (await makeDataset(app)).id, set, texts);
    const { id } = await requestEvaluation(app, { runId: run.id });
    await evaluate(app, id);
    const items = await app.db.evaluationItem.findMany({
      where: { evaluationId: id },
      orderBy: { position: 'asc' },
    });
    expect(items.map(({ correct, expected, extracted }) => [correct, expected, extracted])).toEqual(
      [
        [true, 'Lutetia', 'lutetia'],
        [true, 'Paris', 'Paris'],
        [false, 'Paris', 'Rome'],
      ],
    );
  });

  test('reads more items than one page holds', async ({ app }) => {
    const count = 1_100;
    const items = Array.from({ length: count }, (_, n) => ({ expectedAnswer: `${n}` }));
    const set = await makeEvaluationSet(app, items);
    const texts = items.map(({ expectedAnswer }, n) =>
      n % 2 ? `Answer: ${expectedAnswer}` : null,
    );
    const run = await makeRunOnSet(app, (await makeDataset(app)).id, set, texts);
    const { id } = await requestEvaluation(app, { runId: run.id });
    await evaluate(app, id);
    expect(await app.db.evaluation.findUnique({ where: { id } })).toMatchObject({
      itemCount: count,
      correctCount: count / 2,
    });
  });
});
