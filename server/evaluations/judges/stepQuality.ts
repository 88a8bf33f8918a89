import { alignSteps } from '../../traces/compareAlign.ts';
import { readStep } from '../../traces/compareValues.ts';
import { extractAnswer } from './extract.ts';
import { type Judge, type JudgedItem, Unjudged } from './judge.ts';
import { stepsOf } from './steps.ts';

const PASS = 0.5;
/** Steps that are aligned; aligning takes time with the product of both numbers. */
const MAX_ALIGNED = 500;

/**
 * How near the generated reasoning is to the reference, without a look at the answer. Four measures,
 * each 0–1 and 1 at best; the score is their mean, and `correct` means at least 0.5:
 *
 * - `count`: the smaller number of steps divided by the larger.
 * - `length`: the same for the characters of all steps together.
 * - `numbers`: share of the different numbers of the reference that occur in the text; left out
 *   when the reference has none.
 * - `agreement`: share of the reference's steps before the first that was left out, added or says
 *   something else (`traces/compareAlign.ts`).
 */
export const stepQuality = {
  name: 'step_quality',
  version: 1,
  description:
    'Compares the steps of the generated reasoning with those of the reference and not the answer. ' +
    'The score is the mean of: how near the number of steps is, how near their length, the share ' +
    "of the reference's numbers that occur, and the share of its steps before the first difference. " +
    'Right is a score of at least one half.',
  inputs: ['text', 'reference'],
  cost: 'FREE',
  isMock: false,
  ranks: false,
  needsEndpoint: false,
  judge({ text, reference }: JudgedItem) {
    if (reference.length === 0) throw new Unjudged('There are no reference steps to compare with.');
    const generated = stepsOf(text);
    const { agreement, firstDivergence } = follow(reference, generated);
    const metrics: Record<string, number> = {
      count: ratio(generated.length, reference.length),
      length: ratio(lengthOf(generated), lengthOf(reference)),
      ...numbersKept(reference, generated),
      agreement,
    };
    const values = Object.values(metrics);
    const score = values.reduce((sum, value) => sum + value, 0) / values.length;
    return {
      correct: score >= PASS,
      score,
      extracted: extractAnswer(text)?.answer ?? null,
      rule: firstDivergence ? 'STEPS:DIVERGED' : 'STEPS:FOLLOWED',
      details: {
        metrics,
        steps: { reference: reference.length, generated: generated.length },
        firstDivergence,
      },
    };
  },
} satisfies Judge;

const ratio = (a: number, b: number) => (a === b ? 1 : Math.min(a, b) / Math.max(a, b));

const lengthOf = (steps: readonly string[]) => steps.reduce((sum, step) => sum + step.length, 0);

const numbersIn = (steps: readonly string[]) =>
  new Set(steps.flatMap((step) => readStep(step).values.numbers));

function numbersKept(
  reference: readonly string[],
  generated: readonly string[],
): { numbers?: number } {
  const wanted = [...numbersIn(reference)];
  const kept = numbersIn(generated);
  const numbers = wanted.filter((number) => kept.has(number)).length / wanted.length;
  return wanted.length > 0 ? { numbers } : {};
}

/** How far the texts go together, and the places (from 0) of the steps at which they part. */
function follow(reference: readonly string[], generated: readonly string[]) {
  const known = reference.slice(0, MAX_ALIGNED);
  const pairs = alignSteps(known, generated.slice(0, MAX_ALIGNED));
  const at = pairs.findIndex(({ kind }) => kind !== 'SAME' && kind !== 'REWORDED');
  const followed = at === -1 ? pairs.length : at;
  const parting = pairs[at];
  return {
    agreement: followed / known.length,
    firstDivergence: parting
      ? { kind: parting.kind, reference: parting.baseIndex, generated: parting.otherIndex }
      : null,
  };
}
