/** Aligns the steps of two generated texts. */
import { alignSteps, type StepPair } from '../traces/compareAlign.ts';

/** Steps of one text that are compared, so that a page of long texts takes no seconds. */
export const MOST_STEPS = 100;

const NUMBERED = /^\s*(?:\d{1,4}[.)]|step\s+\d{1,4}\s*[.:)])\s+/i;
const HEADING = /^\s*reasoning\s*:\s*/i;
const ANSWER = /^[\s*_>#-]*(?:final\s+)?answer[\s*_]*:/i;

/**
 * The steps a model wrote: the numbered lines of the training template, each with the lines that
 * follow it, or where none is numbered every line. The heading and the answer are no steps.
 */
export function stepsOf(text: string): string[] {
  const lines = text.replace(HEADING, '').split(/\r?\n/);
  const end = lines.findIndex((line) => ANSWER.test(line));
  const body = (end === -1 ? lines : lines.slice(0, end)).filter((line) => line.trim() !== '');
  if (!body.some((line) => NUMBERED.test(line))) return body.map((line) => line.trim());
  const steps: string[] = [];
  for (const line of body) {
    const content = line.replace(NUMBERED, '').trim();
    if (NUMBERED.test(line) || steps.length === 0) steps.push(content);
    else steps.push(`${steps.pop()}\n${content}`);
  }
  return steps;
}

export type AlignedStep = StepPair & { base: string | null; other: string | null };

export type AlignedTexts = {
  steps: AlignedStep[];
  /** Place in `steps` of the first that is neither SAME nor REWORDED; null when there is none. */
  firstDivergence: number | null;
};

/** The steps of two texts side by side, at most `MOST_STEPS` of each; no text has no steps. */
export function alignTexts(baseline: string | null, candidate: string | null): AlignedTexts {
  const [base, other] = [baseline, candidate].map((text) =>
    stepsOf(text ?? '').slice(0, MOST_STEPS),
  );
  const steps = alignSteps(base ?? [], other ?? []).map((pair) => ({
    ...pair,
    base: base?.[pair.baseIndex ?? -1] ?? null,
    other: other?.[pair.otherIndex ?? -1] ?? null,
  }));
  const divergence = steps.findIndex(({ kind }) => kind !== 'SAME' && kind !== 'REWORDED');
  return { steps, firstDivergence: divergence === -1 ? null : divergence };
}
