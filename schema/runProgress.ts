import { progressOf, type RunProgress } from '../server/runs/progress.ts';
import { builder } from './builder.ts';

const RunProgressType = builder.objectRef<RunProgress>('RunProgress').implement({
  description: 'How far a run is.',
  fields: (t) => ({
    step: t.exposeInt('step', { description: 'Updates done.' }),
    totalSteps: t.exposeInt('totalSteps', { description: 'Updates in all.' }),
    percent: t.exposeFloat('percent', { description: '0–100.' }),
    etaSeconds: t.exposeFloat('etaSeconds', {
      nullable: true,
      description: 'Seconds of training still to come, from the last steps; null when unknown.',
    }),
    stepsPerSecond: t.exposeFloat('stepsPerSecond', {
      nullable: true,
      description: 'Speed over the last steps; null when unknown.',
    }),
    tokensPerSecond: t.exposeFloat('tokensPerSecond', {
      nullable: true,
      description: 'Tokens learnt from in a second, over the last steps; null when unknown.',
    }),
    elapsedSeconds: t.exposeFloat('elapsedSeconds', {
      nullable: true,
      description: 'From its first start to its end, or to now; null before.',
    }),
  }),
});

builder.prismaObjectFields('Run', (t) => ({
  progress: t.field({
    type: RunProgressType,
    nullable: true,
    description: 'How far it is; null before the first step is known.',
    select: { id: true, step: true, totalSteps: true, startedAt: true, finishedAt: true },
    resolve: (run, _args, { app }) => progressOf(app.sql, run),
  }),
  eventsDeletedAt: t.expose('eventsDeletedAt', {
    type: 'DateTime',
    nullable: true,
    description:
      'When its events and metric points were deleted, by `EVENT_RETENTION_DAYS`; null while they are there.',
  }),
}));
