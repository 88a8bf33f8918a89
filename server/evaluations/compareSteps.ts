/** Aligns the steps of two generated texts. */
import { alignSteps, type StepPair } from '../traces/compareAlign.ts';
import { stepsOf } from './judges/steps.ts';

/** Steps of one text that are compared, so that a page of long texts takes no seconds. */
export const MOST_STEPS = 100;

export type AlignedStep = StepPair & { base: string | null; other: string | null };

export type AlignedTexts = {
  steps: AlignedStep[];
  /** Place in `steps` of the first that is neither SAME nor REWORDED; null when there is none. */
  firstDivergence: number | null;
};

const firstSteps = (text: string | null): string[] => stepsOf(text ?? '').slice(0, MOST_STEPS);

/** The steps of two texts side by side, at most `MOST_STEPS` of each; no text has no steps. */
export function alignTexts(baseline: string | null, candidate: string | null): AlignedTexts {
  const [base, other] = [firstSteps(baseline), firstSteps(candidate)];
  const steps = alignSteps(base, other).map((pair) => ({
    ...pair,
    base: base[pair.baseIndex ?? -1] ?? null,
    other: other[pair.otherIndex ?? -1] ?? null,
  }));
  const divergence = steps.findIndex(({ kind }) => kind !== 'SAME' && kind !== 'REWORDED');
  return { steps, firstDivergence: divergence === -1 ? null : divergence };
}
