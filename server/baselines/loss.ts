import type { Policy } from './policy.ts';

/** A loss, held against what may be lost. */
export type Loss = { loss: number; allowed: number; isTooMuch: boolean };

/**
 * How much worse a candidate is, whichever way is better, and how much it may be: `tolerance` percent
 * of the baseline's absolute value, the boundary included. Against a baseline of 0 nothing may be
 * lost.
 */
export function lossOf(policy: Policy, baseline: number, candidate: number): Loss {
  const delta = candidate - baseline;
  const loss = policy.lowerIsBetter ? delta : -delta;
  const allowed = (policy.tolerance / 100) * Math.abs(baseline);
  // 0.8 - 0.76 is 0.04000000000000004 in floating point: the boundary still passes.
  const slack = 1e-9 * Math.max(Math.abs(baseline), Math.abs(candidate));
  return { loss, allowed, isTooMuch: loss > allowed + slack };
}
