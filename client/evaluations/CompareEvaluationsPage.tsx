import { Button } from '@mantine/core';
import { graphql } from '../gql/index.ts';
import { Link } from '../lib/Link.tsx';
import { NotFound } from '../lib/NotFound.tsx';
import { useUrlState } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Icon } from '../ui/Icon.tsx';
import { LoadingPage } from '../ui/Loading.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { CompareBanner } from './CompareBanner.tsx';
import { CompareSlices } from './CompareSlices.tsx';
import { FlipList } from './FlipList.tsx';

const CompareEvaluationsPage_Query = graphql(`
  query CompareEvaluationsPage_Query($baseline: ID!, $candidate: ID!) {
    compareEvaluations(baseline: $baseline, candidate: $candidate) {
      comparable
      baseline {
        id
        run {
          id
          number
        }
      }
      candidate {
        id
        run {
          id
          number
        }
      }
      ...CompareBanner_Comparison
      ...CompareSlices_Comparison
      ...FlipList_Comparison
    }
  }
`);

function Comparison(props: { a: string; b: string; onSwap: () => void }) {
  const { a, b, onSwap } = props;
  const { data, loading } = usePageQuery({
    query: CompareEvaluationsPage_Query,
    variables: { baseline: a, candidate: b },
  });
  const comparison = data?.compareEvaluations;
  if (!comparison) {
    return loading ? (
      <LoadingPage />
    ) : (
      <NotFound what="pair of evaluations" back={paths.leaderboard()} />
    );
  }
  const { baseline, candidate } = comparison;
  return (
    <Page
      source={CompareEvaluationsPage_Query}
      title={`Run #${candidate.run.number} against run #${baseline.run.number}`}
      description="Item by item: what both answered, the same judge said."
      actions={
        <>
          <Button
            variant="default"
            leftSection={<Icon name="swap" size={14} />}
            onClick={onSwap}
            data-testid="swap"
          >
            Swap
          </Button>
          {comparison.comparable && (
            <Button component={Link} to={paths.flipMatrix([a, b])} variant="default">
              As a table
            </Button>
          )}
        </>
      }
    >
      <CompareBanner comparison={comparison} />
      <CompareSlices comparison={comparison} />
      {comparison.comparable && <FlipList baseline={a} candidate={b} comparison={comparison} />}
    </Page>
  );
}

export function CompareEvaluationsPage() {
  const [{ a, b }, setUrl] = useUrlState('a', 'b');
  if (a && b) return <Comparison a={a} b={b} onSwap={() => setUrl({ a: b, b: a })} />;
  return (
    <Page title="Compare evaluations">
      <Section flush>
        <EmptyState
          title="Choose two evaluations"
          action={
            <Button component={Link} to={paths.leaderboard()}>
              To the leaderboard
            </Button>
          }
        >
          Tick two rows of a leaderboard and take “Compare”.
        </EmptyState>
      </Section>
    </Page>
  );
}
