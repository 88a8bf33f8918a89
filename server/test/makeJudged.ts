/** Evaluations with items, written past the judges so that anything can have been said. */
import { randomUUIDv7 } from 'node:crypto';
import type { Prisma } from '../../prisma/generated/client/client.ts';
import type { Split } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { measure } from '../evaluations/measure.ts';
import { makeDataset, makeEvaluation, makeEvaluationSet, makeRun } from './make.ts';

/** Right, wrong, a grade of 0–1 (right from one half), could not be judged, or not there at all. */
export type Said = boolean | number | 'FAILED' | null;

/** The TEST side of a dataset, or a set, with its items in their order. */
type On = Awaited<ReturnType<typeof makeDataset>> | Awaited<ReturnType<typeof makeEvaluationSet>>;

/** A run on a new dataset. */
export const makeAnyRun = async (app: App) => makeRun(app, (await makeDataset(app)).id);

/** `right` items that are right, then `wrong` ones that are not. */
export const rightThenWrong = (right: number, wrong: number): Said[] => [
  ...Array<Said>(right).fill(true),
  ...Array<Said>(wrong).fill(false),
];

// One statement, as thousands of rows take Prisma seconds.
const insertItems = `
  INSERT INTO evaluation_items
    (evaluation_id, position, trace_id, set_item_id, prediction_id, correct, score, expected, rule,
     error)
  SELECT $1, position, "traceId", "setItemId", "predictionId", correct, score, expected, rule, error
  FROM jsonb_to_recordset($2::jsonb) AS item (
    position int, "traceId" uuid, "setItemId" uuid, "predictionId" uuid, correct boolean,
    score float8, expected text, rule text, error text)`;

/** A completed evaluation of a new run with an item for each that is said; texts are predictions. */
export async function makeJudged(
  app: App,
  on: On,
  said: readonly Said[],
  {
    texts = [],
    run,
    ...data
  }: {
    texts?: readonly string[];
    run?: { id: string; datasetId: string | null };
  } & Omit<Partial<Prisma.EvaluationUncheckedCreateInput>, 'metrics' | 'run' | 'items'> = {},
) {
  const isSet = 'itemId' in (on.items[0] ?? {});
  const judgedRun = run ?? (isSet ? await makeAnyRun(app) : await makeRun(app, on.id));
  const targets = on.items.filter((item) => !('split' in item) || item.split === 'TEST');
  const split: Split | null = isSet ? null : 'TEST';
  const items = said.flatMap((one, index) => {
    const target = targets[index];
    if (one === null || !target) return [];
    const score = typeof one === 'number' ? one : Number(one === true);
    const text = texts[index];
    return {
      position: target.position,
      traceId: 'traceId' in target ? target.traceId : null,
      setItemId: 'itemId' in target ? target.id : null,
      predictionId: text === undefined ? null : randomUUIDv7(),
      text,
      correct: score >= 0.5,
      score,
      expected: '1',
      extracted: null,
      rule: one === 'FAILED' ? 'UNJUDGED' : 'TEMPLATE:NUMBER',
      error: one === 'FAILED' ? 'The judge gave no answer.' : null,
      slices:
        'itemId' in target
          ? { section: target.section, category: target.category, difficulty: target.difficulty }
          : null,
    };
  });
  const metrics = measure(items.filter(({ error }) => error === null));
  const evaluation = await makeEvaluation(app, judgedRun, {
    correct: metrics.correct,
    items: metrics.items,
    metrics,
    split,
    ...(isSet && { evaluationSetId: on.id }),
    ...data,
  });
  await app.db.prediction.createMany({
    data: items.flatMap(({ predictionId, text, traceId, setItemId, expected }) =>
      predictionId && text !== undefined
        ? [{ id: predictionId, runId: judgedRun.id, traceId, setItemId, split, expected, text }]
        : [],
    ),
  });
  await app.sql.query(insertItems, [evaluation.id, JSON.stringify(items)]);
  return { ...evaluation, run: judgedRun };
}

/** A set of `count` items; `partOf` says in which part each stands. */
export const makeSetOf = (
  app: App,
  count: number,
  partOf: (index: number) => {
    section?: string;
    category?: string;
    difficulty?: string;
  } = () => ({}),
  data: Parameters<typeof makeEvaluationSet>[2] = {},
) =>
  makeEvaluationSet(
    app,
    Array.from({ length: count }, (_, index) => partOf(index)),
    data,
  );
