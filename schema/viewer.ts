import type { Actor } from '../server/access/actor.ts';
import { ActorKind } from './actorKind.ts';
import { builder } from './builder.ts';
import { Scope, UserRole } from './scopes.ts';

const Viewer = builder.objectRef<Actor>('Viewer').implement({
  description: 'Who asks, and what they may do.',
  fields: (t) => ({
    kind: t.expose('kind', { type: ActorKind, description: 'What kind of somebody.' }),
    name: t.exposeString('name', {
      description: 'An email, or `key ci of ada@example.org`, or `local`.',
    }),
    role: t.expose('role', {
      type: UserRole,
      nullable: true,
      description: 'Of the user, or of the owner of the key; null for nobody in particular.',
    }),
    scopes: t.field({
      type: [Scope],
      description: 'What they may do now.',
      resolve: ({ scopes }) => [...scopes],
    }),
    user: t.prismaField({
      type: 'User',
      nullable: true,
      description: 'The person; for a key its owner. Null where there is none.',
      resolve: (query, { userId }, _args, { app }) =>
        userId === null ? null : app.db.user.findUnique({ ...query, where: { id: userId } }),
    }),
    authRequired: t.boolean({
      description: 'Whether people sign in here; false where whoever comes may do everything.',
      resolve: (_actor, _args, { app }) => app.config.access.required,
    }),
  }),
});

builder.queryFields((t) => ({
  viewer: t.field({
    type: Viewer,
    description: 'Who you are. Open to all.',
    resolve: (_root, _args, { actor }) => actor,
  }),
}));
