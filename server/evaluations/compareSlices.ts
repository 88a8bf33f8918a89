/** Paired statistics of the parts of an evaluation set, corrected for how many there are. */
import { holm } from '../lib/statistics/holm.ts';
import type { Pair, PairedTesting } from '../lib/statistics/paired.ts';
import type { SliceScore } from './measure.ts';
import type { Slices } from './outputs.ts';

export type SliceBy = SliceScore['by'];

export type SlicePairs = { by: SliceBy; value: string; pairs: Pair[] };

/** A part with its statistics; `adjustedP` is Holm's over all parts that are compared at once. */
export type SliceStatistics<Statistics extends PairedTesting> = {
  by: SliceBy;
  value: string;
  statistics: Statistics;
  adjustedP: number;
};

const PARTS = { SECTION: 'section', CATEGORY: 'category', DIFFICULTY: 'difficulty' } as const;

export const SLICE_KINDS = Object.keys(PARTS) as SliceBy[];

/** The items that stand in one part. */
export const inSlice = <Item extends Slices>(
  items: readonly Item[],
  { by, value }: { by: SliceBy; value: string },
): Item[] => items.filter((item) => item[PARTS[by]] === value);

/** Every part that has items, by kind and value. An item stands in one part of each kind. */
export function slicePairs<Item extends Slices>(
  items: readonly Item[],
  pairOf: (item: Item) => Pair,
): SlicePairs[] {
  return SLICE_KINDS.flatMap((by) => {
    const valued = items.filter((item) => item[PARTS[by]] !== null);
    const groups = Map.groupBy(valued, (item) => item[PARTS[by]] ?? '');
    return [...groups]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([value, group]) => ({ by, value, pairs: group.map(pairOf) }));
  });
}

/** Statistics of every part, made by `compare` for all of them at once. */
export async function compareSlices<Statistics extends PairedTesting>(
  slices: readonly SlicePairs[],
  compare: (pairs: Pair[][]) => Promise<(Statistics | null)[]>,
): Promise<SliceStatistics<Statistics>[]> {
  const statistics = await compare(slices.map(({ pairs }) => pairs));
  const compared = slices.flatMap(({ by, value }, index) => {
    const found = statistics[index];
    return found ? [{ by, value, statistics: found }] : [];
  });
  const adjusted = holm(compared.map((slice) => slice.statistics.pValue));
  return compared.map((slice, index) => ({ ...slice, adjustedP: adjusted[index] ?? 1 }));
}
