import { useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import type { RunEventKind } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { EventStore } from './eventStore.ts';
import { MetricStore } from './metricStore.ts';

export const RunStream_Events = graphql(`
  subscription RunStream_Events($runId: ID!, $after: BigInt, $metricsAfter: BigInt) {
    runEvents(runId: $runId, after: $after, metricsAfter: $metricsAfter) {
      __typename
      ... on RunEventNotice {
        event {
          seq
          attempt
          kind
          data
          at
        }
        run {
          id
          ...LiveRun_Run
        }
      }
      ... on MetricUpdate {
        lastSeq
        series {
          name
          points {
            step
            value
            kind
            attempt
            at
          }
        }
        run {
          id
          ...LiveRun_Run
        }
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

/** After these, lists that belong to the run (artifacts, attempts, evaluations) have changed. */
const CHANGES_LISTS: ReadonlySet<RunEventKind> = new Set<RunEventKind>([
  'CLAIMED',
  'CHECKPOINT',
  'PREDICTIONS',
  'EXPORTED',
  'ARTIFACTS',
  'ATTEMPT_LOST',
  'ATTEMPT_RELEASED',
  'COMPLETED',
  'FAILED',
  'TIMEOUT',
  'CANCELLED',
  'EVALUATED',
]);

export type RunStream = { events: EventStore; metrics: MetricStore };

/**
 * Events and metric points of a run, history included. The `run` each message carries goes through
 * the cache to whoever draws it.
 */
export function useRunStream(
  run: { id: string; lastMetricSeq: string } | null | undefined,
  refetch: () => void,
): RunStream {
  const client = useClient();
  const [stream] = useState(() => ({ events: new EventStore(), metrics: new MetricStore() }));
  const latestRefetch = useRef(refetch);
  const runId = run?.id;
  // Where the curves stood when the page was read; a later value must not restart the stream.
  const [metricsAfter, setMetricsAfter] = useState(run?.lastMetricSeq);
  if (metricsAfter === undefined && run) setMetricsAfter(run.lastMetricSeq);
  useEffect(() => {
    latestRefetch.current = refetch;
  });
  useEffect(() => {
    if (!runId || metricsAfter === undefined) return undefined;
    let live = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refetchSoon = () => {
      clearTimeout(timer);
      timer = setTimeout(() => latestRefetch.current(), 250);
    };
    const { unsubscribe } = client
      .subscription(RunStream_Events, { runId, after: '0', metricsAfter })
      .subscribe(({ data }) => {
        const message = data?.runEvents;
        switch (message?.__typename) {
          case 'RunEventNotice': {
            const isNew = stream.events.add(message.event);
            if (isNew && live && CHANGES_LISTS.has(message.event.kind)) refetchSoon();
            break;
          }
          case 'MetricUpdate':
            stream.metrics.merge(message.series);
            break;
          case 'StreamPhase':
            // History changes nothing that the page's query has not read itself.
            live = message.phase === 'LIVE';
            break;
          case 'StreamCompleted':
            if (live) refetchSoon();
            break;
          default:
        }
      });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [client, runId, metricsAfter, stream]);
  return stream;
}
