/** What a leaderboard is asked for: the words of the URL, and the filter of the API. */
import type { BoardPick, LeaderboardFilter, Split } from '../gql/graphql.ts';
import { oneOf } from '../lib/url.ts';

export const BOARD_KEYS = [
  'set',
  'dataset',
  'split',
  'judge',
  'model',
  'after',
  'before',
  'mocks',
  'pick',
  'metric',
] as const;

export type BoardUrl = { [Key in (typeof BOARD_KEYS)[number]]?: string | undefined };

type BoardName = {
  dataset: { key: string } | null;
  split: Split | null;
  evaluationSet: { key: string } | null;
  judge: { ref: string };
};

const SPLITS: readonly Split[] = ['EVAL', 'TEST'];
const PICKS: readonly BoardPick[] = ['LATEST', 'BEST'];

/** The words of the URL that lead to a board. */
export const urlOf = ({ dataset, split, evaluationSet, judge }: BoardName) => ({
  set: evaluationSet?.key,
  dataset: evaluationSet ? undefined : dataset?.key,
  split: evaluationSet ? undefined : (split ?? undefined),
  judge: judge.ref,
});

/** A board in words, as in a list of them. */
export function boardLabel(board: BoardName): string {
  const { dataset, split, evaluationSet, judge } = board;
  const what = evaluationSet
    ? evaluationSet.key
    : `${dataset?.key ?? 'a deleted dataset'} · ${(split ?? '').toLowerCase()}`;
  return `${what} · ${judge.ref}`;
}

/** Equal for URLs that rank the same items by the same judge, however they are filtered. */
export const boardKey = ({ set, dataset, split, judge }: BoardUrl): string =>
  JSON.stringify([set, dataset, split, judge]);

/** Whether the URL names what is judged, so that one board is meant and not the newest. */
export const namesBoard = (url: BoardUrl): boolean => Boolean(url.set ?? url.dataset);

/** The start of a day of the browser's time zone as ISO 8601; nothing for what is no day. */
function startOfDay(text: string | undefined, plusDays = 0): string | undefined {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text ?? '') ?? [];
  if (!year || !month || !day) return undefined;
  const date = new Date(Number(year), Number(month) - 1, Number(day) + plusDays);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** `before` names the last day that still counts. */
export function toFilter(url: BoardUrl): LeaderboardFilter {
  return {
    evaluationSetKey: url.set,
    datasetKey: url.dataset,
    split: oneOf(SPLITS, url.split),
    judge: url.judge,
    modelId: url.model,
    evaluatedAfter: startOfDay(url.after),
    evaluatedBefore: startOfDay(url.before, 1),
    includeMocks: url.mocks === 'yes' ? true : undefined,
  };
}

export const toPick = (url: BoardUrl): BoardPick => oneOf(PICKS, url.pick) ?? 'LATEST';

const METRICS = ['score', 'accuracy'] as const;
const SLICE_METRIC = /^(section|category|difficulty)\/(.+)\/accuracy$/;

/** A metric the boards know; others would be refused, so the URL falls back to the score. */
export const toMetric = (url: BoardUrl): string =>
  oneOf(METRICS, url.metric) ??
  (url.metric && SLICE_METRIC.test(url.metric) ? url.metric : 'score');

/** The largest value of a metric: scores go to 100, all others to 1. */
export const scaleOf = (metric: string): number => (metric === 'score' ? 100 : 1);

/** A metric in words. */
export function metricLabel(metric: string): string {
  const [, by, value] = SLICE_METRIC.exec(metric) ?? [];
  if (by && value) return `Accuracy on ${by} ${value}`;
  return metric === 'score' ? 'Score' : 'Accuracy';
}

export type TieGroup<Row> = { group: number; from: number; to: number; rows: Row[] };

/** Neighbours that share a tie group, with the ranks they span. */
export function tieGroups<Row extends { tieGroup: number; rank: number }>(
  rows: readonly Row[],
): TieGroup<Row>[] {
  const groups: TieGroup<Row>[] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    // On the next board ranks begin again, and so do the groups.
    if (last && last.group === row.tieGroup && row.rank >= last.to) {
      last.rows.push(row);
      last.to = row.rank;
    } else groups.push({ group: row.tieGroup, from: row.rank, to: row.rank, rows: [row] });
  }
  return groups;
}

/** Said once above a group of several rows. */
export const tieWords = ({ from, to, rows }: TieGroup<unknown>): string =>
  from === to
    ? `${rows.length} runs share rank ${from}`
    : `Ranks ${from}–${to} cannot be told apart`;
