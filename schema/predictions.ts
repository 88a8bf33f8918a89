import { builder } from './builder.ts';
import { Split } from './datasets.ts';

builder.prismaNode('Prediction', {
  id: { field: 'id' },
  nullable: true,
  description: 'What the trained model wrote for one held-out trace.',
  fields: (t) => ({
    split: t.expose('split', { type: Split, description: 'The side the trace stands on.' }),
    trace: t.relation('trace', { description: 'The trace.' }),
    expected: t.exposeString('expected', { description: 'The answer the trace has.' }),
    text: t.exposeString('text', { description: 'What the model wrote.' }),
    tokens: t.exposeInt('tokens', { nullable: true, description: 'Tokens it wrote.' }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'Why there is no text, when there is none.',
    }),
  }),
});
