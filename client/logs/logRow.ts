/** Rows of a log as the client holds them, made from the batches and marks that the API sends. */
import type { LogStream } from '../gql/graphql.ts';

export type LogLine = {
  kind: 'line';
  seq: number;
  attempt: number;
  stream: LogStream;
  at: string;
  text: string;
};

/** A mark in the log: here something was written that could not be kept. */
export type LogGap = {
  kind: 'gap';
  seq: number;
  attempt: number;
  at: string;
  lostBytes: number;
  lostLines: number;
};

export type LogRow = LogLine | LogGap;

/** The lines of one attempt. */
export type LogAttempt = { attempt: number; firstSeq: number; lastSeq: number };

export type IncomingBatch = {
  firstSeq: string;
  lastSeq: string;
  attempt: number;
  stream: LogStream;
  text: string;
  at: string;
};

export type IncomingGap = {
  seq: string;
  attempt: number;
  at: string;
  lostBytes: string;
  lostLines: string;
};

/** What stands in a line that is not finished, such as a progress bar. */
export type OpenLine = { seq: number; attempt: number; stream: LogStream; text: string };

export type LogPage = { batches: readonly IncomingBatch[]; gaps: readonly IncomingGap[] };

/** Reads at most `maxLines` lines after line `after`. */
export type ReadPage = (after: number, maxLines: number) => Promise<LogPage>;

/** The lines of a batch: each ended by a newline except a cut or last one. */
export function splitLines(text: string, count: number): string[] {
  const lines = text.split('\n');
  if (lines.length > count && lines.at(-1) === '') lines.pop();
  return lines;
}

/** @throws Error when text and numbers of a batch disagree. */
export function linesOf(batch: IncomingBatch): LogLine[] {
  const first = Number(batch.firstSeq);
  const count = Number(batch.lastSeq) - first + 1;
  const texts = splitLines(batch.text, count);
  if (texts.length !== count) {
    throw new Error(`Lines ${first}–${batch.lastSeq} came as ${texts.length} lines`);
  }
  const { attempt, stream, at } = batch;
  return texts.map((text, index) => ({
    kind: 'line',
    seq: first + index,
    attempt,
    stream,
    at,
    text,
  }));
}

export const gapOf = (gap: IncomingGap): LogGap => ({
  kind: 'gap',
  seq: Number(gap.seq),
  attempt: gap.attempt,
  at: gap.at,
  lostBytes: Number(gap.lostBytes),
  lostLines: Number(gap.lostLines),
});
