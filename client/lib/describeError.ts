import { CombinedError } from 'urql';

export type ErrorFacts = {
  message: string;
  detail: string | undefined;
  code: string | undefined;
  requestId: string | undefined;
};

const word = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

/** What a user can read and a maintainer can look up. */
export function describeError(error: unknown): ErrorFacts {
  if (error instanceof CombinedError) {
    const first = error.graphQLErrors[0];
    return {
      message: error.networkError
        ? 'The server does not answer.'
        : (first?.message ?? error.message),
      detail: error.networkError?.message,
      code: error.networkError ? 'NETWORK' : word(first?.extensions.code),
      requestId: word(first?.extensions.requestId),
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { message, detail: undefined, code: undefined, requestId: undefined };
}
