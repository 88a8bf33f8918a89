/** What may be asked of the leaderboard, and the conditions of its statements. */
import { z } from 'zod';
import { BoardPick, Split } from '../../prisma/generated/client/enums.ts';
import { text } from '../lib/text.ts';
import { judgeRef, listJudges } from './judges/registry.ts';

const orDefault = <T extends z.ZodType>(schema: T, value: z.output<T>) =>
  schema.nullish().transform((given): z.output<T> => given ?? value);

const SLICE = /^(section|category|difficulty)\/.+\/accuracy$/;

/** All better when higher: `score`, `primary_score`, `accuracy`, or the accuracy of a slice. */
export const Metric = orDefault(
  text(1, 64).refine(
    (name) => ['score', 'primary_score', 'accuracy'].includes(name) || SLICE.test(name),
    {
      message:
        'boards rank by score, primary_score, accuracy, or one part of an evaluation set, such as ' +
        '`section/core/accuracy`',
      params: { code: 'UNKNOWN_METRIC' },
    },
  ),
  'score',
);

export const Pick = orDefault(z.enum(BoardPick), 'LATEST');

/** The largest value of a metric; all others are 0–1. */
export const scaleOf = (metric: string): number => (metric === 'score' ? 100 : 1);

export const BoardFilter = orDefault(
  z.strictObject({
    /** On a side of a dataset of this content, or of runs on this dataset where a set is judged. */
    datasetKey: text(0, 200).nullish(),
    evaluationSetKey: text(0, 200).nullish(),
    split: z.enum(Split).nullish(),
    /** `name` or `name@version`. */
    judge: text(0, 80).nullish(),
    modelId: text(0, 256).nullish(),
    /** Judged at or after, and before. */
    evaluatedAfter: z.date().nullish(),
    evaluatedBefore: z.date().nullish(),
    /** Also judges that do not rank unless they are asked for by name. */
    includeMocks: z.boolean().nullish(),
  }),
  {},
);

export type BoardFilter = z.output<typeof BoardFilter>;

/** Boards `b` that the filter names: $1–$6. Datasets and sets count by content. */
export const BOARDS = `
  ($1::text IS NULL OR b.evaluation_set_id IS NOT NULL OR EXISTS (
    SELECT FROM datasets own JOIN datasets asked USING (content_hash)
    WHERE own.id = b.dataset_id AND asked.key = $1))
  AND ($2::text IS NULL OR EXISTS (
    SELECT FROM evaluation_sets own JOIN evaluation_sets asked USING (content_hash)
    WHERE own.id = b.evaluation_set_id AND asked.key = $2))
  AND ($3::split IS NULL OR b.split = $3)
  AND ($4::text IS NULL OR b.judge = $4)
  AND ($5::int IS NULL OR b.judge_version = $5)
  AND b.judge || '@' || b.judge_version <> ALL ($6::text[])`;

function boardArguments(filter: BoardFilter) {
  const [judge, version] = filter.judge?.split('@') ?? [];
  const hidden =
    filter.judge || filter.includeMocks ? [] : listJudges().filter(({ ranks }) => !ranks);
  return [
    filter.datasetKey ?? null,
    filter.evaluationSetKey ?? null,
    filter.split ?? null,
    judge ?? null,
    // A version that is none matches nothing.
    version === undefined ? null : /^\d{1,9}$/.test(version) ? Number(version) : -1,
    hidden.map(judgeRef),
  ];
}

/** Entries `e` of a board `b` that the filter names, after `BOARDS`: $7–$11. */
export const ENTRIES = `
  e.board_id = b.id AND e.metric = $7 AND e.pick = $8::board_pick
  AND ($9::text IS NULL OR e.model_id = $9)
  AND ($10::timestamptz IS NULL OR e.evaluated_at >= $10)
  AND ($11::timestamptz IS NULL OR e.evaluated_at < $11)
  AND ($1::text IS NULL OR b.evaluation_set_id IS NULL OR EXISTS (
    SELECT FROM runs r JOIN datasets asked ON asked.id = r.dataset_id
    WHERE r.id = e.run_id AND asked.key = $1))`;

export const entryArguments = (query: { filter: BoardFilter; metric: string; pick: BoardPick }) => [
  ...boardArguments(query.filter),
  query.metric,
  query.pick,
  query.filter.modelId ?? null,
  query.filter.evaluatedAfter ?? null,
  query.filter.evaluatedBefore ?? null,
];
