import { GraphQLError } from 'graphql';
import type { TooManyAttempts } from '../server/access/attempts.ts';
import { ValidationError } from '../server/errors.ts';

/** A query has no union to answer with: a bad argument is an error of the request. */
export function orBadValue(error: unknown): never {
  if (!(error instanceof ValidationError)) throw error;
  throw new GraphQLError(error.message, {
    extensions: { code: 'BAD_VALUE', issues: error.issues },
  });
}

/** Whoever tries too often is told by the request: it may befall every attempt. */
export const tooManyAttempts = ({ message, retryAfterSeconds }: TooManyAttempts): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'RATE_LIMITED', retryAfterSeconds } });
