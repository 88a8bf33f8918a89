/**
 * A viewer that writes down what it receives of a run and, whenever its connection breaks, asks for
 * the rest from the last line and event it holds, as any client would.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';

type LogMessage = {
  runLogs:
    | { __typename: 'LogBatch'; firstSeq: string; lastSeq: string; stream: string; text: string }
    | { __typename: 'LogGap'; seq: string; lostBytes: string }
    | { __typename: 'StreamCompleted'; lastSeq: string; status: string }
    | { __typename: 'StreamPhase' };
};
type EventMessage = {
  runEvents:
    | {
        __typename: 'RunEventNotice';
        event: { seq: string; kind: string; data: { step?: number } };
      }
    | { __typename: 'StreamCompleted'; lastSeq: string; status: string }
    | { __typename: 'StreamPhase' | 'MetricUpdate' };
};

const LOG = `subscription Log($id: ID!, $after: BigInt) { runLogs(runId: $id, after: $after) {
  __typename
  ... on LogBatch { firstSeq lastSeq stream text }
  ... on LogGap { seq lostBytes }
  ... on StreamCompleted { lastSeq status } } }`;
const EVENTS = `subscription Events($id: ID!, $after: BigInt) { runEvents(runId: $id, after: $after) {
  __typename
  ... on RunEventNotice { event { seq kind data } }
  ... on StreamCompleted { lastSeq status } } }`;

type Received = { firstSeq: number; lastSeq: number; stream: string; text: string };

export type Recorder = AsyncDisposable & {
  /** The id of the run in the database. */
  readonly runId: string;
  /** Batches in the order in which they came. */
  readonly batches: readonly Received[];
  /** Events in the order in which they came; `step` where they have one. */
  readonly events: readonly { seq: number; kind: string; step: number | undefined }[];
  /** How each stream said that the run ended; one entry for each time it was said. */
  readonly ends: readonly string[];
  /** The bytes that were lost at each mark in the log. */
  readonly gaps: readonly number[];
  /** How often a connection was lost. */
  readonly losses: number;
  /** Resolves when log and events have ended. */
  readonly complete: Promise<void>;
};

/** Follows log and events of a run on one connection, over the API at `url`, which knows it as `id`. */
export function openRecorder(url: string, id: string, runId: string): Recorder {
  const address = `${url.replace(/^http/, 'ws')}/graphql`;
  const batches: Received[] = [];
  const events: { seq: number; kind: string; step: number | undefined }[] = [];
  const ends: string[] = [];
  const gaps: number[] = [];
  const closing = new AbortController();
  let client: Client | undefined;
  let losses = 0;
  let hasLog = false;
  let hasEvents = false;

  const log = async (from: Client) => {
    const after = String(batches.at(-1)?.lastSeq ?? 0);
    const variables = { id, after };
    for await (const { data } of from.iterate<LogMessage>({ query: LOG, variables })) {
      const message = data?.runLogs;
      if (message?.__typename === 'LogBatch') {
        const { firstSeq, lastSeq, stream, text } = message;
        batches.push({ firstSeq: Number(firstSeq), lastSeq: Number(lastSeq), stream, text });
      } else if (message?.__typename === 'LogGap') {
        const seq = Number(message.seq);
        batches.push({ firstSeq: seq, lastSeq: seq, stream: 'GAP', text: '' });
        gaps.push(Number(message.lostBytes));
      } else if (message?.__typename === 'StreamCompleted') {
        ends.push(`log ${message.status} ${message.lastSeq}`);
        hasLog = true;
      }
    }
  };
  const follow = async (from: Client) => {
    const after = String(events.at(-1)?.seq ?? 0);
    const variables = { id, after };
    for await (const { data } of from.iterate<EventMessage>({ query: EVENTS, variables })) {
      const message = data?.runEvents;
      if (message?.__typename === 'RunEventNotice') {
        const { seq, kind, data: about } = message.event;
        events.push({ seq: Number(seq), kind, step: about.step });
      } else if (message?.__typename === 'StreamCompleted') {
        ends.push(`events ${message.status} ${message.lastSeq}`);
        hasEvents = true;
      }
    }
  };
  const run = async () => {
    while (!(hasLog && hasEvents) && !closing.signal.aborted) {
      // Its own retries would begin again where it had begun, not where it was.
      client = createClient({ url: address, webSocketImpl: WebSocket, retryAttempts: 0 });
      const done = Promise.resolve();
      const streams = [hasLog ? done : log(client), hasEvents ? done : follow(client)];
      try {
        await Promise.all(streams);
      } catch {
        losses += 1;
      }
      await client.dispose();
      await Promise.allSettled(streams);
      if (!(hasLog && hasEvents)) await pause(10);
    }
  };
  const complete = run();
  return {
    runId,
    batches,
    events,
    ends,
    gaps,
    get losses() {
      return losses;
    },
    complete,
    async [Symbol.asyncDispose]() {
      closing.abort();
      await client?.dispose();
      await complete;
    },
  };
}
