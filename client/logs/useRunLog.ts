import { useEffect, useState } from 'react';
import type { LogViewer_QueryQuery } from '../gql/graphql.ts';
import { ask } from '../lib/ask.ts';
import { follow } from '../lib/follow.ts';
import { LogViewer_Follow, LogViewer_Page } from './documents.ts';
import { type LogStart, LogStore } from './logStore.ts';

const messageOf = (error: unknown) =>
  error instanceof Error ? error.message : 'The log stream ended with an error';

type Summary = NonNullable<LogViewer_QueryQuery['run']>['log'];

const startOf = (log: Summary): LogStart => ({
  lastSeq: Number(log.lines),
  counts: {
    STDOUT: Number(log.stdoutLines),
    STDERR: Number(log.stderrLines),
    SYSTEM: Number(log.systemLines),
  },
  gaps: log.gaps,
  attempts: log.attempts.map(({ attempt, firstSeq, lastSeq }) => ({
    attempt,
    firstSeq: Number(firstSeq),
    lastSeq: Number(lastSeq),
  })),
});

/**
 * The log of a run as a store that fills itself: pages when they are looked at, and what is written
 * after `log`, which only counts at first: later answers would count again what came live. A second
 * mount replays into the same store.
 */
export function useRunLog(runId: string, log: Summary): LogStore {
  const [store] = useState(
    () =>
      new LogStore({
        start: startOf(log),
        read: async (after, maxLines) => {
          const { runLogs } = await ask(LogViewer_Page, { runId, after: String(after), maxLines });
          return runLogs ?? { batches: [], gaps: [] };
        },
      }),
  );
  useEffect(
    () =>
      follow(
        LogViewer_Follow,
        { runId, after: String(store.lastSeq) },
        {
          next: ({ runLogs: event }) => {
            switch (event.__typename) {
              case 'LogBatch':
                return store.append(event);
              case 'LogGap':
                return store.appendGap(event);
              case 'LogOpenLine':
                return store.setOpen({ ...event, seq: Number(event.seq) });
              case 'StreamPhase':
                return store.setPhase(
                  event.phase === 'LIVE' ? 'live' : 'backfill',
                  Number(event.behindBy),
                );
              case 'StreamCompleted':
                return store.complete(Number(event.lastSeq), event.status);
            }
          },
          error: (error) => store.fail(messageOf(error)),
          complete: () => {},
        },
      ),
    [runId, store],
  );
  return store;
}
