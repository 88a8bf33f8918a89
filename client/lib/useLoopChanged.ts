import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect } from 'react';
import { useClient } from 'urql';
import { graphql } from '../gql/index.ts';

const UseLoopChanged_Changed = graphql(`
  subscription UseLoopChanged_Changed {
    loopChanged {
      lastRunAt
    }
  }
`);

/** How long news gather before a page is read again. */
const GATHER_MS = 300;

/** Calls back, once for a burst, when a run or an evaluation ended or something new is at a stage. */
export function useLoopChanged(onNews: () => void) {
  const client = useClient();
  const tell = useDebouncedCallback(onNews, { delay: GATHER_MS, maxWait: 4 * GATHER_MS });
  useEffect(() => {
    const { unsubscribe } = client
      .subscription(UseLoopChanged_Changed, {})
      .subscribe(({ data }) => {
        if (data) tell();
      });
    return unsubscribe;
  }, [client, tell]);
  return tell;
}
