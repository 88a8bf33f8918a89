import { Tabs } from '@mantine/core';
import { graphql } from '../gql/index.ts';
import { NotFound } from '../lib/NotFound.tsx';
import { useParam, useUrlState } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { LoadingPage } from '../ui/Loading.tsx';
import { Page } from '../ui/Page.tsx';
import { ArtifactsTab } from './ArtifactsTab.tsx';
import { CancelMenu } from './CancelMenu.tsx';
import { ConfigTab } from './ConfigTab.tsx';
import { EventsTab } from './EventsTab.tsx';
import { LogTab } from './LogTab.tsx';
import { MetricsTab } from './MetricsTab.tsx';
import { OverviewTab } from './OverviewTab.tsx';
import { ResultsTab } from './ResultsTab.tsx';
import { RunActions } from './RunActions.tsx';
import { RunHeader } from './RunHeader.tsx';
import { useRunStream } from './useRunStream.ts';

const RunPage_Query = graphql(`
  query RunPage_Query($number: Int!) {
    run(number: $number) {
      id
      number
      name
      mode
      lastMetricSeq
      ...LiveRun_Run
      ...RunHeader_Run
      ...CancelMenu_Run
      ...RunActions_Run
      ...OverviewTab_Run
      ...ArtifactsTab_Run
      ...ConfigTab_Run
    }
  }
`);

const TABS = [
  ['overview', 'Overview'],
  ['metrics', 'Metrics'],
  ['logs', 'Logs'],
  ['artifacts', 'Artifacts'],
  ['results', 'Predictions & evaluation'],
  ['config', 'Config'],
  ['events', 'Events'],
] as const;

/** What there is of a run that was trained elsewhere. */
const EXTERNAL_TABS: readonly string[] = ['overview', 'results', 'config', 'events'];

function LoadedRun(props: { number: number }) {
  const { number } = props;
  const [url, setUrl] = useUrlState('tab');
  const { data, loading, refetch } = usePageQuery({ query: RunPage_Query, variables: { number } });
  const stream = useRunStream(data?.run, refetch);
  if (!data) return <LoadingPage />;
  const { run } = data;
  if (!run) return loading ? <LoadingPage /> : <NotFound what="run" back={paths.runs()} />;
  const tabs = TABS.filter(([name]) => run.mode !== 'EXTERNAL' || EXTERNAL_TABS.includes(name));
  const tab = tabs.some(([name]) => name === url.tab) ? url.tab : 'overview';
  return (
    <Page
      title={`Run #${number}${run.name ? ` ${run.name}` : ''}`}
      actions={
        <>
          <CancelMenu run={run} />
          <RunActions run={run} />
        </>
      }
    >
      <RunHeader run={run} />
      <Tabs
        value={tab}
        onChange={(value) => setUrl({ tab: value === 'overview' ? undefined : value })}
        keepMounted={false}
      >
        <Tabs.List style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}>
          {tabs.map(([name, label]) => (
            <Tabs.Tab key={name} value={name} style={{ flex: 'none' }} data-testid={`tab-${name}`}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <div style={{ paddingTop: 16 }}>
          <Tabs.Panel value="overview">
            <OverviewTab run={run} />
          </Tabs.Panel>
          <Tabs.Panel value="metrics">
            <MetricsTab number={number} stream={stream} />
          </Tabs.Panel>
          <Tabs.Panel value="logs">
            <LogTab runId={run.id} number={number} />
          </Tabs.Panel>
          <Tabs.Panel value="artifacts">
            <ArtifactsTab run={run} />
          </Tabs.Panel>
          <Tabs.Panel value="results">
            <ResultsTab number={number} />
          </Tabs.Panel>
          <Tabs.Panel value="config">
            <ConfigTab run={run} />
          </Tabs.Panel>
          <Tabs.Panel value="events">
            <EventsTab events={stream.events} />
          </Tabs.Panel>
        </div>
      </Tabs>
    </Page>
  );
}

/** One run per mount: streams and stores never mix two runs. */
export function RunPage() {
  const text = useParam('number');
  const number = Number(text);
  if (!/^\d{1,9}$/.test(text)) return <NotFound what="run" back={paths.runs()} />;
  return <LoadedRun key={number} number={number} />;
}
