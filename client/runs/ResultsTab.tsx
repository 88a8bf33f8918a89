import { Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { EvaluationSummary } from '../evaluations/EvaluationSummary.tsx';
import { HeldOutPrompt } from '../evaluations/HeldOutPrompt.tsx';
import type { Split } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { ErrorNotice } from '../lib/ErrorNotice.tsx';
import { formatCount, plural } from '../lib/format.ts';
import { oneOf, useUrlState } from '../lib/url.ts';
import { usePartQuery } from '../lib/usePageQuery.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { PlainText } from '../ui/PlainText.tsx';
import { RowsError } from '../ui/RowsError.tsx';
import { Section } from '../ui/Section.tsx';
import { NextRows, Table, TableNote } from '../ui/Table.tsx';
import { usePages } from '../ui/usePages.ts';
import css from './ResultsTab.module.css';
import { type RunStream, useOnRunChange } from './useRunStream.ts';

const ResultsTab_Query = graphql(`
  query ResultsTab_Query($number: Int!, $split: Split, $onSet: Boolean, $after: String) {
    run(number: $number) {
      id
      evaluationSet {
        id
        key
      }
      evaluations {
        id
        ...EvaluationSummary_Evaluation
      }
      checkpointEvaluations {
        id
        step
        ...EvaluationSummary_Evaluation
      }
      predictions(split: $split, onEvaluationSet: $onSet, first: 25, after: $after) {
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
            setItem {
              id
              prompt
            }
          }
        }
      }
    }
  }
`);

/** `SET` for what stands on the evaluation set. */
const SIDES: readonly (Split | 'SET')[] = ['EVAL', 'TEST', 'SET'];

type Side = (typeof SIDES)[number];

/** The variables that ask for one side. */
const choiceOf = (side: Side | undefined) => (side === 'SET' ? { onSet: true } : { split: side });

type RowsProps = {
  number: number;
  stream: RunStream;
  side: Side | undefined;
  after: string | null;
  pages: number;
  onMore: () => void;
};

function PredictionRows(props: RowsProps) {
  const { number, stream, side, after, pages, onMore } = props;
  const { data, error, loading, refetch } = usePartQuery({
    query: ResultsTab_Query,
    variables: { number, after, ...choiceOf(side) },
  });
  // The first page of them is the question of the whole tab.
  useOnRunChange(stream, refetch);
  const predictions = data?.run?.predictions;
  if (error) return <RowsError error={error} onRetry={refetch} />;
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
              <HeldOutPrompt trace={node.trace} setItem={node.setItem} />
            </td>
            <td className={css.answer}>
              <PlainText>{node.expected}</PlainText>
            </td>
            <td className={css.generated}>
              <Generated {...node} />
            </td>
            <td data-wide>{node.split?.toLowerCase() ?? 'set'}</td>
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

/** What the model wrote, or why it wrote nothing. */
function Generated(props: { text: string; error?: string | null }) {
  const { text, error } = props;
  if (!error && text) return <PlainText>{text}</PlainText>;
  return (
    <em>
      <PlainText>{error || 'empty'}</PlainText>
    </em>
  );
}

/** What the run answered and how that was judged, while it goes on and after. */
export function ResultsTab(props: { number: number; stream: RunStream }) {
  const [url, setUrl] = useUrlState('split');
  const side = oneOf(SIDES, url.split);
  const { pages, more } = usePages(side ?? '');
  const { data, error, refetch } = usePartQuery({
    query: ResultsTab_Query,
    variables: { number: props.number, after: null, ...choiceOf(side) },
  });
  const evaluations = data?.run?.evaluations ?? [];
  const onTheWay = data?.run?.checkpointEvaluations ?? [];
  const held = data?.run?.evaluationSet ? ('SET' as const) : ('TEST' as const);
  if (error) return <ErrorNotice error={error} onRetry={refetch} />;
  return (
    <Stack gap="lg">
      <Section source={ResultsTab_Query} title="Evaluations">
        {!data && <LoadingRows rows={2} />}
        {data && evaluations.length === 0 && 'Not evaluated yet.'}
        {evaluations.map((evaluation) => (
          <EvaluationSummary key={evaluation.id} evaluation={evaluation} />
        ))}
      </Section>
      {onTheWay.length > 0 && (
        <Section source={ResultsTab_Query} title="On the way">
          <Stack gap="xs">
            {onTheWay.map((evaluation) => (
              <Group key={evaluation.id} gap="md" wrap="nowrap" align="flex-start">
                <Text size="sm" style={{ whiteSpace: 'nowrap' }}>
                  Step {formatCount(evaluation.step)}
                </Text>
                <EvaluationSummary evaluation={evaluation} />
              </Group>
            ))}
          </Stack>
        </Section>
      )}
      <Section
        source={ResultsTab_Query}
        title="Predictions"
        flush
        aside={
          <SegmentedControl
            size="xs"
            aria-label="Which predictions"
            value={side ?? ''}
            onChange={(value) => setUrl({ split: value })}
            data={[
              { value: '', label: 'All' },
              { value: 'EVAL', label: 'Eval' },
              { value: held, label: held === 'SET' ? 'Evaluation set' : 'Test' },
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
            stream={props.stream}
            side={side}
            after={null}
            pages={pages}
            onMore={more}
          />
        </Table>
      </Section>
    </Stack>
  );
}
