import { extractAnswer } from './extract.ts';
import type { Judge } from './judge.ts';
import { matchAnswer } from './match.ts';

/**
 * Right or wrong by the final answer alone: the reasoning before it is not looked at.
 *
 * The answer is what stands last in one of the known forms (`extract.ts`); a text without any is
 * wrong, even when the expected words occur in it. `match.ts` says what counts as equal. An expected
 * answer that is itself written in one of the forms is unwrapped the same way. `rule` says how the
 * answer was found and how it matched: `TEMPLATE:NUMBER`, `BOXED:DIFFERENT`, `NONE_FOUND`.
 */
export const answerCorrectness: Judge = {
  name: 'answer_correctness',
  version: 1,
  description:
    'Compares the final answer of the text (Answer: x, #### x, \\boxed{x}, <answer>x</answer> or ' +
    '"the answer is x", the last one) with the expected one, as normalised text and as numbers.',
  judge(text, expected) {
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
  },
};
