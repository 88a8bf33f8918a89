import type { RediHealth as RediHealthShape } from '../server/redi/health.ts';
import { builder } from './builder.ts';

const RediMode = builder.enumType('RediMode', {
  description: 'What stands for RediAI.',
  values: {
    MOCK: {
      description: 'Nothing: it is always healthy. Set `REDIAI_MODE=real` for the real one.',
    },
    REAL: { description: 'The server at `REDIAI_BASE_URL`.' },
  } as const,
});

const RediHealth = builder.objectRef<RediHealthShape>('RediHealth').implement({
  description: 'Whether RediAI works.',
  fields: (t) => ({
    mode: t.field({
      type: RediMode,
      description: 'What was asked.',
      resolve: ({ mode }) => (mode === 'real' ? 'REAL' : 'MOCK'),
    }),
    status: t.exposeString('status', { description: '`healthy` or `down`.' }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'Why it is down: `HTTP 503`, `Timeout after 5s`, …; null while it is healthy.',
    }),
    checkedAt: t.expose('checkedAt', { type: 'DateTime', description: 'When it was asked.' }),
    cached: t.exposeBoolean('cached', {
      description:
        'Whether this is an earlier answer; it holds for `REDIAI_HEALTH_CACHE_TTL_SECONDS`.',
    }),
  }),
});

builder.queryField('redi', (t) =>
  t.field({
    type: RediHealth,
    description: 'Whether RediAI works. It is asked when nobody has asked for a while.',
    authScopes: { scope: 'READ' },
    resolve: (_root, _args, { app }) => app.redi.health(),
  }),
);
