/**
 * The log of one run, outside React: batches keyed by `seq`, each line exactly once and in order.
 *
 * A reconnect may replay what is already here (dropped) and must not skip anything (a hole is
 * kept and shown, never papered over). Listeners are woken once per frame, whatever arrives.
 */
import type { LogStream, RunStatus } from '../gql/graphql.ts';

export type IncomingBatch = {
  firstSeq: string;
  lastSeq: string;
  attempt: number;
  stream: LogStream;
  text: string;
  at: string;
};

export type StoredBatch = {
  first: number;
  last: number;
  attempt: number;
  stream: LogStream;
  at: string;
  lines: readonly string[];
};

export type LogLine = { seq: number; text: string; stream: LogStream; attempt: number; at: string };
export type LogPhase = 'waiting' | 'backfill' | 'live' | 'complete' | 'failed';
export type Hole = { from: number; to: number };

const onFrame = (wake: () => void) => void requestAnimationFrame(wake);

/** The lines of a batch: each ended by a newline except a cut or last one. */
export function splitLines(text: string, count: number): string[] {
  const lines = text.split('\n');
  if (lines.length > count && lines.at(-1) === '') lines.pop();
  return lines;
}

export class LogStore {
  readonly batches: StoredBatch[] = [];
  readonly holes: Hole[] = [];
  phase: LogPhase = 'waiting';
  behindBy = 0;
  version = 0;
  lastSeq = 0;
  lineCount = 0;
  duplicates = 0;
  completed: { lastSeq: number; status: RunStatus } | undefined;
  error: string | undefined;

  private readonly listeners = new Set<() => void>();
  private readonly schedule: (wake: () => void) => void;
  private waking = false;

  constructor(schedule: (wake: () => void) => void = onFrame) {
    this.schedule = schedule;
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly snapshot = () => this.version;

  append(batch: IncomingBatch): void {
    const first = Number(batch.firstSeq);
    const last = Number(batch.lastSeq);
    if (last <= this.lastSeq) {
      this.duplicates += last - first + 1;
      return;
    }
    const lines = splitLines(batch.text, last - first + 1);
    if (lines.length !== last - first + 1) {
      this.fail(`Batch ${first}–${last} holds ${lines.length} lines`);
      return;
    }
    const skip = Math.max(0, this.lastSeq + 1 - first);
    this.duplicates += skip;
    if (first > this.lastSeq + 1) this.holes.push({ from: this.lastSeq + 1, to: first - 1 });
    const { attempt, stream, at } = batch;
    this.batches.push({ first: first + skip, last, attempt, stream, at, lines: lines.slice(skip) });
    this.lastSeq = last;
    this.lineCount += lines.length - skip;
    if (this.behindBy > 0) this.behindBy = Math.max(0, this.behindBy - (lines.length - skip));
    this.changed();
  }

  setPhase(phase: 'backfill' | 'live', behindBy: number): void {
    this.phase = phase;
    this.behindBy = behindBy;
    this.changed();
  }

  complete(lastSeq: number, status: RunStatus): void {
    this.completed = { lastSeq, status };
    this.phase = 'complete';
    this.behindBy = 0;
    // Lines the server counted and never sent are missing, not complete.
    if (lastSeq > this.lastSeq) this.holes.push({ from: this.lastSeq + 1, to: lastSeq });
    this.changed();
  }

  fail(message: string): void {
    this.error = message;
    this.phase = 'failed';
    this.changed();
  }

  private changed(): void {
    this.version += 1;
    if (this.waking) return;
    this.waking = true;
    this.schedule(() => {
      this.waking = false;
      for (const listener of this.listeners) listener();
    });
  }
}

/** A filtered look at the store: row number → line, by binary search over batches. */
export class LogView {
  private readonly batches: readonly StoredBatch[];
  private readonly starts: number[] = [];
  readonly count: number;

  constructor(batches: readonly StoredBatch[], streams: ReadonlySet<LogStream>) {
    this.batches = batches.filter((batch) => streams.has(batch.stream));
    let count = 0;
    for (const batch of this.batches) {
      this.starts.push(count);
      count += batch.lines.length;
    }
    this.count = count;
  }

  line(row: number): LogLine | undefined {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    const batch = this.batches[low];
    const offset = row - (this.starts[low] ?? 0);
    const text = batch?.lines[offset];
    if (!batch || text === undefined) return undefined;
    const { stream, attempt, at } = batch;
    return { seq: batch.first + offset, text, stream, attempt, at };
  }

  /** Rows whose text holds `needle`, ignoring case; at most `limit`. */
  find(needle: string, limit = 10_000): number[] {
    const wanted = needle.toLowerCase();
    const rows: number[] = [];
    if (!wanted) return rows;
    for (const [index, batch] of this.batches.entries()) {
      const start = this.starts[index] ?? 0;
      for (const [offset, text] of batch.lines.entries()) {
        if (!text.toLowerCase().includes(wanted)) continue;
        rows.push(start + offset);
        if (rows.length >= limit) return rows;
      }
    }
    return rows;
  }
}
