import { inviteUser, revokeInvitation } from '../server/access/invitations.ts';
import { linkTo } from '../server/access/links.ts';
import {
  ConflictError,
  InvalidStateError,
  NotFoundError,
  ValidationError,
} from '../server/errors.ts';
import { builder } from './builder.ts';
import { localId } from './ids.ts';
import { onPage } from './paging.ts';
import { UserRole } from './scopes.ts';

builder.prismaNode('Invitation', {
  id: { field: 'id' },
  nullable: true,
  description: 'A link by which one person becomes a user, or chooses a new password, once.',
  authScopes: { scope: 'ADMIN' },
  fields: (t) => ({
    role: t.expose('role', { type: UserRole, description: 'What they will be allowed to do.' }),
    email: t.exposeString('email', {
      nullable: true,
      description: 'For whom; null where whoever has the link says it.',
    }),
    user: t.relation('user', {
      nullable: true,
      description: 'Whose password it sets anew; null where it makes a user.',
    }),
    createdBy: t.exposeString('createdBy', {
      nullable: true,
      description: 'Who invited; null for the first admin’s, which the start printed.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when it is good.' }),
    usedAt: t.expose('usedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was accepted; null before.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was revoked; null before.',
    }),
    viewerCanRevoke: t.boolean({
      description: 'Whether you may revoke it now.',
      select: { usedAt: true, revokedAt: true },
      resolve: ({ usedAt, revokedAt }, _args, { actor }) =>
        actor.scopes.has('ADMIN') && usedAt === null && revokedAt === null,
    }),
  }),
});

const invitationOf = {
  type: 'Invitation' as const,
  description: 'The invitation.',
  resolve: (
    query: object,
    { id }: { id: string },
    _args: object,
    { app }: typeof builder.$inferSchemaTypes.Context,
  ) => app.db.invitation.findUniqueOrThrow({ ...query, where: { id } }),
};

const InviteUserPayload = builder
  .objectRef<{ id: string; token: string }>('InviteUserPayload')
  .implement({
    description: 'The new invitation with its link.',
    fields: (t) => ({
      invitation: t.prismaField(invitationOf),
      url: t.string({
        description: 'The link to pass on. It is shown here and never again.',
        resolve: ({ token }, _args, { app, request }) =>
          linkTo(app.config, `/invitation?token=${token}`, request?.url),
      }),
    }),
  });

const RevokeInvitationPayload = builder
  .objectRef<{ id: string }>('RevokeInvitationPayload')
  .implement({
    description: 'The invitation whose link is no longer good.',
    fields: (t) => ({ invitation: t.prismaField(invitationOf) }),
  });

const InviteUserInput = builder.inputType('InviteUserInput', {
  description: 'Who is to come, as what.',
  fields: (t) => ({
    role: t.field({ type: UserRole, required: true, description: 'What they may do.' }),
    email: t.string({ description: 'For this email alone; without it, for whoever has the link.' }),
  }),
});

const RevokeInvitationInput = builder.inputType('RevokeInvitationInput', {
  description: 'Which invitation.',
  fields: (t) => ({
    invitationId: t.id({ required: true, description: 'The `id` of an invitation.' }),
  }),
});

builder.queryFields((t) => ({
  invitations: t.prismaConnection(
    {
      type: 'Invitation',
      cursor: 'id',
      description: 'Every invitation, newest first; those that were used, too.',
      authScopes: { scope: 'ADMIN' },
      complexity: onPage,
      totalCount: (_root, _args, { app }) => app.db.invitation.count(),
      resolve: (query, _root, _args, { app }) =>
        app.db.invitation.findMany({ ...query, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] }),
    },
    { name: 'QueryInvitationsConnection', description: 'A page of invitations.' },
    { name: 'QueryInvitationsConnectionEdge', description: 'An invitation on a page.' },
  ),
}));

builder.mutationFields((t) => ({
  inviteUser: t.field({
    type: InviteUserPayload,
    description:
      'Makes a link by which one person becomes a user. It is good once, for seven days.',
    authScopes: { scope: 'ADMIN' },
    args: { input: t.arg({ type: InviteUserInput, required: true, description: 'Who, as what.' }) },
    errors: {
      types: [ValidationError, ConflictError, InvalidStateError],
      union: { description: 'What inviteUser answers.' },
    },
    resolve: (_root, { input }, { app, actor }) => inviteUser(app, input, actor),
  }),
  revokeInvitation: t.field({
    type: RevokeInvitationPayload,
    description: 'Makes a link that nobody has used good for nothing.',
    authScopes: { scope: 'ADMIN' },
    args: {
      input: t.arg({ type: RevokeInvitationInput, required: true, description: 'Which.' }),
    },
    errors: {
      types: [NotFoundError, InvalidStateError],
      union: { description: 'What revokeInvitation answers.' },
    },
    resolve: (_root, { input }, { app }) =>
      revokeInvitation(app, localId('Invitation', input.invitationId)),
  }),
}));
