import { builder } from './builder.ts';

export const Split = builder.enumType('Split', {
  description: 'The side of a dataset an item stands on.',
  values: {
    TRAIN: { description: 'What the model learns from.' },
    EVAL: { description: 'What the loss is watched on during training.' },
    TEST: { description: 'What is held out and judged at the end.' },
  } as const,
});
