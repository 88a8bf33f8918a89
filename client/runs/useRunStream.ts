import { useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import type { RunEventKind } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { EventStore } from './eventStore.ts';
import { RunMetrics } from './metricStore.ts';

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

/** After these, what the page and its tabs have read of the run has changed. */
const CHANGES_RUN: ReadonlySet<RunEventKind> = new Set<RunEventKind>([
  'CLAIMED',
  'STARTED',
  'RESTORED',
  'CHECKPOINT',
  'PREDICTIONS',
  'EXPORTED',
  'ARTIFACTS',
  'CANCEL_REQUESTED',
  'ATTEMPT_LOST',
  'ATTEMPT_RELEASED',
  'ATTEMPT_FAILED',
  'COMPLETED',
  'FAILED',
  'TIMEOUT',
  'CANCELLED',
  'EVALUATED',
]);

/** Several events come together: one answer has what all of them changed. */
const REFETCH_AFTER_MS = 250;

export type RunStream = {
  events: EventStore;
  metrics: RunMetrics;
  /** Calls back when lists that belong to the run (files, attempts, evaluations) have changed. */
  onChange: (listener: () => void) => () => void;
};

/**
 * Events and metric points of a run, history included. The `run` each message carries goes through
 * the cache to whoever draws it. The stream ends with the run and its evaluations, and is opened
 * again when `isJudged` says that another evaluation has begun.
 */
export function useRunStream(
  run: { id: string; lastMetricSeq: string } | null | undefined,
  isJudged: boolean,
): RunStream {
  const client = useClient();
  const [{ stream, listeners }] = useState(makeStream);
  const hasEnded = useRef(false);
  const [opened, setOpened] = useState(1);
  const runId = run?.id;
  // Where the curves stood when the page was read; a later value must not restart the stream.
  const [metricsAfter, setMetricsAfter] = useState(run?.lastMetricSeq);
  if (metricsAfter === undefined && run) setMetricsAfter(run.lastMetricSeq);
  const cursor = useRef<string>(undefined);
  useEffect(() => {
    if (isJudged && hasEnded.current) setOpened((times) => times + 1);
  }, [isJudged]);
  useEffect(() => {
    if (!runId || metricsAfter === undefined) return undefined;
    hasEnded.current = false;
    // History changes nothing that the page's query has not read itself; what comes after it does.
    let isNews = opened > 1;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tellSoon = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        for (const listener of listeners) listener();
      }, REFETCH_AFTER_MS);
    };
    const after = stream.events.snapshot().at(-1)?.seq ?? '0';
    const { unsubscribe } = client
      .subscription(RunStream_Events, {
        runId,
        after,
        metricsAfter: cursor.current ?? metricsAfter,
      })
      .subscribe(({ data }) => {
        const message = data?.runEvents;
        switch (message?.__typename) {
          case 'RunEventNotice': {
            const isNew = stream.events.add(message.event);
            if (isNew && isNews && CHANGES_RUN.has(message.event.kind)) tellSoon();
            break;
          }
          case 'MetricUpdate':
            stream.metrics.add(message.series);
            cursor.current = message.lastSeq;
            break;
          case 'StreamPhase':
            isNews ||= message.phase === 'LIVE';
            break;
          case 'StreamCompleted':
            hasEnded.current = true;
            if (isNews) tellSoon();
            break;
          default:
        }
      });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [client, runId, metricsAfter, stream, listeners, opened]);
  return stream;
}

function makeStream() {
  const listeners = new Set<() => void>();
  const stream: RunStream = {
    events: new EventStore(),
    metrics: new RunMetrics(),
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  return { stream, listeners };
}

/** Reads something again when lists of the run have changed. */
export function useOnRunChange(stream: RunStream, read: () => void): void {
  const latest = useRef(read);
  useEffect(() => {
    latest.current = read;
  });
  useEffect(() => stream.onChange(() => latest.current()), [stream]);
}
