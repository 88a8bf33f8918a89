import { type Marker, readMarkers } from '../server/runs/markers.ts';
import { type MetricRow, readSeries, type SeriesQuery } from '../server/runs/metricsRead.ts';
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

export const MetricPoint = builder.objectRef<MetricRow>('MetricPoint').implement({
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
    attempt: t.exposeInt('attempt', {
      description:
        'The attempt that reported it; 0 for what a resumed run took over from its parent.',
    }),
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

type Window = { names?: string[] | null } & Partial<
  Record<'maxPoints' | 'fromStep' | 'toStep' | 'attempt', number | null>
>;

const MAX_STEP = 2 ** 31 - 1;

/** What the arguments of a field with curves ask for. */
export const toSeriesQuery = ({
  names,
  maxPoints,
  fromStep,
  toStep,
  attempt,
}: Window): SeriesQuery => ({
  names: names ?? null,
  maxPoints: Math.min(10_000, Math.max(2, maxPoints ?? 1000)),
  fromStep: fromStep ?? 0,
  toStep: toStep ?? MAX_STEP,
  attempt: attempt ?? null,
});

const MarkerKind = builder.enumType('MarkerKind', {
  description: 'What is marked on the curves of a run.',
  values: {
    CHECKPOINT: { description: 'A checkpoint is complete.' },
    RESTART: { description: 'An attempt goes on from this step.' },
    EVALUATION: { description: 'The EVAL side has been answered, to be judged.' },
    CANCEL: { description: 'Somebody asked the run to stop.' },
  } satisfies Record<Marker['kind'], object>,
});

const MetricMarker = builder.objectRef<Marker>('MetricMarker').implement({
  description: 'Something that happened at a step.',
  fields: (t) => ({
    kind: t.expose('kind', { type: MarkerKind, description: 'What happened.' }),
    step: t.exposeInt('step', { description: 'At which update.' }),
    attempt: t.exposeInt('attempt', { description: 'In which attempt.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    label: t.exposeString('label', { description: 'A few words for a tooltip.' }),
  }),
});

builder.prismaObjectFields('Run', (t) => ({
  metrics: t.field({
    type: [MetricSeries],
    description:
      'Its series; each step from the newest attempt, unless one is asked for. Spikes survive ' +
      'thinning.',
    args: {
      names: t.arg.stringList({ description: 'Only these series: `train/loss`.' }),
      maxPoints: t.arg.int({ description: 'Points of a series: 2–10 000, 1000 by default.' }),
      fromStep: t.arg.int({ description: 'From this step on; from the first without.' }),
      toStep: t.arg.int({ description: 'Up to this step; up to the last without.' }),
      attempt: t.arg.int({
        description:
          'Only what this attempt reported, replaced by a later one or not; 0 for what a resumed ' +
          'run took over. Without series when it reported nothing.',
      }),
    },
    select: { id: true },
    resolve: async ({ id }, args, { app }) => {
      const series = await readSeries(app.sql, id, toSeriesQuery(args));
      return [...series].map(([name, points]) => ({ name, points }));
    },
  }),
  markers: t.field({
    type: [MetricMarker],
    description: 'What to mark on its curves, in order of time.',
    select: { id: true },
    resolve: ({ id }, _args, { app }) => readMarkers(app.sql, id),
  }),
}));
