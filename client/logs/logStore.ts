/**
 * The log of one run, outside React: the lines somebody looks at, in pages that are read when they
 * are needed and forgotten when they were not looked at for long, and the tail as it is written.
 *
 * A line is known by its number, so a reconnect can neither lose nor double one: what is sent twice
 * is dropped, and what did not arrive is read when it comes into sight. Listeners are woken once per
 * frame, whatever arrives.
 */
import type { LogStream, RunStatus } from '../gql/graphql.ts';
import { LogPages } from './logPages.ts';
import {
  gapOf,
  type IncomingBatch,
  type IncomingGap,
  type LogAttempt,
  type LogRow,
  linesOf,
  type OpenLine,
  type ReadPage,
} from './logRow.ts';

export type LogPhase = 'waiting' | 'backfill' | 'live' | 'complete' | 'failed';

/** What a log was when it was opened. */
export type LogStart = {
  /** The number of its last line. */
  lastSeq: number;
  /** Lines of each stream. */
  counts: Readonly<Record<LogStream, number>>;
  /** Marks of what was lost. */
  gaps: number;
  /** Those that wrote something, in order. */
  attempts: readonly LogAttempt[];
};

const onFrame = (wake: () => void) => void requestAnimationFrame(wake);

export class LogStore {
  /** The number of the last line that is known to exist. */
  lastSeq: number;
  phase: LogPhase = 'waiting';
  behindBy = 0;
  version = 0;
  open: OpenLine | undefined;
  completed: { lastSeq: number; status: RunStatus } | undefined;
  error: string | undefined;
  /** Lines of each stream, marks of what was lost, and lines of each attempt: as far as `lastSeq`. */
  readonly counts: Record<LogStream, number>;
  gaps: number;
  readonly attempts: LogAttempt[];

  readonly read: ReadPage;

  private readonly pages: LogPages;
  private readonly listeners = new Set<() => void>();
  private readonly rowListeners = new Set<(row: LogRow) => void>();
  private readonly schedule: (wake: () => void) => void;
  private waking = false;

  /** What follows after `start` comes live. */
  constructor(options: {
    start: LogStart;
    read: ReadPage;
    schedule?: (wake: () => void) => void;
    retry?: (again: () => void) => void;
  }) {
    const { lastSeq, counts, gaps, attempts } = options.start;
    this.lastSeq = lastSeq;
    this.counts = { ...counts };
    this.gaps = gaps;
    this.attempts = attempts.map((one) => ({ ...one }));
    this.read = options.read;
    this.schedule = options.schedule ?? onFrame;
    this.pages = new LogPages(options.read, () => this.changed(), options.retry);
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly snapshot = () => this.version;

  /** Calls back with each row that is new, in order. */
  readonly onRow = (listener: (row: LogRow) => void) => {
    this.rowListeners.add(listener);
    return () => void this.rowListeners.delete(listener);
  };

  /** The row of a line number, when it is here. */
  row = (seq: number): LogRow | undefined => this.pages.row(seq);

  /** Says that these lines are looked at: they are kept, and read when they are not here. */
  want(first: number, last: number): void {
    this.pages.want(Math.max(1, first), Math.min(last, this.lastSeq), this.lastSeq);
  }

  /** Whether lines that are looked at could not be read; they are asked for again by and by. */
  get trouble(): string | undefined {
    return this.pages.trouble;
  }

  append(batch: IncomingBatch): void {
    try {
      this.take(linesOf(batch));
    } catch (error) {
      this.fail(error instanceof Error ? error.message : String(error));
    }
  }

  appendGap(gap: IncomingGap): void {
    this.take([gapOf(gap)]);
  }

  private take(rows: readonly LogRow[]): void {
    for (const row of rows) {
      if (row.seq <= this.lastSeq) continue;
      this.pages.put(row);
      this.lastSeq = row.seq;
      this.count(row);
      if (this.behindBy > 0) this.behindBy -= 1;
      for (const listener of this.rowListeners) listener(row);
    }
    if (this.open && this.open.seq <= this.lastSeq) this.open = undefined;
    this.changed();
  }

  private count(row: LogRow): void {
    if (row.kind === 'line') this.counts[row.stream] += 1;
    else this.gaps += 1;
    const { attempt, seq } = row;
    const known = this.attempts.find((one) => one.attempt === attempt);
    if (known) known.lastSeq = seq;
    else this.attempts.push({ attempt, firstSeq: seq, lastSeq: seq });
  }

  setOpen(line: OpenLine): void {
    if (line.seq <= this.lastSeq) return;
    this.open = line.text === '' ? undefined : line;
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
    this.open = undefined;
    this.lastSeq = Math.max(this.lastSeq, lastSeq);
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
