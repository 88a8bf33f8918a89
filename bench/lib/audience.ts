/**
 * Subscribers of logs, many of them, in a process of their own. Each asserts that every line comes
 * once and in order; the latency of a batch is that of its first line, which waited longest.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Sample } from './stats.ts';

/** What the audience is told. */
export type Order = {
  /** `ws://…` */
  url: string;
  /** The document to subscribe with, taking `$id` and `$after`; null where frames come unasked. */
  query: string | null;
  /** One subscriber for each, by the global id of its run. */
  ids: string[];
  after: number;
  /** Whether a stream begins with a message although nothing has happened yet. */
  greets: boolean;
};

/** What all of them got. `lines` is the least and `most` the greatest number over the subscribers. */
export type Heard = {
  complete: number;
  lines: number;
  most: number;
  gaps: number;
  messages: number;
  bytes: number;
  /** Milliseconds, by quantile. */
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
};

export const LOG_SUBSCRIPTION = `subscription Bench_RunLogs($id: ID!, $after: BigInt) {
  runLogs(runId: $id, after: $after) {
    __typename
    ... on LogBatch { firstSeq lastSeq text }
    ... on StreamCompleted { lastSeq }
  }
}`;

export type Audience = AsyncDisposable & {
  /** Resolves when every stream has ended. */
  done(): Promise<Heard>;
};

const SCRIPT = fileURLToPath(new URL('audienceProcess.ts', import.meta.url));

/** Connects everyone; resolves when the last follows. */
export async function openAudience(order: Order): Promise<Audience> {
  const child = fork(SCRIPT, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = once(child, 'exit').then(() => {
    throw new Error('the audience ended early');
  });
  ended.catch(() => {});
  const answer = async (): Promise<unknown> => {
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [unknown];
    return message;
  };
  const ready = answer();
  child.send(order);
  await ready;
  const heard = answer() as Promise<Heard>;
  heard.catch(() => {});
  return {
    done: () => heard,
    [Symbol.asyncDispose]: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, 'exit');
}

/** The figures of what was heard. */
export const sampleOf = (
  { p50Ms, p99Ms, maxMs, messages, lines }: Heard,
  seconds: number,
): Sample => ({
  p50Ms,
  p99Ms,
  maxMs,
  messagesPerSecond: messages / seconds,
  lines,
});
