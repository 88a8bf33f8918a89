import { Tabs } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { lazy, type ReactElement, Suspense, useDeferredValue, useEffect, useRef } from 'react';
import type { EvaluationStatus } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { NotFound } from '../lib/NotFound.tsx';
import { useParam, useUrlState } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { LoadingPage, LoadingRows } from '../ui/Loading.tsx';
import { Page } from '../ui/Page.tsx';
import { AttemptPicker, parseAttempt } from './AttemptPicker.tsx';
import { CancelMenu } from './CancelMenu.tsx';
import { OverviewTab } from './OverviewTab.tsx';
import { RunActions } from './RunActions.tsx';
import { RunHeader } from './RunHeader.tsx';
import { useOnRunChange, useRunStream } from './useRunStream.ts';

const MetricsTab = lazy(async () => ({ default: (await import('./MetricsTab.tsx')).MetricsTab }));
const LogTab = lazy(async () => ({ default: (await import('../logs/LogTab.tsx')).LogTab }));
const ArtifactsTab = lazy(async () => ({
  default: (await import('./ArtifactsTab.tsx')).ArtifactsTab,
}));
const ResultsTab = lazy(async () => ({ default: (await import('./ResultsTab.tsx')).ResultsTab }));
const ConfigTab = lazy(async () => ({ default: (await import('./ConfigTab.tsx')).ConfigTab }));
const EventsTab = lazy(async () => ({ default: (await import('./EventsTab.tsx')).EventsTab }));
const LineageTab = lazy(async () => ({ default: (await import('./LineageTab.tsx')).LineageTab }));

const RunPage_Query = graphql(`
  query RunPage_Query($number: Int!) {
    run(number: $number) {
      id
      number
      name
      mode
      lastMetricSeq
      evaluations {
        id
        status
      }
      ...LiveRun_Run
      ...RunHeader_Run
      ...AttemptPicker_Run
      ...CancelMenu_Run
      ...RunActions_Run
      ...OverviewTab_Run
      ...MetricsTab_Run
      ...ArtifactsTab_Run
      ...ConfigTab_Run
      ...LineageTab_Run
    }
  }
`);

const TABS = [
  ['overview', 'Overview'],
  ['metrics', 'Metrics'],
  ['logs', 'Logs'],
  ['artifacts', 'Checkpoints & artifacts'],
  ['results', 'Evaluations'],
  ['config', 'Config'],
  ['events', 'Events'],
  ['lineage', 'Lineage'],
] as const;

type TabName = (typeof TABS)[number][0];

/** What there is of a run that was trained elsewhere. */
const EXTERNAL_TABS: readonly string[] = ['overview', 'results', 'config', 'events', 'lineage'];

/** An evaluation that is not done. */
const OPEN: ReadonlySet<EvaluationStatus> = new Set<EvaluationStatus>(['PENDING', 'RUNNING']);

function LoadedRun(props: { number: number }) {
  const { number } = props;
  const router = useRouter();
  const [url, setUrl] = useUrlState('tab', 'attempt');
  const list = useRef<HTMLDivElement>(null);
  const { data, loading, refetch } = usePageQuery({ query: RunPage_Query, variables: { number } });
  const run = data?.run;
  const isJudged = run?.evaluations.some(({ status }) => OPEN.has(status)) ?? false;
  const stream = useRunStream(run, isJudged);
  useOnRunChange(stream, refetch);
  const tabs = TABS.filter(([name]) => run?.mode !== 'EXTERNAL' || EXTERNAL_TABS.includes(name));
  const tab = tabs.find(([name]) => name === url.tab)?.[0] ?? 'overview';
  // What is open stays until the code of the next one is here: no flash of a skeleton.
  const shown = useDeferredValue(tab);
  const isShown = Boolean(run);
  // On a phone not all tabs fit: the one that is open has to be in sight.
  useEffect(() => {
    if (!isShown) return;
    list.current
      ?.querySelector(`[data-testid=tab-${tab}]`)
      ?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [isShown, tab]);
  if (!run) return loading ? <LoadingPage /> : <NotFound what="run" back={paths.runs()} />;
  const attempt = parseAttempt(url.attempt);
  const panels: Record<TabName, ReactElement> = {
    overview: <OverviewTab run={run} />,
    metrics: <MetricsTab run={run} stream={stream} attempt={attempt} />,
    logs: <LogTab number={number} attempt={attempt} />,
    artifacts: <ArtifactsTab run={run} attempt={attempt} />,
    results: <ResultsTab number={number} stream={stream} />,
    config: <ConfigTab run={run} />,
    events: <EventsTab events={stream.events} attempt={attempt} />,
    lineage: <LineageTab run={run} />,
  };
  return (
    <Page source={RunPage_Query} title={`Run #${number}${run.name ? ` ${run.name}` : ''}`}>
      <RunHeader
        run={run}
        picker={
          <AttemptPicker
            run={run}
            attempt={attempt}
            onChange={(next) => setUrl({ attempt: next?.toString() })}
          />
        }
        actions={
          <>
            <CancelMenu run={run} />
            <RunActions run={run} />
          </>
        }
      />
      <Tabs
        value={tab}
        // What a tab keeps in the URL belongs to that tab; only the attempt is common to all.
        onChange={(value) =>
          router.history.replace(
            paths.run(
              number,
              value === null || value === 'overview' ? undefined : value,
              url.attempt,
            ),
          )
        }
        keepMounted={false}
      >
        <Tabs.List
          ref={list}
          style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}
        >
          {tabs.map(([name, label]) => (
            <Tabs.Tab key={name} value={name} style={{ flex: 'none' }} data-testid={`tab-${name}`}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <div style={{ paddingTop: 16 }}>
          <Suspense fallback={<LoadingRows />}>
            <Tabs.Panel value={tab}>{panels[shown]}</Tabs.Panel>
          </Suspense>
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
