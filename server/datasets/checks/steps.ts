/** Rules that look at the steps of one item: EMPTY_STEP, REPEATED_STEP, ANSWER_NOT_IN_LAST_STEP. */
import { codePoints, normalisePrompt } from '../../lib/text.ts';
import { type Found, type Item, stepsOf } from './model.ts';
import { wordsOf } from './words.ts';

const numbered = (steps: readonly number[]): string =>
  steps.length === 1 ? `Step ${steps[0]}` : `Steps ${steps.slice(0, 10).join(', ')}`;

/** A step without any letter, digit or sign such as `+` or an emoji. Steps are numbered from 1. */
export function emptySteps(item: Item): Found[] {
  const empty = stepsOf(item).flatMap((step, index) =>
    /[\p{L}\p{N}\p{S}]/u.test(step) ? [] : [index + 1],
  );
  if (empty.length === 0) return [];
  const verb = empty.length === 1 ? 'says' : 'say';
  const message = `${numbered(empty)} ${verb} nothing: only spaces or punctuation.`;
  return [{ code: 'EMPTY_STEP', message, data: { steps: empty } }];
}

/** Two steps that are equal but for case and spaces. Empty ones are a matter of `emptySteps`. */
export function repeatedSteps(item: Item): Found[] {
  const first = new Map<string, number>();
  const repeats: { step: number; of: number }[] = [];
  for (const [index, step] of stepsOf(item).entries()) {
    if (!/[\p{L}\p{N}\p{S}]/u.test(step)) continue;
    const text = normalisePrompt(step);
    const of = first.get(text);
    if (of === undefined) first.set(text, index + 1);
    else repeats.push({ step: index + 1, of });
  }
  const [one] = repeats;
  if (!one) return [];
  const more = repeats.length > 1 ? `, and ${repeats.length - 1} more like it` : '';
  const message = `Step ${one.step} repeats step ${one.of}${more}.`;
  return [{ code: 'REPEATED_STEP', message, data: { repeats } }];
}

/** Longer answers are texts of their own; nobody expects a step to repeat them. */
const LONG_ANSWER = 100;

const NUMBER = /^\p{Nd}/u;

/** Whether `part` stands in `whole` without a gap. */
const contains = (whole: readonly string[], part: readonly string[]): boolean =>
  ` ${whole.join(' ')} `.includes(` ${part.join(' ')} `);

/**
 * The final answer does not occur in the last step: neither its words in a row nor, when it holds
 * one number, that number (`5.0` is `5`). Case, spaces and punctuation do not count. Answers of more
 * than 100 characters or without words are not looked at.
 */
export function answerNotInLastStep(item: Item): Found[] {
  const { final_answer: answer } = item.payload;
  const last = stepsOf(item).at(-1);
  if (last === undefined || codePoints(answer) > LONG_ANSWER) return [];
  const wanted = wordsOf(answer);
  const found = wordsOf(last);
  if (wanted.length === 0 || contains(found, wanted)) return [];
  const numbers = wanted.filter((word) => NUMBER.test(word)).map(Number);
  const [number] = numbers;
  const isThere = found.some((word) => NUMBER.test(word) && Number(word) === number);
  if (numbers.length === 1 && isThere) return [];
  const message = `The last step does not come to the answer “${answer.trim()}”.`;
  return [{ code: 'ANSWER_NOT_IN_LAST_STEP', message, data: { answer } }];
}
