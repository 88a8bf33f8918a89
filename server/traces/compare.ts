import { normalisePrompt } from '../lib/text.ts';
import {
  alignSteps,
  type StepPair,
  type StepPairKind,
  type ValueDifference,
} from './compareAlign.ts';
import { NUMBER, numberKey } from './compareValues.ts';
import type { TracePayload } from './model.ts';

export type Comparison = {
  pairs: StepPair[];
  /** Place in `pairs` of the first that is neither SAME nor REWORDED; null when there is none. */
  firstDivergence: number | null;
  answerChanged: boolean;
  /** Of all pairs, with the place of theirs. */
  valueConflicts: (ValueDifference & { pair: number })[];
  counts: Record<StepPairKind, number>;
};

/** What two answers must share to be equal: case, space, a last full stop and `1,000` do not count. */
const answerKey = (answer: string): string =>
  normalisePrompt(answer)
    .replace(NUMBER, (number) => numberKey(number))
    .replace(/[.。]$/u, '');

/** Compares two recorded solutions step by step. */
export function compareTraces(base: TracePayload, other: TracePayload): Comparison {
  const contents = (trace: TracePayload) => trace.steps.map((step) => step.content);
  const pairs = alignSteps(contents(base), contents(other));
  const counts = { SAME: 0, REWORDED: 0, CHANGED: 0, INSERTED: 0, DELETED: 0 };
  for (const { kind } of pairs) counts[kind] += 1;
  const divergence = pairs.findIndex(({ kind }) => kind !== 'SAME' && kind !== 'REWORDED');
  return {
    pairs,
    firstDivergence: divergence === -1 ? null : divergence,
    answerChanged: answerKey(base.final_answer) !== answerKey(other.final_answer),
    valueConflicts: pairs.flatMap(({ valueConflicts }, pair) =>
      valueConflicts.map((conflict) => ({ ...conflict, pair })),
    ),
    counts,
  };
}
