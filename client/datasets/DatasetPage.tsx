import { Button, Tabs } from '@mantine/core';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { graphql } from '../gql/index.ts';
import { formatCount, formatDate } from '../lib/format.ts';
import { Link } from '../lib/Link.tsx';
import { May } from '../lib/May.tsx';
import { NotFound } from '../lib/NotFound.tsx';
import { oneOf, useParam, useUrlState } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { Mono } from '../ui/Code.tsx';
import { Icon } from '../ui/Icon.tsx';
import { LoadingPage, LoadingRows } from '../ui/Loading.tsx';
import { Page } from '../ui/Page.tsx';
import { DatasetItems } from './DatasetItems.tsx';
import { DatasetSummary } from './DatasetSummary.tsx';

const ChecksTab = lazy(async () => ({ default: (await import('./ChecksTab.tsx')).ChecksTab }));
const DiffTab = lazy(async () => ({ default: (await import('./DiffTab.tsx')).DiffTab }));
const VersionsTab = lazy(async () => ({
  default: (await import('./VersionsTab.tsx')).VersionsTab,
}));
const RenderTab = lazy(async () => ({ default: (await import('./RenderTab.tsx')).RenderTab }));
const RecipeTab = lazy(async () => ({ default: (await import('./RecipeTab.tsx')).RecipeTab }));
const RunsTab = lazy(async () => ({ default: (await import('./RunsTab.tsx')).RunsTab }));
const ExportTab = lazy(async () => ({ default: (await import('./ExportTab.tsx')).ExportTab }));

const DatasetPage_Query = graphql(`
  query DatasetPage_Query($key: String!) {
    dataset(key: $key) {
      id
      key
      itemCount
      createdAt
      createdBy
      viewerCanTrain
      ...DatasetSummary_Dataset
      ...RecipeTab_Dataset
    }
  }
`);

const TABS = [
  ['items', 'Items'],
  ['checks', 'Checks'],
  ['diff', 'Diff'],
  ['versions', 'Versions'],
  ['render', 'Render preview'],
  ['recipe', 'Recipe'],
  ['runs', 'Used by'],
  ['export', 'Export'],
] as const;

/** What a tab keeps in the URL belongs to that tab: the next one starts without it. */
const TAB_STATE = [
  'split',
  'trace',
  'rule',
  'show',
  'check',
  'with',
  'kind',
  'model',
  'tokens',
] as const;
const CLEAN = Object.fromEntries(TAB_STATE.map((name) => [name, undefined]));

export function DatasetPage() {
  const key = useParam('key');
  const [url, setUrl] = useUrlState('tab', ...TAB_STATE);
  const list = useRef<HTMLDivElement>(null);
  const { data, loading } = usePageQuery({ query: DatasetPage_Query, variables: { key } });
  const dataset = data?.dataset;
  const tab = oneOf(
    TABS.map(([name]) => name),
    url.tab,
  );
  const isShown = dataset?.key === key;
  // On a phone not all tabs fit: the one that is open has to be in sight.
  useEffect(() => {
    if (!isShown) return;
    list.current
      ?.querySelector(`[data-testid=tab-${tab ?? 'items'}]`)
      ?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [isShown, tab]);
  if (!dataset || dataset.key !== key) {
    return loading ? <LoadingPage /> : <NotFound what="dataset" back={paths.datasets()} />;
  }
  return (
    <Page
      source={DatasetPage_Query}
      title={dataset.key}
      heading={<Mono>{dataset.key}</Mono>}
      description={`${formatCount(dataset.itemCount)} items, built ${formatDate(dataset.createdAt)}${dataset.createdBy ? ` by ${dataset.createdBy}` : ''}`}
      actions={
        <>
          <May scope="DATASETS_WRITE">
            <Button
              component={Link}
              to={paths.newDataset({ parent: dataset.key })}
              variant="default"
              leftSection={<Icon name="plus" />}
              data-testid="next-version"
            >
              Next version
            </Button>
          </May>
          {dataset.viewerCanTrain && (
            <Button
              component={Link}
              to={paths.newRun({ dataset: dataset.key })}
              leftSection={<Icon name="runs" />}
              data-testid="train-on-this"
            >
              Train on this
            </Button>
          )}
        </>
      }
    >
      <DatasetSummary dataset={dataset} />
      <Tabs
        value={tab ?? 'items'}
        onChange={(value) => setUrl({ ...CLEAN, tab: value === 'items' ? undefined : value })}
        keepMounted={false}
      >
        <Tabs.List
          ref={list}
          style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}
        >
          {TABS.map(([name, label]) => (
            <Tabs.Tab key={name} value={name} style={{ flex: 'none' }} data-testid={`tab-${name}`}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <div style={{ paddingTop: 16 }}>
          <Suspense fallback={<LoadingRows />}>
            <Tabs.Panel value="items">
              <DatasetItems datasetKey={key} />
            </Tabs.Panel>
            <Tabs.Panel value="checks">
              <ChecksTab datasetKey={key} />
            </Tabs.Panel>
            <Tabs.Panel value="diff">
              <DiffTab datasetKey={key} />
            </Tabs.Panel>
            <Tabs.Panel value="versions">
              <VersionsTab datasetKey={key} />
            </Tabs.Panel>
            <Tabs.Panel value="render">
              <RenderTab datasetKey={key} />
            </Tabs.Panel>
            <Tabs.Panel value="recipe">
              <RecipeTab dataset={dataset} />
            </Tabs.Panel>
            <Tabs.Panel value="runs">
              <RunsTab datasetKey={key} />
            </Tabs.Panel>
            <Tabs.Panel value="export">
              <ExportTab datasetKey={key} />
            </Tabs.Panel>
          </Suspense>
        </div>
      </Tabs>
    </Page>
  );
}
