import { useCallback } from 'react';
import { useClient } from 'urql';
import { graphql } from '../gql/index.ts';
import { problemText, readProblem } from '../lib/problem.ts';
import { tellDone, tellFailure, tellProblem } from '../lib/tell.ts';
import { RunMutations_Cancel } from '../runs/runMutations.ts';

const UseCancelRun_Query = graphql(`
  query UseCancelRun_Query($number: Int!) {
    run(number: $number) {
      id
    }
  }
`);

/** Cancels a run by its number and says how it went. */
export function useCancelRun() {
  const client = useClient();
  return useCallback(
    async (number: number) => {
      const { data, error } = await client.query(UseCancelRun_Query, { number }).toPromise();
      if (error) return tellFailure(error);
      if (!data?.run) return tellProblem(`There is no run ${number}.`);
      const input = { runId: data.run.id };
      const answer = await client.mutation(RunMutations_Cancel, { input }).toPromise();
      if (answer.error) return tellFailure(answer.error);
      const said = answer.data?.cancelRun;
      if (said?.__typename === 'CancelRunPayload') {
        return tellDone(`Run ${number} is being cancelled.`);
      }
      return said && tellProblem(problemText(readProblem(said)));
    },
    [client],
  );
}
