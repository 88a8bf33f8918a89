import { useRouter } from '@tanstack/react-router';
import { useMutation } from 'urql';
import { graphql } from '../gql/index.ts';
import { problemText, readProblem } from '../lib/problem.ts';
import { tellDone, tellFailure, tellProblem } from '../lib/tell.ts';
import { paths } from '../paths.ts';

const UseReproduce_Reproduce = graphql(`
  mutation UseReproduce_Reproduce($runId: ID!) {
    reproduceRun(input: { runId: $runId }) {
      __typename
      ... on ReproduceRunPayload {
        run {
          id
          number
        }
      }
      ...Problem_Error
    }
  }
`);

/** Repeats a run with everything pinned and opens the new one. */
export function useReproduce() {
  const router = useRouter();
  const [{ fetching }, reproduce] = useMutation(UseReproduce_Reproduce);

  async function start(runId: string) {
    const { data, error } = await reproduce({ runId });
    if (error) return tellFailure(error);
    const answer = data?.reproduceRun;
    if (answer?.__typename === 'ReproduceRunPayload') {
      tellDone(`Run #${answer.run.number} repeats it`);
      router.history.push(paths.run(answer.run.number));
    } else if (answer) tellProblem(problemText(readProblem(answer)), 'Not reproduced');
  }

  return { start, isAsking: fetching };
}
