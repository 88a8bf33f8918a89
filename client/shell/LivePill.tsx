import { useSyncExternalStore } from 'react';
import { formatDate } from '../lib/format.ts';
import type { Live } from '../lib/live.ts';
import { liveState } from '../lib/socket.ts';
import { timeZone } from '../lib/timeZone.ts';
import { useNow } from '../ui/Ago.tsx';
import { Spoken } from '../ui/Spoken.tsx';
import { Tag, type Tone } from '../ui/Tag.tsx';

const TONE: Record<Live['kind'], Tone> = {
  connecting: 'idle',
  live: 'good',
  reconnecting: 'warn',
  offline: 'bad',
};

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone });

export function useLive(): Live {
  return useSyncExternalStore(liveState.subscribe, liveState.get);
}

const isLost = () => ['reconnecting', 'offline'].includes(liveState.get().kind);

/** Whether numbers that are shown may be old: the connection is lost. */
export const useStale = (): boolean => useSyncExternalStore(liveState.subscribe, isLost);

function latency(ms: number) {
  return ms < 1 ? '<1 ms' : `${Math.round(ms)} ms`;
}

function words(live: Live): string {
  switch (live.kind) {
    case 'connecting':
      return 'Connecting';
    case 'live':
      return live.latencyMs === undefined ? 'Live' : `Live ${latency(live.latencyMs)}`;
    case 'reconnecting':
      return `Reconnecting, stale since ${clock.format(live.since)}`;
    case 'offline':
      return `Offline since ${clock.format(live.since)}`;
  }
}

/** The one live indicator: the state of the real socket, and since when it is lost. */
export function LivePill() {
  const live = useLive();
  useNow(60_000);
  return (
    <span
      data-testid="live-pill"
      data-state={live.kind}
      title={`Since ${formatDate(new Date(live.since).toISOString())}`}
    >
      {/* Announces changes of state, not every new latency. */}
      <Spoken role="status">{live.kind}</Spoken>
      <span aria-hidden="true">
        <Tag
          tone={TONE[live.kind]}
          icon={live.kind === 'live' ? 'check' : live.kind === 'offline' ? 'cross' : 'spin'}
          busy={live.kind === 'reconnecting' || live.kind === 'connecting'}
        >
          {words(live)}
        </Tag>
      </span>
    </span>
  );
}
