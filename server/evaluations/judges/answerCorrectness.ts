import { extractAnswer } from './extract.ts';
import type { Judge, JudgedItem, Judgement } from './judge.ts';
import { matchAnswer } from './match.ts';

/**
 * Right or wrong by the final answer alone: the reasoning before it is not looked at.
 *
 * The answer is what stands last in one of the known forms (`extract.ts`); a text without any is
 * wrong, even when the expected words occur in it. `match.ts` says what counts as equal. An expected
 * answer that is itself written in one of the forms is unwrapped the same way. `rule` says how the
 * answer was found and how it matched: `TEMPLATE:NUMBER`, `BOXED:DIFFERENT`, `NONE_FOUND`.
 */
export const answerCorrectness = {
  name: 'answer_correctness',
  version: 1,
  description:
    'Compares the final answer of the text (Answer: x, A: x, #### x, \\boxed{x}, <answer>x</answer> or ' +
    '"the answer is x", the last one) with every accepted one: as normalised text, or as numbers ' +
    'with thousands separators, currency signs, percent, fractions and trailing zeros. Whole ' +
    'numbers must be equal; others may differ by one millionth of the expected one. A unit after ' +
    'the number is left aside when the expected answer is a bare number, and else must be the same. ' +
    'A text without a final answer is wrong.',
  inputs: ['text', 'expected', 'alternatives'],
  cost: 'FREE',
  isMock: false,
  ranks: true,
  needsEndpoint: false,
  judge: ({ text, expected, alternatives }: JudgedItem) =>
    [expected, ...alternatives]
      .map((accepted) => ({ ...hold(text, accepted), expected: accepted }))
      .reduce((best, next) => (next.score > best.score ? next : best)),
} satisfies Judge;

/** Holds a text against one accepted answer. */
function hold(text: string, expected: string): Judgement {
  const wanted = extractAnswer(expected, true)?.answer ?? expected;
  const found = extractAnswer(text, wanted.trim().includes('\n'));
  if (!found) return { correct: false, score: 0, extracted: null, rule: 'NONE_FOUND' };
  const match = matchAnswer(found.answer, wanted);
  const correct = match !== 'DIFFERENT';
  return {
    correct,
    score: correct ? 1 : 0,
    extracted: found.answer,
    rule: `${found.form}:${match}`,
  };
}
