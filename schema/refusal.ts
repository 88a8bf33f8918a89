import type { AuthFailure } from '@pothos/plugin-scope-auth';
import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import type { Actor } from '../server/access/actor.ts';

/** The scopes of which one would have been enough. */
function scopesOf(failure: AuthFailure): string[] {
  if ('failures' in failure) return failure.failures.flatMap(scopesOf);
  return 'parameter' in failure ? [String(failure.parameter)] : [];
}

/** Why a field is not answered: nobody is known to ask, or they may not. Names the scope that is missing. */
export function refusal(
  { kind, name }: Pick<Actor, 'kind' | 'name'>,
  { fieldName }: Pick<GraphQLResolveInfo, 'fieldName'>,
  failure: AuthFailure,
): GraphQLError {
  const needed = scopesOf(failure).join(' or ');
  const asked = needed
    ? `"${fieldName}" needs the scope ${needed}`
    : `"${fieldName}" is not for all`;
  return kind === 'ANONYMOUS'
    ? new GraphQLError(
        `${asked}. Sign in, or send an API key as \`Authorization: Bearer trt_…\`.`,
        {
          extensions: { code: 'UNAUTHENTICATED' },
        },
      )
    : new GraphQLError(`${asked}, which ${name} does not have. Ask an admin for it.`, {
        extensions: { code: 'FORBIDDEN' },
      });
}
