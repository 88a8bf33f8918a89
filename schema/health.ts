import { type HealthPart as HealthPartShape, readHealth, VERSION } from '../server/health.ts';
import { builder } from './builder.ts';

const HealthPart = builder.objectRef<HealthPartShape>('HealthPart').implement({
  description: 'One part of the system.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description: '`database`, `migrations`, `queue`, `artifacts`, `runners`.',
    }),
    ok: t.exposeBoolean('ok', { description: 'Whether it works.' }),
    message: t.exposeString('message', { description: 'Its state in a sentence.' }),
  }),
});

const Health = builder.objectRef<HealthPartShape[]>('Health').implement({
  description: 'Whether the system works.',
  fields: (t) => ({
    ok: t.boolean({
      description: 'Whether every part that the API needs works.',
      resolve: (parts) => parts.every((part) => part.ok || !part.required),
    }),
    version: t.string({ description: 'Version of Tunix RT.', resolve: () => VERSION }),
    parts: t.field({
      type: [HealthPart],
      description: 'Each part.',
      resolve: (parts) => parts,
    }),
  }),
});

builder.queryFields((t) => ({
  health: t.field({
    type: Health,
    description: 'Whether the system works.',
    authScopes: { scope: 'READ' },
    resolve: (_root, _args, { app }) => readHealth(app),
  }),
}));
