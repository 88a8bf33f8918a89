import { TooManyAttempts } from '../server/access/attempts.ts';
import { linkTo } from '../server/access/links.ts';
import { resetPassword } from '../server/access/resets.ts';
import { changePassword, changeUser } from '../server/access/users.ts';
import {
  ConflictError,
  InvalidStateError,
  NotFoundError,
  ValidationError,
} from '../server/errors.ts';
import { builder } from './builder.ts';
import { globalId, localId } from './ids.ts';
import { onPage } from './paging.ts';
import { tooManyAttempts } from './requestError.ts';
import { UserRole } from './scopes.ts';

builder.prismaNode('User', {
  id: { field: 'id' },
  nullable: true,
  description: 'Somebody who signs in. You see yourself; an admin sees everybody.',
  select: { id: true },
  authScopes: ({ id }, { actor }) => id === actor.userId || { scope: 'ADMIN' },
  fields: (t) => ({
    email: t.exposeString('email', { description: 'What they sign in with, in lower case.' }),
    name: t.exposeString('name', { description: 'What they are called.' }),
    role: t.expose('role', { type: UserRole, description: 'What they may do.' }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When they accepted their invitation.',
    }),
    lastSeenAt: t.expose('lastSeenAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When they last used a browser, to the minute; null before the first time.',
    }),
    disabledAt: t.expose('disabledAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'Since when they may not sign in and their keys do nothing; null while they may.',
    }),
    isYou: t.boolean({
      description: 'Whether this is who asks.',
      select: { id: true },
      resolve: ({ id }, _args, { actor }) => id === actor.userId,
    }),
    isOnlyAdmin: t.boolean({
      description:
        'Whether they are the only admin who can sign in: then they can be neither demoted nor disabled.',
      select: { id: true, role: true, disabledAt: true },
      resolve: async ({ id, role, disabledAt }, _args, { app }) => {
        if (role !== 'ADMIN' || disabledAt) return false;
        const where = { role, disabledAt: null, id: { not: id } };
        return (await app.db.user.findFirst({ where, select: { id: true } })) === null;
      },
    }),
    viewerCanChange: t.boolean({
      description: 'Whether you may change or disable them now.',
      resolve: (_user, _args, { actor }) => actor.scopes.has('ADMIN'),
    }),
    viewerCanResetPassword: t.boolean({
      description: 'Whether you may make a link by which they choose a new password now.',
      select: { disabledAt: true },
      resolve: ({ disabledAt }, _args, { app, actor }) =>
        actor.scopes.has('ADMIN') && disabledAt === null && app.config.access.required,
    }),
  }),
});

/** The user as they are now, for payloads that carry their id. */
const userPayload = (name: string, description: string) =>
  builder.objectRef<{ id: string }>(name).implement({
    description,
    fields: (t) => ({
      user: t.prismaField({
        type: 'User',
        description: 'The user.',
        resolve: (query, { id }, _args, { app }) =>
          app.db.user.findUniqueOrThrow({ ...query, where: { id } }),
      }),
    }),
  });

const ChangeUserPayload = userPayload('ChangeUserPayload', 'The user as they are now.');
const ChangePasswordPayload = userPayload('ChangePasswordPayload', 'Whose password is new.');

const ResetPasswordPayload = builder
  .objectRef<{ id: string; token: string; userId: string }>('ResetPasswordPayload')
  .implement({
    description: 'The link by which somebody chooses a new password.',
    fields: (t) => ({
      user: t.prismaField({
        type: 'User',
        description: 'Whose password it is; the old one is good until the link is used.',
        resolve: (query, { userId }, _args, { app }) =>
          app.db.user.findUniqueOrThrow({ ...query, where: { id: userId } }),
      }),
      expiresAt: t.field({
        type: 'DateTime',
        description:
          'Until when the link is good; it stands among `invitations` and can be revoked.',
        resolve: async ({ id }, _args, { app }) =>
          (await app.db.invitation.findUniqueOrThrow({ where: { id } })).expiresAt,
      }),
      url: t.string({
        description: 'The link to pass on. It is shown here and never again.',
        resolve: ({ token }, _args, { app, request }) =>
          linkTo(app.config, `/invitation?token=${token}`, request?.url),
      }),
    }),
  });

const ResetPasswordInput = builder.inputType('ResetPasswordInput', {
  description: 'Who forgot their password.',
  fields: (t) => ({ userId: t.id({ required: true, description: 'The `id` of a user.' }) }),
});

const ChangeUserInput = builder.inputType('ChangeUserInput', {
  description: 'Who is changed, and how. What is left out stays.',
  fields: (t) => ({
    userId: t.id({ required: true, description: 'The `id` of a user.' }),
    role: t.field({ type: UserRole, description: 'What they may do from now on.' }),
    name: t.string({ description: 'What they are called: 1–128 characters.' }),
    disabled: t.boolean({
      description: 'True signs them out and stops their keys; false lets them in again.',
    }),
  }),
});

const ChangePasswordInput = builder.inputType('ChangePasswordInput', {
  description: 'Your password, and the one you want.',
  fields: (t) => ({
    current: t.string({ required: true, description: 'Your password until now.' }),
    next: t.string({ required: true, description: '10–128 characters; not your email.' }),
  }),
});

builder.queryFields((t) => ({
  users: t.prismaConnection(
    {
      type: 'User',
      cursor: 'id',
      description: 'Everybody who signs in, newest first.',
      authScopes: { scope: 'ADMIN' },
      complexity: onPage,
      totalCount: (_root, _args, { app }) => app.db.user.count(),
      resolve: (query, _root, _args, { app }) =>
        app.db.user.findMany({ ...query, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] }),
    },
    { name: 'QueryUsersConnection', description: 'A page of users.' },
    { name: 'QueryUsersConnectionEdge', description: 'A user on a page.' },
  ),
}));

builder.mutationFields((t) => ({
  changeUser: t.field({
    type: ChangeUserPayload,
    description:
      'Changes role or name of somebody, disables them or lets them in again. The open links of ' +
      'somebody who is no admin any more end.',
    authScopes: { scope: 'ADMIN' },
    args: { input: t.arg({ type: ChangeUserInput, required: true, description: 'Who and how.' }) },
    errors: {
      types: [NotFoundError, ValidationError, ConflictError],
      union: { description: 'What changeUser answers.' },
    },
    resolve: async (_root, { input: { userId, role, name, disabled } }, { app, actor, call }) => {
      const changed = await changeUser(app, localId('User', userId), {
        role: role ?? undefined,
        name: name ?? undefined,
        disabled: disabled ?? undefined,
      });
      // What ended with it has entries of its own, as if somebody had revoked each.
      await Promise.all(
        changed.endedLinks.map((id) =>
          app.audit.record({
            ...{ actor, call, action: 'revokeInvitation', outcome: 'OK' },
            target: globalId('Invitation', id),
            detail: { madeBy: globalId('User', changed.id) },
          }),
        ),
      );
      return changed;
    },
  }),
  resetPassword: t.field({
    type: ResetPasswordPayload,
    description:
      'Makes a link by which somebody chooses a new password. It is good once, for a day, and signs them ' +
      'out everywhere when it is used; one made before ends.',
    authScopes: { scope: 'ADMIN' },
    args: { input: t.arg({ type: ResetPasswordInput, required: true, description: 'Whose.' }) },
    errors: {
      types: [NotFoundError, InvalidStateError],
      union: { description: 'What resetPassword answers.' },
    },
    resolve: (_root, { input }, { app, actor }) =>
      resetPassword(app, localId('User', input.userId), actor),
  }),
  changePassword: t.field({
    type: ChangePasswordPayload,
    description: 'Gives you a new password, and signs you out everywhere but here.',
    authScopes: { scope: 'READ' },
    args: {
      input: t.arg({ type: ChangePasswordInput, required: true, description: 'Both passwords.' }),
    },
    errors: {
      types: [ValidationError, InvalidStateError, NotFoundError],
      union: { description: 'What changePassword answers.' },
    },
    resolve: (_root, { input }, { app, actor }) =>
      changePassword(app, input, actor).catch((error: unknown) => {
        throw error instanceof TooManyAttempts ? tooManyAttempts(error) : error;
      }),
  }),
}));
