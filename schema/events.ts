import type { RunEventKind as RunEventKindValue } from '../prisma/generated/client/enums.ts';
import {
  followEvents,
  followRuns,
  type RunStreamEvent as RunStreamEventShape,
} from '../server/runs/follow.ts';
import type { MetricRow } from '../server/runs/metricsRead.ts';
import { type RunEventRow, readEvents } from '../server/runs/read.ts';
import { builder } from './builder.ts';
import { localId } from './ids.ts';
import { MetricSeries } from './metrics.ts';
import { nothing, StreamCompleted, StreamPhase } from './phases.ts';
import { runOf } from './runs.ts';

const RunEventKind = builder.enumType('RunEventKind', {
  description: 'What happened.',
  values: {
    QUEUED: { description: 'It was made.' },
    CLAIMED: { description: 'A runner took it.' },
    STARTED: { description: 'The training process runs; versions and devices are in `data`.' },
    DATA_READY: { description: 'The data is tokenised; counts are in `data`.' },
    RESTORED: { description: 'Training goes on from the step in `data`.' },
    PROGRESS: { description: 'Not sent yet: progress is a field of the run.' },
    CHECKPOINT: {
      description: 'The checkpoint of the step in `data` is stored; any runner can go on from it.',
    },
    PREDICTIONS: { description: 'Held-out items are being answered.' },
    EXPORTED: { description: 'The trained model is written.' },
    ARTIFACTS: {
      description: 'Its files are stored and listed: `files` and `bytes` are in `data`.',
    },
    CANCEL_REQUESTED: { description: 'Somebody asked it to stop.' },
    ATTEMPT_LOST: { description: 'A runner or its process died.' },
    ATTEMPT_RELEASED: { description: 'A runner was stopped in order.' },
    ATTEMPT_FAILED: { description: 'An attempt of its training failed.' },
    PRIORITY_CHANGED: { description: 'It waits with the priority in `data`.' },
    ARCHIVED: { description: 'It left the lists.' },
    UNARCHIVED: { description: 'It came back to the lists.' },
    COMPLETED: { description: 'It did all its work.' },
    FAILED: { description: 'It broke.' },
    TIMEOUT: { description: 'Its time was over.' },
    CANCELLED: { description: 'It was stopped.' },
    EVALUATED: { description: 'Its predictions were judged.' },
  } satisfies Record<RunEventKindValue, object>,
});

const RunEvent = builder.objectRef<RunEventRow>('RunEvent').implement({
  description: 'Something that happened to a run.',
  fields: (t) => ({
    seq: t.expose('seq', { type: 'BigInt', description: 'Its number in the run, from 1.' }),
    attempt: t.exposeInt('attempt', { description: 'The attempt it belongs to; 0 before any.' }),
    kind: t.expose('kind', { type: RunEventKind, description: 'What happened.' }),
    data: t.field({ type: 'JSON', description: 'Its particulars.', resolve: ({ data }) => data }),
    at: t.expose('createdAt', { type: 'DateTime', description: 'When it happened.' }),
  }),
});

const RunEventPage = builder
  .objectRef<{ events: RunEventRow[]; hasMore: boolean; after: number }>('RunEventPage')
  .implement({
    description: 'Some of the events of a run.',
    fields: (t) => ({
      events: t.field({
        type: [RunEvent],
        description: 'The events.',
        resolve: ({ events }) => events,
      }),
      endSeq: t.field({
        type: 'BigInt',
        description: 'The cursor for the next call.',
        resolve: ({ events, after }) => events.at(-1)?.seq ?? after,
      }),
      hasMore: t.exposeBoolean('hasMore', { description: 'Whether more is stored already.' }),
    }),
  });

const RunEventNotice = builder
  .objectRef<Extract<RunStreamEventShape, { kind: 'event' }>>('RunEventNotice')
  .implement({
    description: 'An event, and the run after it.',
    fields: (t) => ({
      event: t.field({
        type: RunEvent,
        description: 'What happened.',
        resolve: ({ event }) => event,
      }),
      run: t.prismaField(runOf('The run as it is now.')),
    }),
  });

const MetricUpdate = builder
  .objectRef<Extract<RunStreamEventShape, { kind: 'metrics' }>>('MetricUpdate')
  .implement({
    description: 'New points of the curves.',
    fields: (t) => ({
      series: t.field({
        type: [MetricSeries],
        description: 'The new points, by series.',
        resolve: ({ points }) =>
          [...Map.groupBy(points, (point: MetricRow) => point.name)].map(([name, group]) => ({
            name,
            points: group,
          })),
      }),
      lastSeq: t.field({
        type: 'BigInt',
        description: 'The cursor `metricsAfter` to go on from.',
        resolve: ({ points }) => points.at(-1)?.seq ?? 0,
      }),
      run: t.prismaField(runOf('The run as it is now.')),
    }),
  });

const RunStreamEvent = builder.unionType('RunStreamEvent', {
  description: 'A message of the event stream.',
  types: [RunEventNotice, MetricUpdate, StreamPhase, StreamCompleted],
  resolveType: (event) => {
    switch ((event as RunStreamEventShape).kind) {
      case 'event':
        return RunEventNotice;
      case 'metrics':
        return MetricUpdate;
      case 'phase':
        return StreamPhase;
      default:
        return StreamCompleted;
    }
  },
});

const RunsChangedEvent = builder.objectRef<{ runId: string }>('RunsChangedEvent').implement({
  description: 'A run that is new or has changed.',
  fields: (t) => ({ run: t.prismaField(runOf('The run as it is now.')) }),
});

builder.queryFields((t) => ({
  runEvents: t.field({
    type: RunEventPage,
    nullable: true,
    description: 'A page of the events; the twin of the subscription. Null when there is no run.',
    authScopes: { scope: 'READ' },
    args: {
      runId: t.arg.id({ required: true, description: 'The `id` of a run.' }),
      after: t.arg({ type: 'BigInt', description: 'Only events after this one; 0.' }),
      first: t.arg.int({ description: 'At most this many: 1–1000; 500.' }),
    },
    resolve: async (_root, args, { app }) => {
      const id = localId('Run', args.runId);
      if (!id || !(await app.db.run.findUnique({ where: { id }, select: { id: true } })))
        return null;
      const after = args.after ?? 0;
      const first = Math.min(1000, Math.max(1, args.first ?? 500));
      return { after, ...(await readEvents(app.sql, id, after, first)) };
    },
  }),
}));

builder.subscriptionFields((t) => ({
  runEvents: t.field({
    type: RunStreamEvent,
    description:
      'The events after your cursor, then as they happen, with metric points as they come. Ends by ' +
      'itself after StreamCompleted, when the run and its evaluations are done; at once when there ' +
      'is no such run.',
    authScopes: { scope: 'READ' },
    args: {
      runId: t.arg.id({ required: true, description: 'The `id` of a run.' }),
      after: t.arg({ type: 'BigInt', description: 'Only events after this one; 0.' }),
      metricsAfter: t.arg({
        type: 'BigInt',
        description: 'Metric points after this one (`Run.lastMetricSeq`); from now on without.',
      }),
    },
    subscribe: (_root, { runId, after, metricsAfter }, { app }) => {
      const id = localId('Run', runId);
      return id
        ? followEvents(app, id, after ?? 0, metricsAfter ?? null)
        : nothing<RunStreamEventShape>();
    },
    resolve: (event) => event,
  }),
  runsChanged: t.field({
    type: RunsChangedEvent,
    description: 'First every run that is not finished, then each run that is new or changes.',
    authScopes: { scope: 'READ' },
    subscribe: (_root, _args, { app }) => followRuns(app),
    resolve: (event) => event,
  }),
}));
