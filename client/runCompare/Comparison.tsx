import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect } from 'react';
import { graphql, read } from '../gql/index.ts';
import { problemText, readProblem } from '../lib/problem.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { runChanges } from '../runs/runChanges.ts';
import { LoadingPage } from '../ui/Loading.tsx';
import { Notice } from '../ui/Notice.tsx';
import { SourceContext } from '../ui/source.ts';
import { ComparedCurves } from './ComparedCurves.tsx';
import { ComparedEvaluations } from './ComparedEvaluations.tsx';
import { ComparedFacts } from './ComparedFacts.tsx';
import { ComparedFiles } from './ComparedFiles.tsx';
import { ComparedSettings } from './ComparedSettings.tsx';
import { Compared_Run } from './comparedRuns.ts';

const Comparison_Query = graphql(`
  query Comparison_Query($ids: [ID!]!) {
    compareRuns(ids: $ids) {
      __typename
      ... on RunComparison {
        runs {
          ...Compared_Run
        }
        differences {
          path
          values
        }
        series(maxPoints: 1000) {
          ...ComparedCurves_Series
        }
        evaluations {
          ...ComparedEvaluations_Board
        }
      }
      ...Problem_Error
    }
  }
`);

/** How long news of training runs gather before everything is read again. */
const GATHER_MS = 1_000;

/** All parts of one comparison; read again while its runs go on. */
export function Comparison(props: { ids: readonly string[] }) {
  const { ids } = props;
  const { data, refetch } = usePageQuery({
    query: Comparison_Query,
    variables: { ids: [...ids] },
  });
  const readAgain = useDebouncedCallback(refetch, { delay: GATHER_MS, maxWait: GATHER_MS });
  useEffect(
    () =>
      runChanges.subscribe((run) => {
        if (ids.includes(run.id)) readAgain();
      }),
    [ids, readAgain],
  );
  if (!data) return <LoadingPage />;
  const answer = data.compareRuns;
  if (answer?.__typename !== 'RunComparison') {
    return (
      <Notice tone="bad" title="These runs cannot be compared" testId="compare-problem">
        {answer ? problemText(readProblem(answer)) : 'The server answered nothing.'}
      </Notice>
    );
  }
  const runs = read(Compared_Run, answer.runs);
  return (
    <SourceContext value={Comparison_Query}>
      <ComparedFacts runs={runs} />
      <ComparedSettings runs={runs} differences={answer.differences} />
      <ComparedEvaluations runs={runs} boards={answer.evaluations} />
      <ComparedCurves runs={runs} series={answer.series} />
      <ComparedFiles runs={runs} />
    </SourceContext>
  );
}
