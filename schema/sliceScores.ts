import type { SliceScore } from '../server/evaluations/measure.ts';
import { builder } from './builder.ts';
import { ConfidenceInterval } from './confidenceInterval.ts';

export const SliceKind = builder.enumType('SliceKind', {
  description: 'The field by which an evaluation set is cut into parts.',
  values: {
    SECTION: { description: 'Its part of the set.' },
    CATEGORY: { description: 'What it is about.' },
    DIFFICULTY: { description: 'How hard it is.' },
  } satisfies Record<SliceScore['by'], object>,
});

export const SliceScoreType = builder.objectRef<SliceScore>('SliceScore').implement({
  description: 'How well one part of an evaluation set went.',
  fields: (t) => ({
    by: t.expose('by', { type: SliceKind, description: 'The field.' }),
    value: t.exposeString('value', { description: 'Its value.' }),
    items: t.exposeInt('items', { description: 'Items that have it.' }),
    correct: t.exposeInt('correct', { description: 'Those that are right.' }),
    accuracy: t.exposeFloat('accuracy', { description: 'Their share, 0–1.' }),
    interval: t.expose('interval', {
      type: ConfidenceInterval,
      nullable: true,
      description: 'Wilson 95 % interval of `accuracy`.',
    }),
  }),
});
