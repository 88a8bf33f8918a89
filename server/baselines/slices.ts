/** The parts of an evaluation set in a check: how each changed, and whether it keeps its floor. */
import type { Verdict } from '../../prisma/generated/client/enums.ts';
import type { SliceBy } from '../evaluations/compareSlices.ts';
import type { PairedTest } from '../lib/statistics/paired.ts';
import type { SliceEvidence } from './evidence.ts';
import type { JudgedFloor } from './floors.ts';
import { lossOf } from './loss.ts';
import type { Policy } from './policy.ts';

/** One part, stored with a check. What is null could not be measured or was not asked for. */
export type CheckedSlice = {
  by: SliceBy;
  value: string;
  /** What the paired items of the part say alone. It informs: only a floor decides for the whole. */
  verdict: Verdict | null;
  /** Paired items. */
  items: number;
  baselineValue: number | null;
  candidateValue: number | null;
  delta: number | null;
  worseCount: number | null;
  betterCount: number | null;
  test: PairedTest | null;
  pValue: number | null;
  /** Holm's over all parts of the check. */
  adjustedP: number | null;
  floor: JudgedFloor | null;
};

/** Every part with paired items or a floor. */
export function checkedSlices(
  policy: Policy,
  evidence: readonly SliceEvidence[],
  floors: readonly JudgedFloor[],
): CheckedSlice[] {
  const floorOf = ({ by, value }: { by: SliceBy; value: string }) =>
    floors.find((floor) => floor.by === by && floor.value === value) ?? null;
  const tested = evidence.map((slice) => ({ ...changeOf(policy, slice), floor: floorOf(slice) }));
  const others = floors
    .filter(({ by, value }) => !tested.some((each) => each.by === by && each.value === value))
    .map((floor) => ({ ...UNPAIRED, by: floor.by, value: floor.value, floor }));
  return [...tested, ...others];
}

const UNPAIRED = {
  verdict: null,
  items: 0,
  baselineValue: null,
  candidateValue: null,
  delta: null,
  worseCount: null,
  betterCount: null,
  test: null,
  pValue: null,
  adjustedP: null,
};

function changeOf(policy: Policy, slice: SliceEvidence): Omit<CheckedSlice, 'floor'> {
  const { lower, higher, adjustedP } = slice;
  const { isTooMuch } = lossOf(policy, slice.baselineMean, slice.candidateMean);
  const isSignificant = adjustedP < policy.alpha;
  return {
    by: slice.by,
    value: slice.value,
    verdict: !isTooMuch ? 'PASS' : isSignificant ? 'REGRESSED' : 'INCONCLUSIVE',
    items: slice.items,
    baselineValue: slice.baselineMean,
    candidateValue: slice.candidateMean,
    delta: slice.delta,
    worseCount: policy.lowerIsBetter ? higher : lower,
    betterCount: policy.lowerIsBetter ? lower : higher,
    test: slice.test,
    pValue: slice.pValue,
    adjustedP,
  };
}
