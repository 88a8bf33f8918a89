import { type Comparison, compareTraces } from '../server/traces/compare.ts';
import {
  PAIR_MIN,
  REWORDED_MIN,
  type StepPair as StepPairShape,
  TOKEN_WEIGHT,
  VALUE_WEIGHT,
  type ValueDifference,
} from '../server/traces/compareAlign.ts';
import type { TracePayload } from '../server/traces/model.ts';
import { builder } from './builder.ts';
import { idOrNone } from './ids.ts';
import { Trace, TraceStep } from './traces.ts';

export const StepPairKind = builder.enumType('StepPairKind', {
  description: 'What became of a step.',
  values: {
    SAME: { description: 'The same text.' },
    REWORDED: { description: 'Other words with the same numbers and equations.' },
    CHANGED: { description: 'The same step with other numbers or equations, or much else.' },
    INSERTED: { description: 'Only in `other`.' },
    DELETED: { description: 'Only in `base`.' },
  } as const,
});

type Conflict = ValueDifference & { pair: number };
type Side = { id: string; score: number; steps: TracePayload['steps'] };
type Shape = { base: Side; other: Side; comparison: Comparison };
type Pair = StepPairShape & { place: number; sides: Shape };

const pairAt = (shape: Shape, place: number): Pair | null => {
  const pair = shape.comparison.pairs[place];
  return pair ? { ...pair, place, sides: shape } : null;
};

const ValueConflict = builder.objectRef<Conflict>('ValueConflict').implement({
  description: 'A number or equation that stands where the other solution has another one.',
  fields: (t) => ({
    pair: t.exposeInt('pair', { description: 'Its place in `pairs`, from 0.' }),
    base: t.exposeString('base', { description: 'As `base` has it: `2^5`.' }),
    other: t.exposeString('other', { description: 'As `other` has it: `2^9`.' }),
  }),
});

const StepPair = builder.objectRef<Pair>('StepPair').implement({
  description: 'A step of one solution, and the step of the other that does the same, if any.',
  fields: (t) => ({
    kind: t.expose('kind', { type: StepPairKind, description: 'What became of the step.' }),
    baseIndex: t.exposeInt('baseIndex', {
      nullable: true,
      description: 'Its place among the steps of `base`, from 0; null for INSERTED.',
    }),
    otherIndex: t.exposeInt('otherIndex', {
      nullable: true,
      description: 'Its place among the steps of `other`, from 0; null for DELETED.',
    }),
    base: t.field({
      type: TraceStep,
      nullable: true,
      description: 'The step of `base`; null for INSERTED.',
      resolve: ({ baseIndex, sides }) => sides.base.steps[baseIndex ?? -1],
    }),
    other: t.field({
      type: TraceStep,
      nullable: true,
      description: 'The step of `other`; null for DELETED.',
      resolve: ({ otherIndex, sides }) => sides.other.steps[otherIndex ?? -1],
    }),
    similarity: t.exposeFloat('similarity', {
      description: 'How alike they are, 0–1; 1 for equal texts alone, 0 without a partner.',
    }),
    valueConflicts: t.field({
      type: [ValueConflict],
      description: 'Numbers and equations in which they differ.',
      resolve: ({ valueConflicts, place }) =>
        valueConflicts.map((conflict) => ({ ...conflict, pair: place })),
    }),
  }),
});

const StepPairCounts = builder.objectRef<Comparison['counts']>('StepPairCounts').implement({
  description: 'How many pairs there are of each kind.',
  fields: (t) => ({
    same: t.exposeInt('SAME', { description: 'Of SAME.' }),
    reworded: t.exposeInt('REWORDED', { description: 'Of REWORDED.' }),
    changed: t.exposeInt('CHANGED', { description: 'Of CHANGED.' }),
    inserted: t.exposeInt('INSERTED', { description: 'Of INSERTED.' }),
    deleted: t.exposeInt('DELETED', { description: 'Of DELETED.' }),
  }),
});

const TraceComparison = builder.objectRef<Shape>('TraceComparison').implement({
  description:
    'Two solutions with their steps aligned in order (Needleman–Wunsch), the same at every ' +
    `reading. Similarity of two steps is ${TOKEN_WEIGHT} × the words and signs they share + ` +
    `${VALUE_WEIGHT} × the numbers and equations they share, each by the Dice coefficient; without ` +
    `numbers the words alone. Below ${PAIR_MIN} they are no pair; from ${REWORDED_MIN} on with the ` +
    'same numbers they are REWORDED, else CHANGED.',
  fields: (t) => {
    const trace = (side: 'base' | 'other', description: string) =>
      t.prismaField({
        type: Trace,
        description,
        resolve: (query, shape, _args, { app }) =>
          app.db.trace.findUniqueOrThrow({ ...query, where: { id: shape[side].id } }),
      });
    return {
      base: trace('base', 'The trace that is compared with.'),
      other: trace('other', 'The trace that is compared.'),
      baseScore: t.float({
        description: 'Baseline score of `base`.',
        resolve: ({ base }) => base.score,
      }),
      otherScore: t.float({
        description: 'Baseline score of `other`.',
        resolve: ({ other }) => other.score,
      }),
      pairs: t.field({
        type: [StepPair],
        description: 'All steps of both in order.',
        resolve: (shape) =>
          shape.comparison.pairs.map((pair, place) => ({ ...pair, place, sides: shape })),
      }),
      firstDivergence: t.field({
        type: StepPair,
        nullable: true,
        description: 'Where they part: the first pair that is neither SAME nor REWORDED.',
        resolve: (shape) => pairAt(shape, shape.comparison.firstDivergence ?? -1),
      }),
      answerChanged: t.boolean({
        description:
          'Whether the final answers differ in more than case, spaces, a last full stop and the ' +
          'way numbers are written.',
        resolve: ({ comparison }) => comparison.answerChanged,
      }),
      valueConflicts: t.field({
        type: [ValueConflict],
        description: 'Numbers and equations in which pairs differ, of all pairs.',
        resolve: ({ comparison }) => comparison.valueConflicts,
      }),
      counts: t.field({
        type: StepPairCounts,
        description: 'How many pairs there are of each kind.',
        resolve: ({ comparison }) => comparison.counts,
      }),
    };
  },
});

builder.queryFields((t) => ({
  compareTraces: t.field({
    type: TraceComparison,
    nullable: true,
    description: 'Two solutions side by side; null when there is no such trace.',
    authScopes: { scope: 'READ' },
    args: {
      base: t.arg.id({ required: true, description: 'The `id` of the trace to compare with.' }),
      other: t.arg.id({ required: true, description: 'The `id` of the trace to compare.' }),
    },
    resolve: async (_root, args, { app }) => {
      const read = (id: string) =>
        app.db.trace.findUnique({
          where: { id: idOrNone('Trace', id) },
          select: { id: true, baselineScore: true, payload: true },
        });
      const [base, other] = await Promise.all([read(args.base), read(args.other)]);
      if (!base || !other) return null;
      const [left, right] = [base.payload, other.payload] as TracePayload[];
      if (!left || !right) return null;
      return {
        base: { id: base.id, score: base.baselineScore, steps: left.steps },
        other: { id: other.id, score: other.baselineScore, steps: right.steps },
        comparison: compareTraces(left, right),
      };
    },
  }),
}));
