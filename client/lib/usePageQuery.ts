import { useEffect, useState } from 'react';
import { type AnyVariables, type UseQueryArgs, useQuery } from 'urql';
import { onReconnect } from './socket.ts';

/**
 * The query of a part of a page: a drawer, a dialog, more rows of a list. Without anything to show it
 * gives the error, for a notice in the place of the part; the rest of the page stays as it is. A
 * failed refresh keeps what is already there. Read again after a reconnect: a query has no cursor to
 * resume from.
 */
export function usePartQuery<Data, Variables extends AnyVariables>(
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
  const loading = result.fetching || result.stale;
  return {
    data,
    error: data || loading ? undefined : result.error,
    loading,
    refetch: () => execute({ requestPolicy: 'network-only' }),
  };
}

/** The query that makes a page: the same, but what it cannot show goes to the route's error page. */
export function usePageQuery<Data, Variables extends AnyVariables>(
  args: UseQueryArgs<Variables, Data>,
) {
  const { error, ...shown } = usePartQuery<Data, Variables>(args);
  if (error) throw error;
  return shown;
}
