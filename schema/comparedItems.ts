import type { ComparedItem } from '../server/evaluations/compareItems.ts';
import type { Compared, FlipKind as Kind } from '../server/evaluations/comparePairs.ts';
import { type AlignedStep, alignTexts, MOST_STEPS } from '../server/evaluations/compareSteps.ts';
import { builder } from './builder.ts';
import { idOrNone } from './ids.ts';
import { StepPairKind } from './traceComparison.ts';

type Item = ComparedItem & { of: Compared };

export const FlipKind = builder.enumType('FlipKind', {
  description: 'What became of an item from baseline to candidate. Lists show them in this order.',
  values: {
    BROKEN: { description: 'Right before, wrong now.' },
    FIXED: { description: 'Wrong before, right now.' },
    BOTH_RIGHT: { description: 'Right on both sides.' },
    BOTH_WRONG: { description: 'Wrong on both sides.' },
    UNSCORED: { description: 'Not judged on both sides; it counts for nothing.' },
  } satisfies Record<Kind, object>,
});

const OutputStepPair = builder.objectRef<AlignedStep>('OutputStepPair').implement({
  description:
    'A step of one generated text, and the step of the other that does the same, if any.',
  fields: (t) => ({
    kind: t.expose('kind', { type: StepPairKind, description: 'What became of the step.' }),
    baseIndex: t.exposeInt('baseIndex', {
      nullable: true,
      description: 'Its place among the steps of the baseline, from 0; null for INSERTED.',
    }),
    otherIndex: t.exposeInt('otherIndex', {
      nullable: true,
      description: 'Its place among the steps of the candidate, from 0; null for DELETED.',
    }),
    base: t.exposeString('base', {
      nullable: true,
      description: 'The step of the baseline; null for INSERTED.',
    }),
    other: t.exposeString('other', {
      nullable: true,
      description: 'The step of the candidate; null for DELETED.',
    }),
    similarity: t.exposeFloat('similarity', {
      description: 'How alike they are, 0–1; 1 for equal texts alone, 0 without a partner.',
    }),
  }),
});

const ItemComparison = builder.objectRef<Item>('ItemComparison').implement({
  description: 'One item on both sides.',
  fields: (t) => {
    const item = (side: 'baseline' | 'candidate', description: string) =>
      t.prismaField({
        type: 'EvaluationItem',
        nullable: true,
        description,
        resolve: (query, row, _args, { app }) => {
          const position = row[`${side}Position`];
          const evaluationId = row.of[side];
          // No item stands at -1; the query is made anyway, as Pothos asks for.
          return app.db.evaluationItem.findUnique({
            ...query,
            where: { evaluationId_position: { evaluationId, position: position ?? -1 } },
          });
        },
      });
    return {
      position: t.exposeInt('position', { description: 'Order in dataset or set, from 0.' }),
      kind: t.expose('kind', { type: FlipKind, description: 'What became of it.' }),
      trace: t.prismaField({
        type: 'Trace',
        nullable: true,
        description: 'The held-out trace; null for an item of an evaluation set.',
        resolve: (query, { traceId }, _args, { app }) =>
          app.db.trace.findUnique({ ...query, where: { id: idOrNone('Trace', traceId ?? '') } }),
      }),
      setItem: t.prismaField({
        type: 'EvaluationSetItem',
        nullable: true,
        description: 'The item of the evaluation set; null for a trace.',
        resolve: (query, { setItemId }, _args, { app }) =>
          app.db.evaluationSetItem.findUnique({
            ...query,
            where: { id: idOrNone('EvaluationSetItem', setItemId ?? '') },
          }),
      }),
      prompt: t.exposeString('prompt', { description: 'What the model was asked.' }),
      expected: t.exposeString('expected', { description: 'The expected answer.' }),
      baselineItem: item(
        'baseline',
        'What the judge said of the baseline; null where it is missing.',
      ),
      candidateItem: item(
        'candidate',
        'What the judge said of the candidate; null where it is missing.',
      ),
      baselineText: t.exposeString('baselineText', {
        nullable: true,
        description: 'What the baseline wrote; null where nothing was predicted.',
      }),
      candidateText: t.exposeString('candidateText', {
        nullable: true,
        description: 'What the candidate wrote; null where nothing was predicted.',
      }),
      steps: t.field({
        type: [OutputStepPair],
        description:
          'The steps of both texts in order, aligned as in `compareTraces`: numbered lines, or where ' +
          `none is numbered every line; at most ${MOST_STEPS} of each text.`,
        resolve: ({ baselineText, candidateText }) => alignTexts(baselineText, candidateText).steps,
      }),
      firstDivergence: t.int({
        nullable: true,
        description:
          'Place in `steps` of the first pair that is neither SAME nor REWORDED; null when there is ' +
          'none.',
        resolve: ({ baselineText, candidateText }) =>
          alignTexts(baselineText, candidateText).firstDivergence,
      }),
    };
  },
});

export const ItemComparisonConnection = builder.connectionObject(
  {
    type: ItemComparison,
    name: 'ItemComparisonConnection',
    description: 'A page of the items of two evaluations.',
  },
  { name: 'ItemComparisonConnectionEdge', description: 'An item on a page.' },
);
