import type { AttemptStatus as AttemptStatusValue } from '../prisma/generated/client/enums.ts';
import { builder } from './builder.ts';

const AttemptStatus = builder.enumType('AttemptStatus', {
  description: 'How an attempt stands or ended.',
  values: {
    RUNNING: { description: 'It holds the run.' },
    COMPLETED: { description: 'It finished the run.' },
    FAILED: { description: 'It broke.' },
    TIMEOUT: { description: 'The time of the run was over.' },
    CANCELLED: { description: 'Somebody stopped the run.' },
    LOST: { description: 'Its runner or its process died; counts against maxAttempts.' },
    RELEASED: { description: 'Its runner was stopped in order; another attempt goes on.' },
  } satisfies Record<AttemptStatusValue, object>,
});

builder.prismaObject('RunAttempt', {
  description: 'One claim of a run by one runner.',
  fields: (t) => ({
    attempt: t.exposeInt('epoch', { description: 'Its number, from 1.' }),
    status: t.expose('status', { type: AttemptStatus, description: 'How it stands or ended.' }),
    runner: t.relation('runner', { description: 'Who has or had it.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it began.' }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended.',
    }),
    exitCode: t.exposeInt('exitCode', {
      nullable: true,
      description: 'Exit code of the training process.',
    }),
    exitSignal: t.exposeString('exitSignal', {
      nullable: true,
      description: 'The signal that ended the training process.',
    }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why it ended otherwise.' }),
    runtime: t.expose('runtime', {
      type: 'JSON',
      nullable: true,
      description: 'Versions of Tunix and its parts, and devices, as the attempt saw them.',
    }),
  }),
});

builder.prismaObjectFields('Run', (t) => ({
  attempts: t.relation('attempts', {
    description: 'Every claim, oldest first.',
    query: { orderBy: { epoch: 'asc' } },
  }),
}));
