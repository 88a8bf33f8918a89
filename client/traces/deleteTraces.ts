import { useState } from 'react';
import { useMutation } from 'urql';
import { graphql } from '../gql/index.ts';
import { describeError } from '../lib/describeError.ts';
import { problemText, readProblem } from '../lib/problem.ts';

const DeleteTraces_Delete = graphql(`
  mutation DeleteTraces_Delete($input: DeleteTraceInput!) {
    deleteTrace(input: $input) {
      __typename
      ... on DeleteTracePayload {
        deletedId
      }
      ...Problem_Error
    }
  }
`);

export type Refusal = { id: string; message: string };

/** Deletes traces one by one, so that each says for itself why it must stay. */
export function useDeleteTraces(onDeleted: (id: string) => void) {
  const [, deleteTrace] = useMutation(DeleteTraces_Delete);
  const [done, setDone] = useState<number>();
  const [refusals, setRefusals] = useState<readonly Refusal[]>([]);
  const deleteTraces = async (ids: readonly string[]) => {
    const refused: Refusal[] = [];
    for (const [index, id] of ids.entries()) {
      setDone(index);
      const { data, error } = await deleteTrace({ input: { id } });
      const answer = data?.deleteTrace;
      if (answer?.__typename === 'DeleteTracePayload') onDeleted(id);
      else if (answer) refused.push({ id, message: problemText(readProblem(answer)) });
      else refused.push({ id, message: describeError(error).message });
    }
    setDone(undefined);
    setRefusals(refused);
    return refused;
  };
  return { done, refusals, deleteTraces };
}
