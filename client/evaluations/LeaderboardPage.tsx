import { Group, Select } from '@mantine/core';
import type { LeaderboardFilter, Split } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { oneOf, useUrlState } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { Table } from '../ui/Table.tsx';
import { usePages } from '../ui/usePages.ts';
import { LEADERBOARD_COLUMNS, LeaderboardRows } from './LeaderboardRows.tsx';

const LeaderboardPage_Query = graphql(`
  query LeaderboardPage_Query {
    datasets(first: 100) {
      edges {
        node {
          id
          key
        }
      }
    }
    evaluationSets(first: 100) {
      edges {
        node {
          id
          key
        }
      }
    }
    judges {
      ref
      description
    }
  }
`);

const SPLITS: readonly Split[] = ['EVAL', 'TEST'];

const withValue = (values: string[], value: string | undefined) =>
  value === undefined || values.includes(value) ? values : [value, ...values];

export function LeaderboardPage() {
  const [url, setUrl] = useUrlState('set', 'dataset', 'split', 'judge');
  const { data } = usePageQuery({ query: LeaderboardPage_Query });
  const datasets = data?.datasets.edges.map(({ node }) => node.key) ?? [];
  const sets = data?.evaluationSets.edges.map(({ node }) => node.key) ?? [];
  const split = oneOf(SPLITS, url.split);
  const filter: LeaderboardFilter = {
    evaluationSetKey: url.set,
    datasetKey: url.dataset,
    split,
    judge: url.judge,
  };
  const { pages, more } = usePages(JSON.stringify(filter));
  return (
    <Page
      title="Leaderboard"
      description="Runs scored on the same evaluation set, or dataset and split, by the same judge can be compared; only those share a rank."
    >
      <Group gap="sm">
        <Select
          aria-label="Evaluation set"
          placeholder="Any evaluation set"
          clearable
          searchable
          w={240}
          data={withValue(sets, url.set)}
          value={url.set ?? null}
          onChange={(set) => setUrl({ set })}
        />
        <Select
          aria-label="Dataset"
          placeholder="Any dataset"
          clearable
          searchable
          w={240}
          data={withValue(datasets, url.dataset)}
          value={url.dataset ?? null}
          onChange={(dataset) => setUrl({ dataset })}
        />
        <Select
          aria-label="Split"
          placeholder="Any split"
          clearable
          w={130}
          data={SPLITS.map((value) => ({ value, label: value.toLowerCase() }))}
          value={split ?? null}
          onChange={(value) => setUrl({ split: value })}
        />
        <Select
          aria-label="Judge"
          placeholder="Default judge"
          clearable
          w={220}
          data={withValue(data?.judges.map(({ ref }) => ref) ?? [], url.judge)}
          value={url.judge ?? null}
          onChange={(judge) => setUrl({ judge })}
        />
      </Group>
      <Section flush>
        <Table caption="Leaderboard" columns={LEADERBOARD_COLUMNS} testId="leaderboard-table">
          <LeaderboardRows filter={filter} after={null} pages={pages} onMore={more} />
        </Table>
      </Section>
    </Page>
  );
}
