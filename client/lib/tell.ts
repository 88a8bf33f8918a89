import type { CombinedError } from 'urql';
import { notices } from './notices.ts';

export const tellDone = (message: string) => notices.add({ tone: 'good', message });

export const tellProblem = (message: string, title?: string) =>
  notices.add({ tone: 'bad', message, title });

/** Errors outside the schema: limits, network, bugs. */
export const tellFailure = (error: CombinedError) =>
  tellProblem(
    error.networkError ? 'The server does not answer.' : (error.graphQLErrors[0]?.message ?? ''),
    'That did not work',
  );
