import { useEffect, useState } from 'react';
import { ask } from '../lib/ask.ts';
import { follow } from '../lib/follow.ts';
import { LogViewer_Follow, LogViewer_Page } from './documents.ts';
import { LogStore } from './logStore.ts';

const messageOf = (error: unknown) =>
  error instanceof Error ? error.message : 'The log stream ended with an error';

/**
 * The log of a run as a store that fills itself: pages when they are looked at, and from `lastSeq`
 * on what is written. A second mount replays into the same store.
 */
export function useRunLog(runId: string, lastSeq: number): LogStore {
  const [store] = useState(
    () =>
      new LogStore({
        lastSeq,
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
