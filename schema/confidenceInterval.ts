import type { Interval } from '../server/lib/stats.ts';
import { builder } from './builder.ts';

export const ConfidenceInterval = builder.objectRef<Interval>('ConfidenceInterval').implement({
  description: 'The range that holds the true value with 95 % confidence (Wilson).',
  fields: (t) => ({
    low: t.exposeFloat('low', { description: 'Lower end.' }),
    high: t.exposeFloat('high', { description: 'Upper end.' }),
  }),
});
