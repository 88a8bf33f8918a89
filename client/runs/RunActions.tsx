import { Button } from '@mantine/core';
import { useMutation } from 'urql';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { Link } from '../lib/Link.tsx';
import { problemText, readProblem } from '../lib/problem.ts';
import { tellDone, tellFailure, tellProblem } from '../lib/tell.ts';
import { paths } from '../paths.ts';

const RunActions_Run = graphql(`
  fragment RunActions_Run on Run {
    id
    number
    mode
    viewerCanEvaluate
    evaluations {
      id
      status
    }
  }
`);

const RunActions_Evaluate = graphql(`
  mutation RunActions_Evaluate($input: EvaluateRunInput!) {
    evaluateRun(input: $input) {
      __typename
      ... on EvaluateRunPayload {
        evaluation {
          id
          status
          run {
            id
            evaluations {
              id
            }
          }
        }
      }
      ...Problem_Error
    }
  }
`);

export function RunActions(props: { run: FragmentType<typeof RunActions_Run> }) {
  const run = read(RunActions_Run, props.run);
  const [{ fetching }, evaluate] = useMutation(RunActions_Evaluate);

  async function start() {
    const { data, error } = await evaluate({ input: { runId: run.id } });
    if (error) tellFailure(error);
    else if (data?.evaluateRun.__typename === 'EvaluateRunPayload') tellDone('Evaluation started');
    else if (data) tellProblem(problemText(readProblem(data.evaluateRun)), 'Not evaluated');
  }

  return (
    <>
      {run.viewerCanEvaluate && (
        <Button
          variant="default"
          loading={fetching}
          onClick={() => void start()}
          data-testid="evaluate"
        >
          {run.evaluations.length > 0 ? 'Evaluate again' : 'Evaluate'}
        </Button>
      )}
      {run.mode !== 'EXTERNAL' && (
        <Button component={Link} to={paths.newRun({ from: run.number })} variant="default">
          Clone
        </Button>
      )}
    </>
  );
}
