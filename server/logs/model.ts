/** What a log is made of, as it is read. */
import type { LogStream } from '../../prisma/generated/client/enums.ts';

/** A line longer than this is cut, and each piece counts as a line. */
export const LINE_BYTES = 64 * 1024;
/** The most text that one stored chunk, or one message of a stream, holds. */
export const CHUNK_BYTES = 64 * 1024;

type Stored = {
  firstSeq: number;
  lastSeq: number;
  attempt: number;
  stream: LogStream;
  /** Bytes as they were written; of a gap, the sentence that stands in its place. */
  data: Buffer;
  createdAt: Date;
};

/** Consecutive lines of one stream of one attempt. Only the last may lack its newline. */
export type LogBatch = { kind: 'batch' } & Stored;

/** A mark where bytes were lost. It has a line number of its own. */
export type LogGap = { kind: 'gap'; lostBytes: number; lostLines: number } & Stored;

export type LogPart = LogBatch | LogGap;

/** One line as it is shown. */
export type LogLine = {
  seq: number;
  attempt: number;
  stream: LogStream;
  text: string;
  at: Date;
};

/** What stands in a line that is not finished. `seq` is the number it would have now. */
export type LogOpenLine = {
  kind: 'open';
  seq: number;
  attempt: number;
  stream: LogStream;
  text: string;
};
