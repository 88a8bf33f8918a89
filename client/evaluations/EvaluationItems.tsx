import { Group, Select, TextInput, UnstyledButton } from '@mantine/core';
import type { EvaluationItemFilter } from '../gql/graphql.ts';
import { graphql, read } from '../gql/index.ts';
import { oneOf, useUrlState } from '../lib/url.ts';
import { useTextFilter } from '../lib/useTextFilter.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { PagedRows } from '../ui/PagedRows.tsx';
import { Section } from '../ui/Section.tsx';
import { Table } from '../ui/Table.tsx';
import css from './EvaluationItems.module.css';
import { ItemDrawer } from './ItemDrawer.tsx';
import { OUTCOME_WORDS, OUTCOMES, OutcomeTag } from './OutcomeTag.tsx';

const EvaluationItems_Item = graphql(`
  fragment EvaluationItems_Item on EvaluationItem {
    position
    outcome
    correct
    score
    error
    prompt
    expected
    extracted
    rule
    details
    trace {
      id
    }
    setItem {
      id
      alternatives
    }
    prediction {
      id
      text
      error
    }
  }
`);

const EvaluationItems_Query = graphql(`
  query EvaluationItems_Query($id: ID!, $filter: EvaluationItemFilter, $after: String) {
    evaluation(id: $id) {
      id
      items(filter: $filter, first: 50, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            ...EvaluationItems_Item
          }
        }
      }
    }
  }
`);

function ItemRows(props: {
  id: string;
  filter: EvaluationItemFilter;
  opened: string | undefined;
  onOpen: (position: string | undefined) => void;
}) {
  const { id, filter, opened, onOpen } = props;
  return (
    <PagedRows
      query={EvaluationItems_Query}
      variables={{ id, filter }}
      pageOf={(data) => data.evaluation?.items}
      noun="item"
      empty={
        <EmptyState title="No items">
          {filter.outcome || filter.text
            ? 'None matches; change the outcome or the search above.'
            : 'The judge has not said anything yet.'}
        </EmptyState>
      }
    >
      {(nodes) => {
        const rows = read(EvaluationItems_Item, nodes);
        const item = rows.find(({ position }) => String(position) === opened);
        return (
          <>
            <tbody>
              {rows.map((row) => (
                <tr key={row.position} data-testid="evaluation-item">
                  <td>
                    <OutcomeTag outcome={row.outcome} />
                  </td>
                  <td className={css.prompt}>
                    <UnstyledButton
                      className={css.open}
                      onClick={() => onOpen(String(row.position))}
                      data-testid="open-item"
                    >
                      {row.prompt}
                    </UnstyledButton>
                  </td>
                  <td className={css.answer}>{row.expected}</td>
                  <td className={css.answer}>{row.extracted ?? 'nothing found'}</td>
                  <td className={css.generated} data-wide>
                    <div className={css.clamp}>
                      {row.error ??
                        row.prediction?.error ??
                        row.prediction?.text ??
                        'no prediction'}
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
            <ItemDrawer item={item} onClose={() => onOpen(undefined)} />
          </>
        );
      }}
    </PagedRows>
  );
}

/** What the judge said item by item; outcome, words and the opened item are in the URL. */
export function EvaluationItems(props: { id: string; reads: number }) {
  const [url, setUrl] = useUrlState('outcome', 'text', 'item');
  const outcome = oneOf(OUTCOMES, url.outcome);
  const search = useTextFilter(url.text, (text) => setUrl({ text: text.trim() || undefined }));
  const filter = { outcome: outcome && [outcome], text: url.text };
  const question = JSON.stringify(filter);
  return (
    <Section
      source={EvaluationItems_Query}
      title="Items"
      flush
      aside={
        <Group gap={8}>
          <Select
            size="xs"
            w={140}
            aria-label="Outcome"
            placeholder="Any outcome"
            clearable
            data={OUTCOMES.map((value) => ({ value, label: OUTCOME_WORDS[value] }))}
            value={outcome ?? null}
            onChange={(value) => setUrl({ outcome: value })}
            data-testid="outcome-filter"
          />
          <TextInput
            size="xs"
            w={170}
            type="search"
            aria-label="Search the items"
            placeholder="Search the items"
            {...search}
          />
        </Group>
      }
    >
      <Table
        caption="Evaluation items"
        testId="evaluation-items"
        columns={[
          { name: 'Outcome' },
          { name: 'Prompt' },
          { name: 'Expected' },
          { name: 'Found' },
          { name: 'Generated text', wide: true },
        ]}
      >
        <ItemRows
          key={`${question} ${props.reads}`}
          id={props.id}
          filter={filter}
          opened={url.item}
          onOpen={(item) => setUrl({ item }, item !== undefined)}
        />
      </Table>
    </Section>
  );
}
