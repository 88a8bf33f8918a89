import { useClient } from 'urql';
import type { CancelMode } from '../gql/graphql.ts';
import type { FragmentType } from '../gql/index.ts';
import { describeError } from '../lib/describeError.ts';
import { type Problem_Error, problemText, readProblem } from '../lib/problem.ts';
import { randomKey } from '../lib/randomKey.ts';
import {
  RunMutations_Archive,
  RunMutations_Cancel,
  RunMutations_Retry,
} from '../runs/runMutations.ts';

type Answer = { __typename: string } & FragmentType<typeof Problem_Error>;

/** What is wrong with the answer of a mutation; nothing when its payload came. */
function faultOf(
  { error }: { error?: unknown },
  answer: Answer | undefined,
  payload: string,
): string | undefined {
  if (error !== undefined) return describeError(error).message;
  if (!answer) return 'The server answered nothing.';
  return answer.__typename === payload ? undefined : problemText(readProblem(answer));
}

/** What can be done to one run from a list; each answers with what went wrong, or nothing. */
export function useRunActions() {
  const client = useClient();
  return {
    cancel: async (runId: string, mode: CancelMode) => {
      const result = await client.mutation(RunMutations_Cancel, { input: { runId, mode } });
      return faultOf(result, result.data?.cancelRun as Answer | undefined, 'CancelRunPayload');
    },
    retry: async (runId: string) => {
      const input = { runId, idempotencyKey: randomKey() };
      const result = await client.mutation(RunMutations_Retry, { input });
      return faultOf(result, result.data?.retryRun as Answer | undefined, 'RetryRunPayload');
    },
    archive: async (runId: string, archived: boolean) => {
      const result = await client.mutation(RunMutations_Archive, { input: { runId, archived } });
      return faultOf(result, result.data?.archiveRun as Answer | undefined, 'ArchiveRunPayload');
    },
  };
}
