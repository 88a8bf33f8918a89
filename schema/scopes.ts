import { ROLE_SCOPES, SCOPES } from '../server/access/scopes.ts';
import { builder } from './builder.ts';

export const Scope = builder.enumType('Scope', {
  description: 'What may be done. Every field at the root needs one, or is open to all.',
  values: Object.fromEntries(
    Object.entries(SCOPES).map(([scope, description]) => [scope, { description }]),
  ) as Record<keyof typeof SCOPES, { description: string }>,
});

export const UserRole = builder.enumType('UserRole', {
  description: 'What somebody may do, as a set of scopes.',
  values: {
    ADMIN: { description: `Everything: ${ROLE_SCOPES.ADMIN.join(', ')}.` },
    MEMBER: { description: `Work with the loop: ${ROLE_SCOPES.MEMBER.join(', ')}.` },
    VIEWER: { description: `Look: ${ROLE_SCOPES.VIEWER.join(', ')}.` },
  } as const,
});
