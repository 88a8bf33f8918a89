/** Rows to test with, written past the services so that each can be in any state. */
import { randomUUIDv7 } from 'node:crypto';
import type { Prisma } from '../../prisma/generated/client/client.ts';
import type { Split } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { placeOnBoards } from '../evaluations/boards.ts';
import { contentHash, sha256 } from '../lib/canonical.ts';
import { promptHash } from '../lib/text.ts';

type Needs = Pick<App, 'db'>;

let made = 0;

/** A trace with one step; its prompt is unlike any other unless given. */
export function makeTrace(app: Needs, { prompt = '', answer = '', source = 'test' } = {}) {
  const number = ++made;
  const payload = {
    trace_version: '1.0',
    prompt: prompt || `What is ${number} + 1?`,
    steps: [{ i: 0, type: 'add', content: `${number} + 1 = ${number + 1}` }],
    final_answer: answer || String(number + 1),
  };
  return app.db.trace.create({
    data: {
      id: randomUUIDv7(),
      contentHash: contentHash(payload),
      promptHash: promptHash(payload.prompt),
      traceVersion: payload.trace_version,
      promptPreview: payload.prompt,
      answerPreview: payload.final_answer,
      stepCount: 1,
      baselineScore: 0,
      totalChars: payload.prompt.length + payload.final_answer.length,
      source,
      payload,
    },
  });
}

/**
 * A dataset of new traces: `train` and `eval` are counts, `test` a count or the expected answers.
 * The test items stand last.
 */
export async function makeDataset(
  app: Needs,
  { train = 2, eval: evaluation = 1, test = 2 as number | string[], name = '' } = {},
) {
  const answers = typeof test === 'number' ? Array<string>(test).fill('') : test;
  const splits: Split[] = [
    ...Array<Split>(train).fill('TRAIN'),
    ...Array<Split>(evaluation).fill('EVAL'),
    ...answers.map((): Split => 'TEST'),
  ];
  const items: { position: number; split: Split; traceId: string }[] = [];
  for (const [position, split] of splits.entries()) {
    const answer = answers[position - train - evaluation] ?? '';
    const trace = await makeTrace(app, split === 'TEST' ? { answer } : {});
    items.push({ position, split, traceId: trace.id });
  }
  const id = randomUUIDv7();
  return app.db.dataset.create({
    data: {
      id,
      key: `${name || id}-1`,
      name: name || id,
      version: '1',
      contentHash: contentHash(items),
      recipe: {},
      stats: {},
      itemCount: items.length,
      trainCount: train,
      evalCount: evaluation,
      testCount: answers.length,
      items: { create: items },
    },
    include: { items: { orderBy: { position: 'asc' } } },
  });
}

/** A run in any state; a completed local one unless told otherwise. */
export async function makeRun(
  app: Needs,
  datasetId: string,
  data: Partial<Prisma.RunUncheckedCreateInput> = {},
) {
  const { status = 'COMPLETED' } = data;
  const isOver = status !== 'PENDING' && status !== 'RUNNING';
  const run = await app.db.run.create({
    data: {
      id: randomUUIDv7(),
      datasetId,
      modelId: 'tiny',
      mode: 'LOCAL',
      status,
      config: {},
      configHash: sha256(''),
      timeoutSeconds: 3600,
      epoch: status === 'PENDING' ? 0 : 1,
      finishedAt: isOver ? new Date() : null,
      ...data,
    },
  });
  return { ...run, datasetId };
}

/**
 * A completed local run with predictions on the test items in dataset order; null leaves one out.
 */
export async function makeCompletedRun(
  app: Needs,
  dataset: Awaited<ReturnType<typeof makeDataset>>,
  texts: readonly (string | null)[],
  data: Partial<Prisma.RunUncheckedCreateInput> = {},
) {
  const run = await makeRun(app, dataset.id, data);
  const items = dataset.items.filter((item) => item.split === 'TEST');
  const traces = await app.db.trace.findMany({
    where: { id: { in: items.map((item) => item.traceId) } },
  });
  const predictions = items.flatMap(({ traceId, split }, index) => {
    const text = texts[index] ?? null;
    const expected = traces.find((trace) => trace.id === traceId)?.answerPreview ?? '';
    return text === null
      ? []
      : [{ id: randomUUIDv7(), runId: run.id, traceId, split, expected, text }];
  });
  await app.db.prediction.createMany({ data: predictions });
  return run;
}

/** A completed evaluation without items, of `correct` right answers among `items`; on its board. */
export function makeEvaluation(
  app: Needs,
  run: { id: string; datasetId: string | null },
  {
    correct = 1,
    items = 2,
    metrics = {},
    ...data
  }: {
    correct?: number;
    items?: number;
    metrics?: Record<string, number>;
  } & Omit<Partial<Prisma.EvaluationUncheckedCreateInput>, 'metrics'> = {},
) {
  const score = (100 * correct) / items;
  const { status = 'COMPLETED' } = data;
  const result = {
    score,
    itemCount: items,
    correctCount: correct,
    metrics: { score, primary_score: score / 100, accuracy: correct / items, ...metrics },
    finishedAt: new Date(),
  };
  return app.db.$transaction(async (tx) => {
    const evaluation = await tx.evaluation.create({
      data: {
        id: randomUUIDv7(),
        runId: run.id,
        datasetId: run.datasetId,
        split: 'TEST',
        judge: 'answer_correctness',
        judgeVersion: 1,
        status,
        ...(status === 'COMPLETED' && result),
        ...data,
      },
    });
    await placeOnBoards(tx, evaluation.id);
    return evaluation;
  });
}

/**
 * An evaluation set written past its service, of as many items as there are; each asks something
 * else and expects `1` unless given.
 */
export function makeEvaluationSet(
  app: Needs,
  items: Partial<Prisma.EvaluationSetItemUncheckedCreateWithoutSetInput>[] = [{}],
  data: Partial<Prisma.EvaluationSetUncheckedCreateInput> = {},
) {
  const id = randomUUIDv7();
  const rows = items.map((item, position) => ({
    id: randomUUIDv7(),
    position,
    itemId: `item-${position}`,
    prompt: `What is ${++made} + 1?`,
    expectedAnswer: '1',
    ...item,
  }));
  return app.db.evaluationSet.create({
    data: {
      id,
      key: `${id}-1`,
      name: id,
      version: '1',
      contentHash: contentHash(rows),
      itemCount: rows.length,
      items: { create: rows },
      ...data,
    },
    include: { items: { orderBy: { position: 'asc' } } },
  });
}

/** A completed run judged on a set, with predictions on its items in order; null leaves one out. */
export async function makeRunOnSet(
  app: Needs,
  datasetId: string,
  set: Awaited<ReturnType<typeof makeEvaluationSet>>,
  texts: readonly (string | null)[],
) {
  const run = await makeRun(app, datasetId, { evaluationSetId: set.id });
  const predictions = set.items.flatMap(({ id: setItemId, expectedAnswer }, index) => {
    const text = texts[index] ?? null;
    const row = { id: randomUUIDv7(), runId: run.id, setItemId, expected: expectedAnswer };
    return text === null ? [] : [{ ...row, text }];
  });
  await app.db.prediction.createMany({ data: predictions });
  return run;
}

/** A trace as submitted; its prompt is unlike any other unless given. */
export function makePayload(over: object = {}) {
  const number = ++made;
  return {
    trace_version: '1.0',
    prompt: `What is ${number} + 1?`,
    steps: [{ i: 0, type: 'add', content: `${number} + 1 = ${number + 1}` }],
    final_answer: String(number + 1),
    meta: { number },
    ...over,
  };
}
