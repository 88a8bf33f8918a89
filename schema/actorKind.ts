import type { Actor } from '../server/access/actor.ts';
import { builder } from './builder.ts';

export const ActorKind = builder.enumType('ActorKind', {
  description: 'What sort of somebody asks.',
  values: {
    LOCAL: { description: 'Whoever reaches the port of a system that asks nobody who they are.' },
    USER: { description: 'A person who signed in.' },
    KEY: { description: 'A program with an API key.' },
    RUNNER: { description: 'A runner with a key of its own.' },
    ANONYMOUS: { description: 'Somebody without a credential, or with one that is not valid.' },
    SYSTEM: { description: 'The system itself.' },
  } satisfies Record<Actor['kind'], object>,
});
