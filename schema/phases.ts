import type {
  StreamCompleted as StreamCompletedShape,
  StreamPhase as StreamPhaseShape,
} from '../server/runs/follow.ts';
import { builder } from './builder.ts';
import { RunStatus } from './runs.ts';

const StreamPhaseKind = builder.enumType('StreamPhaseKind', {
  description: 'What a stream is delivering.',
  values: {
    BACKFILL: { description: 'What happened before you came.' },
    LIVE: { description: 'What happens now.' },
  } as const,
});

export const StreamPhase = builder.objectRef<StreamPhaseShape>('StreamPhase').implement({
  description: 'Says what follows in the stream.',
  fields: (t) => ({
    phase: t.expose('phase', { type: StreamPhaseKind, description: 'What follows.' }),
    behindBy: t.expose('behindBy', {
      type: 'BigInt',
      description: 'How many lines or events are still to come before it is live.',
    }),
  }),
});

export const StreamCompleted = builder
  .objectRef<StreamCompletedShape>('StreamCompleted')
  .implement({
    description: 'The run has ended and everything was delivered; the stream ends after this.',
    fields: (t) => ({
      lastSeq: t.expose('lastSeq', {
        type: 'BigInt',
        description: 'The last number there is; you have all when you have this one.',
      }),
      status: t.expose('status', { type: RunStatus, description: 'How the run ended.' }),
      exitCode: t.exposeInt('exitCode', {
        nullable: true,
        description: 'Exit code of the training process.',
      }),
    }),
  });

/** A stream of a run that does not exist ends at once, without a message. */
export async function* nothing<T>(): AsyncGenerator<T, void> {}
