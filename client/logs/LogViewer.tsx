import { VisuallyHidden } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { lazy, Suspense, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { LogViewer_QueryQuery } from '../gql/graphql.ts';
import { formatBytes, plural } from '../lib/format.ts';
import { oneOf, useUrlState } from '../lib/url.ts';
import { useKeys } from '../lib/useKeys.ts';
import { useLive } from '../shell/LivePill.tsx';
import { Notice } from '../ui/Notice.tsx';
import { SourceButton } from '../ui/SourceButton.tsx';
import { LogViewer_Follow } from './documents.ts';
import { GoToLine } from './GoToLine.tsx';
import css from './LogBar.module.css';
import { AttemptMenu, DownloadMenu, ViewMenu } from './LogMenus.tsx';
import { LogRows } from './LogRows.tsx';
import { LogSearchBox } from './LogSearchBox.tsx';
import { LogStateChip } from './LogStateChip.tsx';
import { allLines } from './lineSource.ts';
import { MarkedLines } from './MarkedLines.tsx';
import { TIME_MODES, type TimeMode } from './rowTime.ts';
import { parseStreams, StreamChips } from './StreamChips.tsx';
import { Scroller } from './scroller.ts';
import { useAnnounced } from './useAnnounced.ts';
import { useFilteredLines } from './useFilteredLines.ts';
import { useLogSearch } from './useLogSearch.ts';
import { useMarkedLines } from './useMarkedLines.ts';
import { useRunLog } from './useRunLog.ts';

const KeysHelp = lazy(async () => ({ default: (await import('../ui/KeysHelp.tsx')).KeysHelp }));

const KEYS = [
  ['/', 'Search all lines'],
  ['n N', 'Next match, previous match'],
  ['g', 'Go to a line'],
  ['G', 'To the end, and follow it'],
  ['Home End', 'First line, last line (in the log)'],
  ['↑ ↓', 'One line up or down (in the log)'],
  ['PgUp PgDn', 'One window up or down (in the log)'],
  ['w', 'Wrap long lines, or not'],
  ['t', 'Times: none, since the start, of day'],
  ['?', 'This list'],
] as const;

type Run = NonNullable<LogViewer_QueryQuery['run']>;

/** The log of a run, of any length. What is looked at stands in the URL. */
export function LogViewer(props: {
  run: Run;
  number: number;
  /** The attempt that was picked: its first line is gone to. */
  attempt: number | undefined;
  /** All of it was written, which is more than `run` says. */
  onGrown: () => void;
}) {
  const { run, number } = props;
  const { log } = run;
  const store = useRunLog(run.id, log);
  useSyncExternalStore(store.subscribe, store.snapshot);
  const [scroller] = useState(() => new Scroller());
  const hasGrown = store.completed !== undefined && store.lastSeq > Number(log.lines);
  const onGrown = useRef(props.onGrown);
  useEffect(() => {
    onGrown.current = props.onGrown;
  });
  useEffect(() => {
    if (hasGrown) onGrown.current();
  }, [hasGrown]);
  const connection = useLive();
  const announced = useAnnounced(store);
  const [url, setUrl] = useUrlState('q', 'case', 'stream', 'wrap', 'time');
  const [showsKeys, setShowsKeys] = useState(false);
  const searchBox = useRef<HTMLInputElement>(null);
  const lineBox = useRef<HTMLInputElement>(null);

  // Habits are kept by the browser; a link says otherwise.
  const [habit, setHabit] = useLocalStorage({
    key: 'tunix-rt-log-view',
    defaultValue: { wrap: true, time: 'hidden' as TimeMode },
    getInitialValueInEffect: false,
  });
  const wrap = url.wrap ? url.wrap === 'on' : habit.wrap;
  const time = oneOf(TIME_MODES, url.time) ?? habit.time;
  const setWrap = (next: boolean) => {
    setHabit({ wrap: next, time });
    setUrl({ wrap: next ? 'on' : 'off' });
  };
  const setTime = (next: TimeMode) => {
    setHabit({ wrap, time: next });
    setUrl({ time: next });
  };

  const { counts, attempts } = store;
  const streams = parseStreams(url.stream);
  const filtered = useFilteredLines({ runId: run.id, store, streams, counts, scroller });
  const source = filtered?.source ?? allLines(store);
  const isCaseSensitive = url.case === 'on';
  const needle = url.q ? { text: url.q, isCaseSensitive } : undefined;
  const show = filtered?.show ?? ((seq: number) => scroller.toRow(seq - 1));
  const search = useLogSearch({
    runId: run.id,
    store,
    question: needle && { ...needle, streams },
    here: () => (scroller.snapshot().following ? 1 : source.seqOf(scroller.middle)),
    show,
    stay: location.hash !== '',
  });

  const { marked, mark, goTo, clear } = useMarkedLines({
    show,
    first: attempts.find(({ attempt }) => attempt === props.attempt)?.firstSeq,
    isReady: filtered?.isReady ?? true,
  });

  const nextTime = TIME_MODES[(TIME_MODES.indexOf(time) + 1) % TIME_MODES.length] ?? 'hidden';
  useKeys({
    '/': () => searchBox.current?.focus(),
    n: search.next,
    N: search.previous,
    g: () => lineBox.current?.focus(),
    G: () => scroller.toEnd(),
    w: () => setWrap(!wrap),
    t: () => setTime(nextTime),
    '?': () => setShowsKeys(true),
  });

  return (
    <>
      <div className={css.bar}>
        <LogStateChip log={store} />
        <StreamChips shown={streams} counts={counts} onChange={(stream) => setUrl({ stream })} />
        <AttemptMenu
          attempts={attempts}
          onJump={({ firstSeq }) => goTo({ first: firstSeq, last: firstSeq })}
        />
        <LogSearchBox
          text={url.q}
          isCaseSensitive={isCaseSensitive}
          search={search}
          box={searchBox}
          onText={(q) => setUrl({ q })}
          onCase={(isOn) => setUrl({ case: isOn ? 'on' : undefined })}
        />
        <GoToLine box={lineBox} onGo={goTo} />
        <ViewMenu wrap={wrap} time={time} onWrap={setWrap} onTime={setTime} />
        <DownloadMenu number={number} attempts={attempts} />
        <SourceButton source={LogViewer_Follow} label="This log by the API" />
      </div>
      {store.phase === 'failed' && (
        <Notice tone="bad" title="The log could not be followed">
          {store.error}. Reload the page to follow it again.
        </Notice>
      )}
      {(store.trouble ?? filtered?.error) && (
        <Notice tone="warn" title="Some lines could not be read">
          {store.trouble ?? filtered?.error}
        </Notice>
      )}
      <LogRows
        scroller={scroller}
        source={source}
        lines={filtered?.total ?? store.lastSeq}
        openSeq={filtered ? undefined : store.open && store.lastSeq + 1}
        marked={marked}
        current={search.current}
        needle={needle}
        wrap={wrap}
        time={time}
        origin={run.startedAt ?? null}
        isStale={connection.kind !== 'live' && !store.completed}
        empty={filtered && !filtered.isReady ? 'Looking …' : 'No lines yet.'}
        onMark={mark}
      />
      <div className={css.foot}>
        {marked ? (
          <MarkedLines range={marked} read={store.read} url={location.href} onClear={clear} />
        ) : (
          <span>
            {streams ? `${plural(filtered?.total ?? 0, 'line')} of ` : ''}
            {plural(store.lastSeq, 'line')}, {formatBytes(log.bytes)}
            {!store.completed && ' when it was read'}
            {store.gaps > 0 && `, ${plural(store.gaps, 'place')} where something was lost`}
          </span>
        )}
        <button type="button" className={css.help} onClick={() => setShowsKeys(true)}>
          Keys: ?
        </button>
        <VisuallyHidden role="status" aria-live="polite">
          {announced}
        </VisuallyHidden>
      </div>
      <Suspense>
        {showsKeys && <KeysHelp keys={KEYS} onClose={() => setShowsKeys(false)} />}
      </Suspense>
    </>
  );
}
