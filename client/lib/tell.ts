import { notifications } from '@mantine/notifications';
import type { CombinedError } from 'urql';

export const tellDone = (message: string) =>
  void notifications.show({ message, color: 'green', autoClose: 5_000 });

export const tellProblem = (message: string, title?: string) =>
  void notifications.show({ title, message, color: 'red', autoClose: 10_000 });

/** Errors outside the schema: limits, network, bugs. */
export const tellFailure = (error: CombinedError) =>
  tellProblem(
    error.networkError ? 'The server does not answer.' : (error.graphQLErrors[0]?.message ?? ''),
    'That did not work',
  );
