import { useEffect, useState } from 'react';
import { type AnyVariables, type UseQueryArgs, useQuery } from 'urql';
import { onReconnect } from './socket.ts';

/**
 * The query of a page. Throws what it cannot show to the route's error page; a failed refresh
 * keeps what is already there. Read again after a reconnect: a query has no cursor to resume from.
 */
export function usePageQuery<Data, Variables extends AnyVariables>(
  args: UseQueryArgs<Variables, Data>,
) {
  const [result, execute] = useQuery<Data, Variables>(args);
  const paused = Boolean(args.pause);
  useEffect(() => {
    if (paused) return undefined;
    return onReconnect(() => execute({ requestPolicy: 'network-only' }));
  }, [execute, paused]);
  // A refresh that failed comes without data: what the same question had before is still true.
  const question = JSON.stringify(args.variables ?? {});
  const [held, setHeld] = useState<{ question: string; data: Data }>();
  if (result.data && !result.fetching && result.data !== held?.data) {
    setHeld({ question, data: result.data });
  }
  const data = result.data ?? (held?.question === question ? held.data : undefined);
  if (result.error && !data) throw result.error;
  return {
    data,
    loading: result.fetching || result.stale,
    refetch: () => execute({ requestPolicy: 'network-only' }),
  };
}
