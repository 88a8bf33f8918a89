import { promptOf } from '../server/evaluations/model.ts';
import { builder } from './builder.ts';
import { Split } from './split.ts';

builder.prismaNode('Prediction', {
  id: { field: 'id' },
  nullable: true,
  description:
    'What the trained model wrote for one held-out item: a trace of the dataset, or an item of an ' +
    'evaluation set.',
  fields: (t) => ({
    split: t.expose('split', {
      type: Split,
      nullable: true,
      description: 'The side the trace stands on; null for an item of an evaluation set.',
    }),
    trace: t.relation('trace', {
      nullable: true,
      description: 'The trace; null for an item of an evaluation set.',
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
    expected: t.exposeString('expected', { description: 'The answer the held-out item has.' }),
    text: t.exposeString('text', { description: 'What the model wrote.' }),
    tokens: t.exposeInt('tokens', { nullable: true, description: 'Tokens it wrote.' }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'Why there is no text, when there is none.',
    }),
  }),
});
