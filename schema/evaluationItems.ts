import {
  type ItemOutcome as ItemOutcomeShape,
  outcomeOf,
} from '../server/evaluations/itemsFilter.ts';
import { promptOf } from '../server/evaluations/model.ts';
import { builder } from './builder.ts';

export const ItemOutcome = builder.enumType('ItemOutcome', {
  description: 'What became of an item: exactly one of these.',
  values: {
    CORRECT: { description: 'The judge says that it is right.' },
    WRONG: { description: 'The judge says that it is not.' },
    FAILED: { description: 'It could not be judged; see `error`.' },
    NO_ANSWER: {
      description: 'There is no prediction, or no final answer in it; it counts as wrong.',
    },
  } satisfies Record<ItemOutcomeShape, object>,
});

builder.prismaObject('EvaluationItem', {
  description: 'What the judge said of one held-out item.',
  fields: (t) => ({
    position: t.exposeInt('position', { description: 'Order in dataset or set, from 0.' }),
    outcome: t.field({
      type: ItemOutcome,
      description: 'What became of it.',
      select: { correct: true, error: true, rule: true },
      resolve: outcomeOf,
    }),
    correct: t.exposeBoolean('correct', { description: 'Whether the answer is right.' }),
    score: t.exposeFloat('score', { description: '0–1.' }),
    expected: t.exposeString('expected', {
      description:
        'The final answer of the trace; of several accepted answers the one that fits best.',
    }),
    extracted: t.exposeString('extracted', {
      nullable: true,
      description: 'The answer found in the generated text; null when none was found.',
    }),
    rule: t.exposeString('rule', {
      description:
        'How the answer was found and how it matched, or what else decided: `TEMPLATE:NUMBER`, ' +
        '`BOXED:DIFFERENT`, `NONE_FOUND`, `NO_PREDICTION`, `NOT_GENERATED`, `VERDICT:PASS`, `UNJUDGED`.',
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'Why it could not be judged, a sentence; it is neither right nor wrong then.',
    }),
    details: t.expose('details', {
      type: 'JSON',
      description:
        'What else the judge says: measures, first difference, verdict, reasoning, raw reply.',
    }),
    trace: t.relation('trace', {
      nullable: true,
      description: 'The held-out trace; null for an item of an evaluation set.',
    }),
    setItem: t.relation('setItem', {
      nullable: true,
      description: 'The item of the evaluation set; null for a trace.',
    }),
    prompt: t.string({
      description: 'What the model was asked.',
      select: {
        trace: { select: { payload: true } },
        setItem: { select: { prompt: true } },
      },
      resolve: promptOf,
    }),
    prediction: t.relation('prediction', {
      nullable: true,
      description: 'What the model wrote; null when there is no prediction, which counts as wrong.',
    }),
  }),
});
