import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect } from 'react';
import { useClient } from 'urql';
import { graphql } from '../gql/index.ts';
import { runChanges } from '../runs/runChanges.ts';

const UseRunnersLive_Changed = graphql(`
  subscription UseRunnersLive_Changed {
    runnersChanged {
      runner {
        ...RunnerCard_Runner
      }
    }
  }
`);

/** How long news gather before lists are read again. */
const GATHER_MS = 300;

/**
 * Follows runners and runs. Cards of known runners change through the cache; `onNews` reads again what
 * is a list: runners that came, and the order of the queues.
 */
export function useRunnersLive(onNews: () => void) {
  const client = useClient();
  const tell = useDebouncedCallback(onNews, { delay: GATHER_MS, maxWait: 4 * GATHER_MS });
  useEffect(() => {
    const { unsubscribe } = client
      .subscription(UseRunnersLive_Changed, {})
      .subscribe(({ data }) => {
        if (data) tell();
      });
    return unsubscribe;
  }, [client, tell]);
  useEffect(() => {
    const states = new Map<string, string>();
    return runChanges.subscribe(({ id, status, attempt }) => {
      // Progress moves no queue.
      const state = `${status} ${attempt}`;
      if (states.get(id) === state) return;
      states.set(id, state);
      tell();
    });
  }, [tell]);
}
