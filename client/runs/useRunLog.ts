import { useEffect, useState } from 'react';
import { graphql } from '../gql/index.ts';
import { follow } from '../lib/follow.ts';
import { LogStore } from './logStore.ts';

const RunLog_Lines = graphql(`
  subscription RunLog_Lines($runId: ID!, $after: BigInt) {
    runLogs(runId: $runId, after: $after) {
      __typename
      ... on LogBatch {
        firstSeq
        lastSeq
        attempt
        stream
        text
        at
      }
      ... on StreamPhase {
        phase
        behindBy
      }
      ... on StreamCompleted {
        lastSeq
        status
      }
    }
  }
`);

const messageOf = (error: unknown) =>
  error instanceof Error ? error.message : 'The log stream ended with an error';

/** The log of a run as a store that fills itself; a second mount replays into the same store. */
export function useRunLog(runId: string): LogStore {
  const [store] = useState(() => new LogStore());
  useEffect(
    () =>
      follow(
        RunLog_Lines,
        { runId, after: '0' },
        {
          next: ({ runLogs: event }) => {
            switch (event.__typename) {
              case 'LogBatch':
                store.append(event);
                break;
              case 'StreamPhase':
                store.setPhase(
                  event.phase === 'LIVE' ? 'live' : 'backfill',
                  Number(event.behindBy),
                );
                break;
              case 'StreamCompleted':
                store.complete(Number(event.lastSeq), event.status);
                break;
              default:
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
