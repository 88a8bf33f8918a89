import { SegmentedControl } from '@mantine/core';
import type { ItemOutcome } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { plural } from '../lib/format.ts';
import { oneOf, useUrlState } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { Mono } from '../ui/Code.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Section } from '../ui/Section.tsx';
import { NextRows, Table, TableNote } from '../ui/Table.tsx';
import { Tag } from '../ui/Tag.tsx';
import { usePages } from '../ui/usePages.ts';
import css from './EvaluationItems.module.css';
import { HeldOutPrompt } from './HeldOutPrompt.tsx';

const EvaluationItems_Query = graphql(`
  query EvaluationItems_Query($id: ID!, $filter: EvaluationItemFilter, $after: String) {
    evaluation(id: $id) {
      id
      items(filter: $filter, first: 25, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            position
            correct
            error
            expected
            extracted
            rule
            trace {
              id
              promptPreview
            }
            setItem {
              id
              prompt
            }
            prediction {
              id
              text
              error
            }
          }
        }
      }
    }
  }
`);

type RowsProps = {
  id: string;
  filter: { outcome: ItemOutcome[] } | undefined;
  after: string | null;
  pages: number;
  onMore: () => void;
};

function ItemRows(props: RowsProps) {
  const { id, filter, after, pages, onMore } = props;
  const { data, loading } = usePageQuery({
    query: EvaluationItems_Query,
    variables: { id, filter, after },
  });
  const items = data?.evaluation?.items;
  if (!items) {
    return (
      <TableNote>
        <LoadingRows />
      </TableNote>
    );
  }
  if (!after && items.edges.length === 0) {
    return (
      <TableNote>
        <EmptyState title="No items">There is nothing to show for this choice.</EmptyState>
      </TableNote>
    );
  }
  return (
    <>
      <tbody>
        {items.edges.map(({ node }) => (
          <tr key={node.position} data-testid="evaluation-item">
            <td>
              <Tag tone={node.correct ? 'good' : 'bad'} icon={node.correct ? 'check' : 'cross'}>
                {node.error ? 'Not judged' : node.correct ? 'Correct' : 'Wrong'}
              </Tag>
            </td>
            <td className={css.prompt}>
              <HeldOutPrompt trace={node.trace} setItem={node.setItem} />
            </td>
            <td className={css.answer}>{node.expected}</td>
            <td className={css.answer}>{node.extracted ?? 'nothing found'}</td>
            <td data-wide>{node.rule ? <Mono>{node.rule}</Mono> : '–'}</td>
            <td className={css.generated}>
              {node.error ?? node.prediction?.error ?? node.prediction?.text ?? 'no prediction'}
            </td>
          </tr>
        ))}
      </tbody>
      <NextRows
        pageInfo={items.pageInfo}
        pages={pages}
        total={plural(items.totalCount, 'item')}
        loading={loading}
        onMore={onMore}
        next={(cursor) => <ItemRows {...props} after={cursor} pages={pages - 1} />}
      />
    </>
  );
}

const FILTERS: Record<'correct' | 'wrong', { outcome: ItemOutcome[] }> = {
  correct: { outcome: ['CORRECT'] },
  wrong: { outcome: ['WRONG', 'NO_ANSWER', 'FAILED'] },
};

export function EvaluationItems(props: { id: string }) {
  const [url, setUrl] = useUrlState('show');
  const show = oneOf(['correct', 'wrong'], url.show);
  const { pages, more } = usePages(show ?? '');
  return (
    <Section
      title="Items"
      flush
      aside={
        <SegmentedControl
          size="xs"
          aria-label="Which items"
          value={show ?? ''}
          onChange={(value) => setUrl({ show: value })}
          data={[
            { value: '', label: 'All' },
            { value: 'correct', label: 'Correct' },
            { value: 'wrong', label: 'Wrong' },
          ]}
        />
      }
    >
      <Table
        caption="Evaluation items"
        testId="evaluation-items"
        columns={[
          { name: 'Verdict' },
          { name: 'Prompt' },
          { name: 'Expected' },
          { name: 'Extracted' },
          { name: 'Rule', wide: true },
          { name: 'Generated text' },
        ]}
      >
        <ItemRows
          id={props.id}
          filter={show && FILTERS[show]}
          after={null}
          pages={pages}
          onMore={more}
        />
      </Table>
    </Section>
  );
}
