import { randomUUIDv7 } from 'node:crypto';
import type { EvaluationItem } from '../../prisma/generated/client/client.ts';
import type { App } from '../app.ts';
import { InvalidStateError, NotFoundError, ValidationError } from '../errors.ts';
import { makeCompletedRun, makeDataset, makeRun } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { addEvaluation, evaluate, requestEvaluation } from './evaluate.ts';
import { EvaluateRun } from './job.ts';

const jobsOf = async (app: App, evaluationId: string) => {
  const { rows } = await app.sql.query(
    `SELECT data FROM pgboss.job WHERE name = $1 AND data->>'evaluationId' = $2`,
    [EvaluateRun.name, evaluationId],
  );
  return rows.length;
};

const columnsOf = (item: EvaluationItem) => {
  const { position, correct, score, expected, extracted, rule, predictionId } = item;
  return [position, correct, score, expected, extracted, rule, predictionId !== null];
};

describe('requestEvaluation', () => {
  test('leaves a pending evaluation and its job', async ({ app }) => {
    const dataset = await makeDataset(app);
    const run = await makeCompletedRun(app, dataset, ['Answer: 1', 'Answer: 2']);
    const evaluation = await requestEvaluation(app, { runId: run.id });
    expect(evaluation).toMatchObject({
      runId: run.id,
      datasetId: dataset.id,
      split: 'TEST',
      judge: 'answer_correctness',
      judgeVersion: 1,
      status: 'PENDING',
      score: null,
    });
    expect(await jobsOf(app, evaluation.id)).toBe(1);
  });

  test('appends one evaluation for each request', async ({ app }) => {
    const run = await makeCompletedRun(app, await makeDataset(app), ['x']);
    const all = await Promise.all([1, 2, 3].map(() => requestEvaluation(app, { runId: run.id })));
    expect(new Set(all.map((each) => each.id)).size).toBe(3);
  });

  test('takes the judge by name and version', async ({ app }) => {
    const run = await makeCompletedRun(app, await makeDataset(app), ['x']);
    const input = { runId: run.id, judge: 'answer_correctness@1', split: 'TEST' } as const;
    expect(await requestEvaluation(app, input)).toMatchObject({ judgeVersion: 1 });
  });

  test('refuses a run that does not exist', async ({ app }) => {
    const asked = requestEvaluation(app, { runId: randomUUIDv7() });
    await expect(asked).rejects.toThrow(NotFoundError);
  });

  test('refuses a judge that does not exist, before anything else', async ({ app }) => {
    const asked = requestEvaluation(app, { runId: randomUUIDv7(), judge: 'mock@2' });
    await expect(asked).rejects.toThrow(ValidationError);
  });

  test('refuses what is no id', async ({ app }) => {
    await expect(requestEvaluation(app, { runId: '1' })).rejects.toThrow(ValidationError);
  });

  test('refuses a dry run', async ({ app }) => {
    const run = await makeCompletedRun(app, await makeDataset(app), ['x'], { mode: 'DRY_RUN' });
    const asked = requestEvaluation(app, { runId: run.id });
    await expect(asked).rejects.toThrow(InvalidStateError);
    await expect(asked).rejects.toThrow(/dry run.*mode LOCAL/);
  });

  test.for(['PENDING', 'RUNNING', 'FAILED', 'TIMEOUT', 'CANCELLED'] as const)(
    'refuses a run that is %s',
    async (status, { app }) => {
      const run = await makeCompletedRun(app, await makeDataset(app), ['x'], { status });
      const asked = requestEvaluation(app, { runId: run.id });
      await expect(asked).rejects.toThrow(InvalidStateError);
      await expect(asked).rejects.toMatchObject({ status });
    },
  );

  test('refuses a split without predictions and names one with', async ({ app }) => {
    const run = await makeCompletedRun(app, await makeDataset(app), ['x']);
    const asked = requestEvaluation(app, { runId: run.id, split: 'EVAL' });
    await expect(asked).rejects.toThrow(/no predictions on EVAL. Evaluate it on TEST/);
    const empty = await makeRun(app, (await makeDataset(app)).id);
    const again = requestEvaluation(app, { runId: empty.id });
    await expect(again).rejects.toThrow(/no predictions on TEST. Train again/);
  });
});

describe('addEvaluation', () => {
  test('leaves nothing behind when its transaction rolls back', async ({ app }) => {
    const run = await makeCompletedRun(app, await makeDataset(app), ['x']);
    let id = '';
    const rolledBack = app.db.$transaction(async (tx) => {
      id = (await addEvaluation(app.queue, tx, { runId: run.id })).id;
      throw new Error('later step');
    });
    await expect(rolledBack).rejects.toThrow('later step');
    expect(await app.db.evaluation.count({ where: { id } })).toBe(0);
    expect(await jobsOf(app, id)).toBe(0);
  });

  test('lets the transaction go on after a refusal', async ({ app }) => {
    const run = await makeRun(app, (await makeDataset(app)).id);
    await app.db.$transaction(async (tx) => {
      await expect(addEvaluation(app.queue, tx, { runId: run.id })).rejects.toThrow(
        InvalidStateError,
      );
      await tx.run.update({ where: { id: run.id }, data: { name: 'still written' } });
    });
    expect(await app.db.run.findUnique({ where: { id: run.id } })).toMatchObject({
      name: 'still written',
    });
  });
});

describe('evaluate', () => {
  const texts = ['Reasoning:\n1. x\nAnswer: 7', '#### 8', 'no answer', null, 'Answer: 5 apples'];

  test('counts every item of the split', async ({ app }) => {
    const dataset = await makeDataset(app, { test: ['7', '9', '1', '2', '5'] });
    const run = await makeCompletedRun(app, dataset, texts);
    const { id } = await requestEvaluation(app, { runId: run.id });
    await evaluate(app, id);
    const evaluation = await app.db.evaluation.findUniqueOrThrow({
      where: { id },
      include: { items: { orderBy: { position: 'asc' } } },
    });
    expect(evaluation).toMatchObject({
      status: 'COMPLETED',
      score: 40,
      itemCount: 5,
      correctCount: 2,
      error: null,
      finishedAt: expect.any(Date),
      metrics: {
        score: 40,
        primary_score: 0.4,
        accuracy: 0.4,
        correct: 2,
        items: 5,
        answered: 3,
      },
    });
    expect(evaluation.items.map(columnsOf)).toEqual([
      [3, true, 1, '7', '7', 'TEMPLATE:TEXT', true],
      [4, false, 0, '9', '8', 'HASH:DIFFERENT', true],
      [5, false, 0, '1', null, 'NONE_FOUND', true],
      [6, false, 0, '2', null, 'NO_PREDICTION', false],
      [7, true, 1, '5', '5 apples', 'TEMPLATE:UNIT', true],
    ]);
  });

  test('tells the run', async ({ app }) => {
    const run = await makeCompletedRun(app, await makeDataset(app, { test: ['1'] }), ['Answer: 1']);
    const { id } = await requestEvaluation(app, { runId: run.id });
    await evaluate(app, id);
    expect(await app.db.runEvent.findMany({ where: { runId: run.id } })).toMatchObject([
      {
        kind: 'EVALUATED',
        data: { evaluationId: id, split: 'TEST', judge: 'answer_correctness@1', score: 100 },
      },
    ]);
  });

  test('judges by the answer of the trace, not of the predictions file', async ({ app }) => {
    const run = await makeCompletedRun(app, await makeDataset(app, { test: ['1'] }), ['Answer: 2']);
    await app.db.prediction.updateMany({ where: { runId: run.id }, data: { expected: '2' } });
    const { id } = await requestEvaluation(app, { runId: run.id });
    await evaluate(app, id);
    expect(await app.db.evaluation.findUnique({ where: { id } })).toMatchObject({ score: 0 });
  });

  test('counts a text that could not be generated as wrong', async ({ app }) => {
    const run = await makeCompletedRun(app, await makeDataset(app, { test: ['1'] }), ['Answer: 1']);
    await app.db.prediction.updateMany({ where: { runId: run.id }, data: { error: 'too long' } });
    const { id } = await requestEvaluation(app, { runId: run.id });
    await evaluate(app, id);
    const items = await app.db.evaluationItem.findMany({ where: { evaluationId: id } });
    expect(items).toMatchObject([{ correct: false, rule: 'NOT_GENERATED' }]);
  });

  test('does no harm when it comes twice, at once or later', async ({ app }) => {
    const run = await makeCompletedRun(app, await makeDataset(app, { test: ['1'] }), ['Answer: 1']);
    const { id } = await requestEvaluation(app, { runId: run.id });
    await Promise.all([evaluate(app, id), evaluate(app, id), evaluate(app, id)]);
    const first = await app.db.evaluation.findUnique({ where: { id } });
    await evaluate(app, id);
    expect(await app.db.evaluation.findUnique({ where: { id } })).toEqual(first);
    expect(await app.db.evaluationItem.count({ where: { evaluationId: id } })).toBe(1);
    expect(await app.db.runEvent.count({ where: { runId: run.id } })).toBe(1);
  });

  test('leaves an evaluation alone that is gone', async ({ app }) => {
    await expect(evaluate(app, randomUUIDv7())).resolves.toBeUndefined();
  });

  test('stores why it failed, and no items', async ({ app }) => {
    const run = await makeCompletedRun(app, await makeDataset(app, { test: ['1'] }), ['Answer: 1']);
    const { id } = await requestEvaluation(app, { runId: run.id });
    await app.db.evaluation.update({ where: { id }, data: { judge: 'retired' } });
    await evaluate(app, id);
    expect(await app.db.evaluation.findUnique({ where: { id } })).toMatchObject({
      status: 'FAILED',
      error: expect.stringContaining('There is no such judge'),
      finishedAt: expect.any(Date),
      score: null,
    });
    expect(await app.db.evaluationItem.count({ where: { evaluationId: id } })).toBe(0);
    expect(await app.db.runEvent.count({ where: { runId: run.id } })).toBe(0);
  });

  test('reads more items than one page holds, in order', async ({ app }) => {
    const dataset = await makeDataset(app, { test: ['x'] });
    const [trace] = await app.db.trace.findMany({ take: 1, orderBy: { createdAt: 'desc' } });
    const count = 2_100;
    await app.sql.query(
      `WITH copies AS (
         INSERT INTO traces (id, content_hash, prompt_hash, trace_version, prompt_preview,
           answer_preview, step_count, total_chars, baseline_score, payload)
         SELECT gen_random_uuid(), encode(sha256(('many' || n)::bytea), 'hex'), prompt_hash,
           '1.0', '', '', 1, 1, 0, jsonb_build_object('final_answer', n)
         FROM traces, generate_series(1, ${count}) n WHERE id = $1
         RETURNING id, (payload->>'final_answer')::int AS n)
       INSERT INTO dataset_items (dataset_id, position, trace_id, split)
       SELECT $2, 10 + n, id, 'TEST' FROM copies`,
      [trace?.id, dataset.id],
    );
    const run = await makeCompletedRun(app, dataset, ['Answer: x']);
    await app.sql.query(
      `INSERT INTO predictions (id, run_id, trace_id, split, expected, text)
       SELECT gen_random_uuid(), $1, trace_id, 'TEST', '', 'Answer: ' || position - 10
       FROM dataset_items WHERE dataset_id = $2 AND position > 10 AND position % 2 = 0`,
      [run.id, dataset.id],
    );
    const { id } = await requestEvaluation(app, { runId: run.id });
    await evaluate(app, id);
    expect(await app.db.evaluation.findUnique({ where: { id } })).toMatchObject({
      itemCount: count + 1,
      correctCount: count / 2 + 1,
    });
  });
});
