import type { MetricRow } from '../server/runs/read.ts';
import { builder } from './builder.ts';

const FloatKind = builder.enumType('FloatKind', {
  description: 'What kind of number a value is; JSON has none of the last three.',
  values: {
    FINITE: { description: 'An ordinary number.' },
    NAN: { description: 'Not a number: the training diverged.' },
    POSITIVE_INFINITY: { description: 'Beyond every number.' },
    NEGATIVE_INFINITY: { description: 'Below every number.' },
  } as const,
});

const MetricPoint = builder.objectRef<MetricRow>('MetricPoint').implement({
  description: 'One value of a series.',
  fields: (t) => ({
    step: t.exposeInt('step', { description: 'The update it belongs to.' }),
    value: t.float({
      nullable: true,
      description: 'The value; null when it is not finite, see `kind`.',
      resolve: ({ value }) => (Number.isFinite(value) ? value : null),
    }),
    kind: t.field({
      type: FloatKind,
      description: 'What kind of number it is.',
      resolve: ({ value }) => {
        if (Number.isFinite(value)) return 'FINITE' as const;
        if (Number.isNaN(value)) return 'NAN' as const;
        return value > 0 ? ('POSITIVE_INFINITY' as const) : ('NEGATIVE_INFINITY' as const);
      },
    }),
    attempt: t.exposeInt('attempt', { description: 'The attempt that reported it.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When the trainer reported it.' }),
  }),
});

export const MetricSeries = builder
  .objectRef<{ name: string; points: MetricRow[] }>('MetricSeries')
  .implement({
    description: 'One named curve.',
    fields: (t) => ({
      name: t.exposeString('name', { description: '`train/loss`, `eval/loss`, …' }),
      points: t.field({
        type: [MetricPoint],
        description: 'Its values by step.',
        resolve: ({ points }) => points,
      }),
    }),
  });
