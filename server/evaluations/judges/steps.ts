/** Takes a generated text apart into the steps of its reasoning. */
import { END } from './extract.ts';

/** The line of the final answer; it and what follows is no reasoning. */
const ANSWER = /^[ \t*_>#-]{0,9}(?:(?:final[ \t]{1,3})?answer[ \t*_]{0,9}:|####)/i;
const SHORT_ANSWER = /^[ \t*_>-]{0,9}A[*_]{0,2}:/;
const HEADING = /^[ \t*_#]{0,9}reasoning[ \t*_]{0,9}:[ \t*_]{0,9}$/i;
const NUMBERED = /^[ \t]{0,9}(?:step[ \t]{1,3})?\d{1,4}[.):][ \t]+/i;
const BULLET = /^[ \t]{0,9}[-*•][ \t]+/;

/**
 * The steps of a text in the template of the training data, and of one without it. What stands
 * before the last line of a final answer counts, without a heading `Reasoning:`. Where lines are
 * numbered (`1. x`) each number begins a step; else each line that is not empty is one.
 */
export function stepsOf(text: string): string[] {
  const lines = (text.split(END, 1)[0] ?? '').split('\n');
  const end = lines.findLastIndex((line) => ANSWER.test(line) || SHORT_ANSWER.test(line));
  const body = lines
    .slice(0, end === -1 ? undefined : end)
    .filter((line) => line.trim() && !HEADING.test(line));
  if (!body.some((line) => NUMBERED.test(line))) {
    return body.map((line) => line.replace(BULLET, '').trim());
  }
  const steps: string[][] = [];
  for (const line of body) {
    const isNew = NUMBERED.test(line) || steps.length === 0;
    if (isNew) steps.push([line.replace(NUMBERED, '').trim()]);
    else steps.at(-1)?.push(line.trim());
  }
  return steps.map((step) => step.join('\n'));
}
