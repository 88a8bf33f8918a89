import { codePoints } from '../lib/text.ts';

export type BaselineScore = {
  /** 0–100, two decimals. */
  score: number;
  stepCount: number;
  /** Mean characters of a step's content. */
  averageStepLength: number;
  /** Characters of all steps together. */
  stepChars: number;
  /** The two addends, 0–50 each. */
  stepScore: number;
  lengthScore: number;
};

const round = (value: number) => Math.round(value * 100) / 100;

/**
 * The baseline score of the predecessor: `min(n/10, 1) * 50 + min(L/500, 1) * 50` for n steps of L
 * characters on average. It rewards volume and says nothing about right or wrong.
 */
export function baselineScore(steps: readonly { content: string }[]): BaselineScore {
  const stepChars = steps.reduce((sum, step) => sum + codePoints(step.content), 0);
  const averageStepLength = steps.length > 0 ? stepChars / steps.length : 0;
  const stepScore = Math.min(steps.length / 10, 1) * 50;
  const lengthScore = Math.min(averageStepLength / 500, 1) * 50;
  return {
    score: round(stepScore + lengthScore),
    stepCount: steps.length,
    averageStepLength: round(averageStepLength),
    stepChars,
    stepScore: round(stepScore),
    lengthScore: round(lengthScore),
  };
}
