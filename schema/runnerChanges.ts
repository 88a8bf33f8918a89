import { InvalidStateError, NotFoundError } from '../server/errors.ts';
import { drainRunner } from '../server/runners/drain.ts';
import { followRunners } from '../server/runners/follow.ts';
import { builder } from './builder.ts';
import { localId } from './ids.ts';

/** The runner as it is now, for payloads and messages that carry its id. */
const runnerOf = {
  type: 'Runner' as const,
  description: 'The runner.',
  resolve: (
    query: object,
    { runnerId }: { runnerId: string },
    _args: object,
    { app }: typeof builder.$inferSchemaTypes.Context,
  ) => app.db.runner.findUniqueOrThrow({ ...query, where: { id: runnerId } }),
};

const DrainRunnerPayload = builder.objectRef<{ runnerId: string }>('DrainRunnerPayload').implement({
  description: 'The runner that takes no more runs, or takes some again.',
  fields: (t) => ({ runner: t.prismaField(runnerOf) }),
});

const RunnersChangedEvent = builder
  .objectRef<{ runnerId: string }>('RunnersChangedEvent')
  .implement({
    description: 'A runner that is new or changed.',
    fields: (t) => ({ runner: t.prismaField(runnerOf) }),
  });

const DrainRunnerInput = builder.inputType('DrainRunnerInput', {
  description: 'Which runner, and whether it is to drain.',
  fields: (t) => ({
    runnerId: t.id({ required: true, description: 'The `id` of a runner.' }),
    drain: t.boolean({
      required: true,
      description:
        'True: it finishes what it has and takes no more runs. False: it takes some again.',
    }),
  }),
});

builder.mutationFields((t) => ({
  drainRunner: t.field({
    type: DrainRunnerPayload,
    description:
      'Lets a runner finish what it has and take no more runs, until it is started anew.',
    authScopes: { scope: 'RUNNERS_WRITE' },
    args: { input: t.arg({ type: DrainRunnerInput, required: true, description: 'Which.' }) },
    errors: {
      types: [NotFoundError, InvalidStateError],
      union: { description: 'What drainRunner answers.' },
    },
    resolve: async (_root, { input }, { app }) => {
      const { id } = await drainRunner(app, localId('Runner', input.runnerId), input.drain);
      return { runnerId: id };
    },
  }),
}));

builder.subscriptionFields((t) => ({
  runnersChanged: t.field({
    type: RunnersChangedEvent,
    description:
      'First every runner that is online, then each that is new or changes: one that is lost, ' +
      'drains, takes or ends a run, or finds its devices. Heartbeats alone say nothing.',
    authScopes: { scope: 'READ' },
    subscribe: (_root, _args, { app }) => followRunners(app),
    resolve: (event: { runnerId: string }) => event,
  }),
}));
