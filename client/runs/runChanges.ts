/** What the page hears of runs, in one stream: whoever shows runs outside of the cache listens here. */
import type { LiveRun_RunFragment } from '../gql/graphql.ts';

/** The fields, without the mark that a fragment has in types only. */
type LiveRun = Omit<LiveRun_RunFragment, ' $fragmentName'>;

const listeners = new Set<(run: LiveRun) => void>();

export const runChanges = {
  subscribe: (listener: (run: LiveRun) => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  tell: (run: LiveRun) => {
    for (const listener of listeners) listener(run);
  },
};
