import { useEffect } from 'react';
import { useClient } from 'urql';
import type { RunStatus } from '../gql/graphql.ts';
import { graphql, read } from '../gql/index.ts';
import { onReconnect } from '../lib/socket.ts';
import { LiveRun_Run } from '../runs/liveRun.ts';
import { runChanges } from '../runs/runChanges.ts';

const Shell_RunsChanged = graphql(`
  subscription Shell_RunsChanged {
    runsChanged {
      run {
        id
        number
        status
        ...LiveRun_Run
      }
    }
  }
`);

/**
 * One subscription for the whole page; lists and details read its runs from the cache. `onStatus` is
 * also called after a reconnect: a run that ended meanwhile is not named again.
 */
export function useRunsChanged(onStatus: () => void) {
  const client = useClient();
  useEffect(() => onReconnect(onStatus), [onStatus]);
  useEffect(() => {
    const known = new Map<number, RunStatus>();
    const { unsubscribe } = client.subscription(Shell_RunsChanged, {}).subscribe((result) => {
      const run = result.data?.runsChanged.run;
      if (!run) return;
      runChanges.tell(read(LiveRun_Run, run));
      if (known.get(run.number) === run.status) return;
      known.set(run.number, run.status);
      onStatus();
    });
    return unsubscribe;
  }, [client, onStatus]);
}
