/** Aligns the steps of two solutions. Pure: the same steps give the same pairs, on any machine. */
import { occurrences, shared, sharedRows } from './compareOverlap.ts';
import { readStep, type StepValues, type Value } from './compareValues.ts';

/** Shares of similarity: how many words and signs two steps have in common, and how many values. */
export const TOKEN_WEIGHT = 0.7;
export const VALUE_WEIGHT = 0.3;
/** Below this two steps have nothing to do with each other and are never paired. */
export const PAIR_MIN = 0.35;
/** From this on, two steps with the same values say the same in other words. */
export const REWORDED_MIN = 0.5;
/** Words of a step that find its partner, so that 1000 × 1000 long steps take less than a second. */
const HEAD = 200;
/** Similarity is counted in ten-thousandths, so that no order of adding changes a sum. */
const UNIT = 10_000;

export type StepPairKind = 'SAME' | 'REWORDED' | 'CHANGED' | 'INSERTED' | 'DELETED';

/** A number or expression of one side and what the other side has in its place. */
export type ValueDifference = { base: string; other: string };

export type StepPair = {
  kind: StepPairKind;
  /** Places in the lists, from 0; null on the side that has no such step. */
  baseIndex: number | null;
  otherIndex: number | null;
  /** 0–1, four decimals; 0 for a step without a partner. */
  similarity: number;
  valueConflicts: ValueDifference[];
};

type Step = ReturnType<typeof readOne>;

function readOne(text: string) {
  const { tokens, values } = readStep(text);
  return {
    text,
    values,
    tokens: occurrences(tokens),
    numbers: occurrences(values.numbers),
    compounds: occurrences(keysOf(values.compound)),
  };
}

/** The part of a step that finds its partner; what pairs is then compared in full. */
const headOf = (step: Step): Step => ({
  ...step,
  tokens: step.tokens.slice(0, HEAD),
  numbers: step.numbers.slice(0, HEAD),
  compounds: step.compounds.slice(0, HEAD),
});

/** What two steps have in common, as counts. */
type Shared = { tokens: number; numbers: number; compounds: number };

/** Dice coefficient, 0–1: twice what is shared by all there is. */
const dice = (common: number, a: readonly unknown[], b: readonly unknown[]): number =>
  a.length + b.length > 0 ? (2 * common) / (a.length + b.length) : 0;

/** How far the values of two steps agree, 0–1; null when neither has any. */
function agreement(a: Step, b: Step, common: Shared): number | null {
  // Who says in words what the other writes as an equation does not contradict it.
  const compounds =
    a.compounds.length > 0 && b.compounds.length > 0
      ? dice(common.compounds, a.compounds, b.compounds)
      : null;
  if (a.numbers.length + b.numbers.length === 0) return compounds;
  const numbers = dice(common.numbers, a.numbers, b.numbers);
  return compounds === null ? numbers : (numbers + compounds) / 2;
}

/** Similarity in ten-thousandths. */
function similarity(a: Step, b: Step, common: Shared): number {
  if (a.text === b.text) return UNIT;
  const words = dice(common.tokens, a.tokens, b.tokens);
  const values = agreement(a, b, common);
  const blend = values === null ? words : words * TOKEN_WEIGHT + values * VALUE_WEIGHT;
  // Only equal texts are quite the same.
  return Math.min(UNIT - 1, Math.round(blend * UNIT));
}

/** Similarity of every pair, row by row. */
function similarities(base: Step[], other: Step[]): Uint16Array {
  const result = new Uint16Array(base.length * other.length);
  const rows = (part: keyof Shared) =>
    sharedRows(
      base.map((step) => step[part]),
      other.map((step) => step[part]),
    );
  const [tokens, numbers, compounds] = [rows('tokens'), rows('numbers'), rows('compounds')];
  let at = 0;
  for (const step of base) {
    const words = tokens.next().value;
    const values = numbers.next().value;
    const sums = compounds.next().value;
    for (const [column, twin] of other.entries()) {
      const common = {
        tokens: words?.[column] ?? 0,
        numbers: values?.[column] ?? 0,
        compounds: sums?.[column] ?? 0,
      };
      result[at++] = similarity(step, twin, common);
    }
  }
  return result;
}

/**
 * Pairs the steps of two solutions in their order (Needleman–Wunsch): of all ways, the one with the
 * most similarity above `PAIR_MIN`. Swapping the lists swaps INSERTED and DELETED and nothing else.
 */
export function alignSteps(
  baseTexts: readonly string[],
  otherTexts: readonly string[],
): StepPair[] {
  const base = baseTexts.map(readOne);
  const other = otherTexts.map(readOne);
  const similar = similarities(base.map(headOf), other.map(headOf));
  const [height, width] = [base.length, other.length];
  const least = PAIR_MIN * UNIT;
  // best[i][j]: what the steps from i and from j on can reach.
  const stride = width + 1;
  const best = new Int32Array((height + 1) * stride);
  for (let i = height - 1; i >= 0; i--) {
    for (let j = width - 1; j >= 0; j--) {
      const found = similar[i * width + j] as number;
      const paired =
        found >= least ? found - least + 1 + (best[(i + 1) * stride + j + 1] as number) : 0;
      const skipped = Math.max(
        best[(i + 1) * stride + j] as number,
        best[i * stride + j + 1] as number,
      );
      best[i * stride + j] = Math.max(paired, skipped);
    }
  }
  const pairs: StepPair[] = [];
  let [i, j] = [0, 0];
  while (i < height && j < width) {
    const found = similar[i * width + j] as number;
    const here = best[i * stride + j] as number;
    const [a, b] = [base[i] as Step, other[j] as Step];
    if (found >= least && here === found - least + 1 + (best[(i + 1) * stride + j + 1] as number)) {
      pairs.push(pairOf(a, b, i++, j++));
      continue;
    }
    const down = best[(i + 1) * stride + j] as number;
    const right = best[i * stride + j + 1] as number;
    // Of two equal ways, one that does not ask which list is which.
    const isDeleted = down === right ? a.text <= b.text : down > right;
    pairs.push(isDeleted ? alone('DELETED', i++, null) : alone('INSERTED', null, j++));
  }
  while (i < height) pairs.push(alone('DELETED', i++, null));
  while (j < width) pairs.push(alone('INSERTED', null, j++));
  return pairs;
}

const alone = (
  kind: 'INSERTED' | 'DELETED',
  baseIndex: number | null,
  otherIndex: number | null,
): StepPair => ({ kind, baseIndex, otherIndex, similarity: 0, valueConflicts: [] });

function pairOf(a: Step, b: Step, baseIndex: number, otherIndex: number): StepPair {
  const common = {
    tokens: shared(a.tokens, b.tokens),
    numbers: shared(a.numbers, b.numbers),
    compounds: shared(a.compounds, b.compounds),
  };
  const at = { baseIndex, otherIndex, similarity: similarity(a, b, common) / UNIT };
  if (a.text === b.text) return { kind: 'SAME', ...at, valueConflicts: [] };
  const agreed = agreement(a, b, common);
  const hasSameValues = agreed === null || agreed === 1;
  if (hasSameValues && at.similarity >= REWORDED_MIN) {
    return { kind: 'REWORDED', ...at, valueConflicts: [] };
  }
  const conflicts = hasSameValues ? [] : conflictsOf(a.values, b.values);
  return { kind: 'CHANGED', ...at, valueConflicts: conflicts };
}

/** Values that stand on one side only, the first of one with the first of the other, and so on. */
function conflictsOf(a: StepValues, b: StepValues): ValueDifference[] {
  const compounds = zip(
    without(a.compound, keysOf(b.compound)),
    without(b.compound, keysOf(a.compound)),
  );
  // A number that the other side has inside an expression is no contradiction.
  const singles = zip(without(a.single, b.numbers), without(b.single, a.numbers));
  return [...compounds, ...singles];
}

const keysOf = (values: readonly Value[]) => values.map(({ key }) => key);

/** The values that remain when each of `keys` has taken one equal to it away. */
function without(values: readonly Value[], keys: readonly string[]): Value[] {
  const taken = new Set(occurrences(keys));
  const own = occurrences(keysOf(values));
  return values.filter((_, index) => !taken.has(own[index] ?? ''));
}

const zip = (base: Value[], other: Value[]): ValueDifference[] =>
  base.flatMap((value, index) => {
    const twin = other[index];
    return twin ? [{ base: value.text, other: twin.text }] : [];
  });
