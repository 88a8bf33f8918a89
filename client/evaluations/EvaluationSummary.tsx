import { Group, Text } from '@mantine/core';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatPercent, formatScore } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { EvaluationBadge } from './EvaluationBadge.tsx';

const EvaluationSummary_Evaluation = graphql(`
  fragment EvaluationSummary_Evaluation on Evaluation {
    id
    status
    score
    split
    evaluationSet {
      id
      key
    }
    itemCount
    correctCount
    createdAt
    error
    accuracyInterval {
      low
      high
    }
    judge {
      ref
    }
    ...EvaluationBadge_Evaluation
  }
`);

/** One evaluation in two lines: score, interval, judge. */
export function EvaluationSummary(props: {
  evaluation: FragmentType<typeof EvaluationSummary_Evaluation>;
}) {
  const evaluation = read(EvaluationSummary_Evaluation, props.evaluation);
  const { accuracyInterval: interval, itemCount, correctCount } = evaluation;
  return (
    <div data-testid="evaluation-summary">
      <Group gap="sm">
        <TextLink to={paths.evaluation(evaluation.id)}>
          {evaluation.score === null ? 'Evaluation' : `Score ${formatScore(evaluation.score)}`}
        </TextLink>
        <EvaluationBadge evaluation={evaluation} />
      </Group>
      <Text size="xs" c="dimmed" mt={2}>
        {evaluation.judge.ref} on {evaluation.evaluationSet?.key ?? evaluation.split?.toLowerCase()}
        {correctCount !== null && ` · ${correctCount} of ${itemCount} correct`}
        {interval &&
          ` · 95 % interval ${formatPercent(interval.low, 0)} to ${formatPercent(interval.high, 0)}`}
        {' · '}
        <Ago at={evaluation.createdAt} />
      </Text>
      {evaluation.error && (
        <Text size="xs" mt={2}>
          {evaluation.error}
        </Text>
      )}
    </div>
  );
}
