/** Least accuracies on parts of an evaluation set. */
import type { Verdict } from '../../prisma/generated/client/enums.ts';
import type { SliceScore } from '../evaluations/measure.ts';
import type { Interval } from '../lib/stats.ts';
import type { Floor } from './policy.ts';

/** A part of the candidate held against its floor. */
export type JudgedFloor = Floor & {
  verdict: Extract<Verdict, 'PASS' | 'REGRESSED' | 'INCONCLUSIVE' | 'NOT_COMPARABLE'>;
  /** Of the candidate; null when it has no such part. */
  accuracy: number | null;
  items: number;
  interval: Interval | null;
  reason: string | null;
};

const percent = (share: number): string => `${Number((100 * share).toPrecision(4))} %`;

/**
 * Holds each floor against the candidate's part: below it beyond doubt (also the upper end of the
 * Wilson interval) is REGRESSED, below it by what may be chance INCONCLUSIVE, and a part that the
 * candidate lacks NOT_COMPARABLE.
 */
export function judgeFloors(
  floors: readonly Floor[],
  slices: readonly SliceScore[],
): JudgedFloor[] {
  return floors.map((floor) => {
    const { by, value, minimum } = floor;
    const slice = slices.find((each) => each.by === by && each.value === value);
    const name = `${by.toLowerCase()} "${value}"`;
    if (!slice?.interval) {
      const reason = `The candidate has no items of ${name}, for which a floor is set.`;
      return {
        ...floor,
        verdict: 'NOT_COMPARABLE',
        accuracy: null,
        items: 0,
        interval: null,
        reason,
      };
    }
    const { accuracy, items, interval } = slice;
    const judged = { ...floor, accuracy, items, interval };
    if (accuracy >= minimum) return { ...judged, verdict: 'PASS', reason: null };
    const below = `The accuracy on ${name} is ${percent(accuracy)} of ${items} items, below its floor of ${percent(minimum)}`;
    return interval.high < minimum
      ? { ...judged, verdict: 'REGRESSED', reason: `${below}, and by more than chance explains.` }
      : { ...judged, verdict: 'INCONCLUSIVE', reason: `${below}, which may be chance.` };
  });
}
