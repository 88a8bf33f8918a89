import { promptOf } from '../server/evaluations/model.ts';
import { builder } from './builder.ts';

builder.prismaObject('EvaluationItem', {
  description: 'What the judge said of one held-out item.',
  fields: (t) => ({
    position: t.exposeInt('position', { description: 'Order in dataset or set, from 0.' }),
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
        'How the answer was found and how it matched: `TEMPLATE:NUMBER`, `BOXED:DIFFERENT`, ' +
        '`NONE_FOUND`, `NO_PREDICTION`, `NOT_GENERATED`.',
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
