import { SegmentedControl, Stack } from '@mantine/core';
import { EvaluationSummary } from '../evaluations/EvaluationSummary.tsx';
import type { Split } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { plural } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { oneOf, useUrlState } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Section } from '../ui/Section.tsx';
import { NextRows, Table, TableNote } from '../ui/Table.tsx';
import { usePages } from '../ui/usePages.ts';
import css from './ResultsTab.module.css';

const ResultsTab_Query = graphql(`
  query ResultsTab_Query($number: Int!, $split: Split, $after: String) {
    run(number: $number) {
      id
      evaluations {
        id
        ...EvaluationSummary_Evaluation
      }
      predictions(split: $split, first: 25, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            id
            split
            expected
            text
            tokens
            error
            trace {
              id
              promptPreview
            }
          }
        }
      }
    }
  }
`);

const SPLITS: readonly Split[] = ['EVAL', 'TEST'];

type RowsProps = {
  number: number;
  split: Split | undefined;
  after: string | null;
  pages: number;
  onMore: () => void;
};

function PredictionRows(props: RowsProps) {
  const { number, split, after, pages, onMore } = props;
  const { data, loading } = usePageQuery({
    query: ResultsTab_Query,
    variables: { number, split, after },
  });
  const predictions = data?.run?.predictions;
  if (!predictions) {
    return (
      <TableNote>
        <LoadingRows />
      </TableNote>
    );
  }
  if (!after && predictions.edges.length === 0) {
    return (
      <TableNote>
        <EmptyState title="No predictions">
          After training, the run answers the held-out prompts; its answers appear here.
        </EmptyState>
      </TableNote>
    );
  }
  return (
    <>
      <tbody>
        {predictions.edges.map(({ node }) => (
          <tr key={node.id}>
            <td className={css.prompt}>
              <TextLink to={paths.trace(node.trace.id)}>{node.trace.promptPreview}</TextLink>
            </td>
            <td className={css.answer}>{node.expected}</td>
            <td className={css.generated}>
              {node.error ? <em>{node.error}</em> : node.text || <em>empty</em>}
            </td>
            <td data-wide>{node.split.toLowerCase()}</td>
            <td data-numeric data-wide>
              {node.tokens ?? '–'}
            </td>
          </tr>
        ))}
      </tbody>
      <NextRows
        pageInfo={predictions.pageInfo}
        pages={pages}
        total={plural(predictions.totalCount, 'prediction')}
        loading={loading}
        onMore={onMore}
        next={(cursor) => <PredictionRows {...props} after={cursor} pages={pages - 1} />}
      />
    </>
  );
}

export function ResultsTab(props: { number: number }) {
  const [url, setUrl] = useUrlState('split');
  const split = oneOf(SPLITS, url.split);
  const { pages, more } = usePages(split ?? '');
  const { data } = usePageQuery({
    query: ResultsTab_Query,
    variables: { number: props.number, split, after: null },
  });
  const evaluations = data?.run?.evaluations ?? [];
  return (
    <Stack gap="lg">
      <Section title="Evaluations">
        {evaluations.length === 0
          ? 'Not evaluated yet.'
          : evaluations.map((evaluation) => (
              <EvaluationSummary key={evaluation.id} evaluation={evaluation} />
            ))}
      </Section>
      <Section
        title="Predictions"
        flush
        aside={
          <SegmentedControl
            size="xs"
            aria-label="Split"
            value={split ?? ''}
            onChange={(value) => setUrl({ split: value })}
            data={[
              { value: '', label: 'All' },
              { value: 'EVAL', label: 'Eval' },
              { value: 'TEST', label: 'Test' },
            ]}
          />
        }
      >
        <Table
          caption="Predictions"
          testId="predictions-table"
          columns={[
            { name: 'Prompt' },
            { name: 'Expected' },
            { name: 'Generated' },
            { name: 'Split', wide: true },
            { name: 'Tokens', numeric: true, wide: true },
          ]}
        >
          <PredictionRows
            number={props.number}
            split={split}
            after={null}
            pages={pages}
            onMore={more}
          />
        </Table>
      </Section>
    </Stack>
  );
}
