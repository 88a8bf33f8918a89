import { Button, Menu, SimpleGrid, Stack } from '@mantine/core';
import { graphql } from '../gql/index.ts';
import { formatCount, formatDate, formatMetric, plural } from '../lib/format.ts';
import { Link } from '../lib/Link.tsx';
import { NotFound } from '../lib/NotFound.tsx';
import { TextLink } from '../lib/TextLink.tsx';
import { useParam } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths, serverPaths } from '../paths.ts';
import { RunStatusBadge } from '../runs/RunStatusBadge.tsx';
import { asJson, Code, Mono } from '../ui/Code.tsx';
import { Facts } from '../ui/Facts.tsx';
import { Icon } from '../ui/Icon.tsx';
import { LoadingPage } from '../ui/Loading.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { DatasetItems } from './DatasetItems.tsx';
import { SplitBar } from './SplitBar.tsx';

const DatasetPage_Query = graphql(`
  query DatasetPage_Query($key: String!) {
    dataset(key: $key) {
      id
      key
      name
      version
      contentHash
      recipe
      provenance
      itemCount
      createdAt
      ...SplitBar_Dataset
      stats {
        avgStepCount
        minStepCount
        maxStepCount
        avgTotalChars
      }
      parent {
        id
        key
      }
      runs(first: 8) {
        totalCount
        edges {
          node {
            id
            number
            name
            ...RunStatusBadge_Run
          }
        }
      }
    }
  }
`);

const FORMATS = [
  ['trace', 'Traces, as they were imported'],
  ['tunix_sft', 'Rendered prompts for Tunix SFT'],
  ['training_example', 'Prompt and response pairs'],
] as const;

function ExportMenu(props: { datasetKey: string }) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" leftSection={<Icon name="download" />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMATS.map(([format, label]) => (
          <Menu.Item
            key={format}
            component="a"
            href={serverPaths.exportDataset(props.datasetKey, { format })}
            download
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

export function DatasetPage() {
  const key = useParam('key');
  const { data, loading } = usePageQuery({ query: DatasetPage_Query, variables: { key } });
  const dataset = data?.dataset;
  if (!dataset || dataset.key !== key) {
    return loading ? <LoadingPage /> : <NotFound what="dataset" back={paths.datasets()} />;
  }
  return (
    <Page
      title={dataset.key}
      heading={<Mono>{dataset.key}</Mono>}
      description={`${formatCount(dataset.itemCount)} items, built ${formatDate(dataset.createdAt)}`}
      actions={
        <>
          <ExportMenu datasetKey={dataset.key} />
          <Button
            component={Link}
            to={paths.newRun({ dataset: dataset.key })}
            leftSection={<Icon name="runs" />}
            data-testid="train-on-this"
          >
            Train on this
          </Button>
        </>
      }
    >
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Section title="Split">
          <Stack gap="md">
            <SplitBar dataset={dataset} />
            <Facts
              of={[
                ['Content hash', <Mono key="hash">{dataset.contentHash}</Mono>],
                [
                  'Steps per trace',
                  `${formatMetric(dataset.stats.avgStepCount)} on average, ${dataset.stats.minStepCount}–${dataset.stats.maxStepCount}`,
                ],
                ['Characters', `${formatMetric(dataset.stats.avgTotalChars)} on average`],
                [
                  'Parent',
                  dataset.parent && (
                    <TextLink key="parent" to={paths.dataset(dataset.parent.key)} mono>
                      {dataset.parent.key}
                    </TextLink>
                  ),
                ],
              ]}
            />
          </Stack>
        </Section>
        <Section title={`Used by ${plural(dataset.runs.totalCount, 'run')}`}>
          {dataset.runs.edges.length === 0 && 'Never trained on.'}
          <Stack gap={8}>
            {dataset.runs.edges.map(({ node }) => (
              <div key={node.id} style={{ display: 'flex', gap: 10, alignItems: 'center' }}>
                <TextLink to={paths.run(node.number)}>
                  #{node.number}
                  {node.name ? ` ${node.name}` : ''}
                </TextLink>
                <RunStatusBadge run={node} />
              </div>
            ))}
            {dataset.runs.totalCount > dataset.runs.edges.length && (
              <TextLink to={paths.runs({ dataset: dataset.key })}>All of them</TextLink>
            )}
          </Stack>
        </Section>
      </SimpleGrid>
      <DatasetItems datasetKey={dataset.key} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Section title="Recipe">
          <Code label="recipe">{asJson(dataset.recipe)}</Code>
        </Section>
        <Section title="Provenance">
          <Code label="provenance">{asJson(dataset.provenance)}</Code>
        </Section>
      </SimpleGrid>
    </Page>
  );
}
