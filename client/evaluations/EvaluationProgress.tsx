import { Button, Group, Text } from '@mantine/core';
import { useMutation } from 'urql';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatCount } from '../lib/format.ts';
import { problemText, readProblem } from '../lib/problem.ts';
import { tellFailure, tellProblem } from '../lib/tell.ts';
import { Meter } from '../ui/Meter.tsx';

const EvaluationProgress_Evaluation = graphql(`
  fragment EvaluationProgress_Evaluation on Evaluation {
    id
    status
    itemCount
    judgedCount
    failedCount
    viewerCanCancel
    viewerCanResume
  }
`);

const EvaluationProgress_Cancel = graphql(`
  mutation EvaluationProgress_Cancel($id: ID!) {
    cancelEvaluation(input: { id: $id }) {
      __typename
      ... on CancelEvaluationPayload {
        evaluation {
          id
          ...EvaluationProgress_Evaluation
        }
      }
      ...Problem_Error
    }
  }
`);

const EvaluationProgress_Resume = graphql(`
  mutation EvaluationProgress_Resume($id: ID!) {
    resumeEvaluation(input: { id: $id }) {
      __typename
      ... on ResumeEvaluationPayload {
        evaluation {
          id
          ...EvaluationProgress_Evaluation
        }
      }
      ...Problem_Error
    }
  }
`);

/** How far a judge is, and what stops or goes on with it. Nothing once all is judged. */
export function EvaluationProgress(props: {
  evaluation: FragmentType<typeof EvaluationProgress_Evaluation>;
}) {
  const evaluation = read(EvaluationProgress_Evaluation, props.evaluation);
  const { id, itemCount, judgedCount, failedCount, status } = evaluation;
  const [{ fetching: isCancelling }, cancel] = useMutation(EvaluationProgress_Cancel);
  const [{ fetching: isResuming }, resume] = useMutation(EvaluationProgress_Resume);
  const isUnderWay = status === 'PENDING' || status === 'RUNNING';
  if (!isUnderWay && !evaluation.viewerCanResume && failedCount === 0) return null;

  async function stop() {
    const { data, error } = await cancel({ id });
    const answer = data?.cancelEvaluation;
    if (error) tellFailure(error);
    else if (answer && answer.__typename !== 'CancelEvaluationPayload')
      tellProblem(problemText(readProblem(answer)), 'Not cancelled');
  }

  async function goOn() {
    const { data, error } = await resume({ id });
    const answer = data?.resumeEvaluation;
    if (error) tellFailure(error);
    else if (answer && answer.__typename !== 'ResumeEvaluationPayload')
      tellProblem(problemText(readProblem(answer)), 'Not resumed');
  }

  const total = itemCount ?? 0;
  return (
    <Group gap="md" data-testid="evaluation-progress">
      {isUnderWay && (
        <div style={{ flex: '1 1 160px', maxWidth: 360 }}>
          <Meter percent={total > 0 ? (judgedCount / total) * 100 : 0} label="Judged items" />
        </div>
      )}
      <Text size="sm" role="status">
        {total > 0
          ? `${formatCount(judgedCount)} of ${formatCount(total)} judged`
          : 'Waiting for a runner'}
        {failedCount > 0 && `, ${formatCount(failedCount)} could not be judged`}
      </Text>
      {evaluation.viewerCanCancel && (
        <Button
          size="compact-sm"
          variant="default"
          loading={isCancelling}
          onClick={() => void stop()}
          data-testid="cancel-evaluation"
        >
          Cancel
        </Button>
      )}
      {evaluation.viewerCanResume && (
        <Button
          size="compact-sm"
          loading={isResuming}
          onClick={() => void goOn()}
          title="Asks again only for the items that failed or are missing"
          data-testid="resume-evaluation"
        >
          Resume
        </Button>
      )}
    </Group>
  );
}
