import { Button, Text } from '@mantine/core';
import { useMutation } from 'urql';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatScore } from '../lib/format.ts';
import { problemText, readProblem } from '../lib/problem.ts';
import { tellFailure, tellProblem } from '../lib/tell.ts';
import { Ago } from '../ui/Ago.tsx';
import { Meter } from '../ui/Meter.tsx';
import { Section } from '../ui/Section.tsx';

const TraceScores_Trace = graphql(`
  fragment TraceScores_Trace on Trace {
    id
    viewerCanScore
    baselineScore
    scores(first: 5) {
      totalCount
      edges {
        node {
          id
          criteria
          score
          createdAt
        }
      }
    }
  }
`);

const TraceScores_Score = graphql(`
  mutation TraceScores_Score($input: ScoreTraceInput!) {
    scoreTrace(input: $input) {
      __typename
      ... on ScoreTracePayload {
        trace {
          id
          ...TraceScores_Trace
        }
      }
      ...Problem_Error
    }
  }
`);

/** The formula's score, which every trace has, and those that somebody stored. */
export function TraceScores(props: { trace: FragmentType<typeof TraceScores_Trace> }) {
  const { id, viewerCanScore, baselineScore, scores } = read(TraceScores_Trace, props.trace);
  const [{ fetching }, score] = useMutation(TraceScores_Score);

  async function scoreNow() {
    const { data, error } = await score({ input: { id } });
    if (error) tellFailure(error);
    else if (data && data.scoreTrace.__typename !== 'ScoreTracePayload') {
      tellProblem(problemText(readProblem(data.scoreTrace)), 'Not scored');
    }
  }

  return (
    <Section
      title="Scores"
      testId="scores"
      aside={
        viewerCanScore && (
          <Button
            size="compact-xs"
            variant="default"
            loading={fetching}
            onClick={() => void scoreNow()}
            data-testid="score-now"
          >
            Score now
          </Button>
        )
      }
    >
      <Text size="sm" mb={6}>
        Baseline <b>{formatScore(baselineScore)}</b> of 100
      </Text>
      <Meter percent={baselineScore} label="Baseline score" />
      <Text size="xs" c="dimmed" mt={6}>
        Number and length of the steps. It says nothing about right or wrong.
      </Text>
      {scores.edges.map(({ node }) => (
        <Text key={node.id} size="sm" mt={6} data-testid="stored-score">
          {node.criteria.toLowerCase()} {formatScore(node.score)}{' '}
          <Text span size="xs" c="dimmed">
            <Ago at={node.createdAt} />
          </Text>
        </Text>
      ))}
      {scores.totalCount > scores.edges.length && (
        <Text size="xs" c="dimmed" mt={4}>
          The newest {scores.edges.length} of {scores.totalCount}
        </Text>
      )}
    </Section>
  );
}
