/**
 * The end of each log that somebody follows, kept in memory for all who follow it. Whoever is behind
 * it reads pages, a few at a time over all runs. A follower holds a cursor and nothing else, so a slow
 * one costs no memory and keeps nobody waiting.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { App } from '../app.ts';
import { gather } from '../lib/gather.ts';
import { limited } from '../lib/limited.ts';
import { join, trim } from './lines.ts';
import { CHUNK_BYTES, type LogPart } from './model.ts';
import { openPartCache } from './partCache.ts';
import { type Place, readLog, readPlaces } from './read.ts';

/** Pages that are read at once, over all followers. */
const PAGES = 4;
/** One page; what of it nobody has taken yet waits among `PAGES_BYTES`. */
const PAGE = { chunks: 4096, bytes: 2 * 1024 * 1024 };
const PAGES_BYTES = 16 * 1024 * 1024;
/** Ends of logs that are read in one statement, and what they may bring together. */
const PLACES = 128;
const PLACES_LIMIT = { chunks: 8192, bytes: 8 * 1024 * 1024 };
/** What all ends together may hold, and what one may. */
const TAILS_BYTES = 48 * 1024 * 1024;
const TAIL_BYTES = 4 * 1024 * 1024;
/**
 * What a message to one follower costs, about; the end of a log is read no more often than all its
 * followers can be told of it, so that a large audience gets fewer and larger messages.
 */
const TELL_MS = 0.1;
const PACE_MS = 200;
/** A follower this near to the end reads it with the others. */
const NEAR_LINES = 20_000;
/** Cursors whose answer is kept until the end grows. */
const ANSWERS = 32;

/** The lines after `start` up to `end`. */
type Tail = {
  start: number;
  end: number;
  parts: LogPart[];
  bytes: number;
  followers: number;
  /** When it was read last, in milliseconds of a monotonic clock. */
  grownAt: number;
  /** The read that is under way; everybody at the end waits for the same. */
  growing: Promise<void> | null;
  /** What followers at a cursor get, joined once for all of them; for this `end` only. */
  answers: Map<number, LogPart>;
};

export type LogHub = ReturnType<typeof openLogHub>;

/** Lines that a follower has yet to get, as of its last read. */
type Behind = { lines: number };

/** One follower's way to the lines of a run. */
export type LogReader = Disposable & {
  /**
   * The lines right after `after`, as many as fit in one message; null when none is stored. `known`
   * is the last line that is. All who ask for the same get the same object.
   */
  read(after: number, known: number): Promise<LogPart | null>;
};

/** Opens the hub; it holds no connection and nothing of a log that nobody follows. */
export function openLogHub(app: Pick<App, 'sql'>) {
  const tails = new Map<string, Tail>();
  const followers = new Set<Behind>();
  const page = limited(PAGES);
  const pages = openPartCache(PAGES_BYTES);
  const readEnds = gather(
    (places: readonly Place[]) =>
      readPlaces(app.sql, places, {
        chunks: Math.ceil(PLACES_LIMIT.chunks / places.length),
        bytes: Math.ceil(PLACES_LIMIT.bytes / places.length),
      }),
    PLACES,
  );

  const grow = async (runId: string, tail: Tail) => {
    const from = tail.end;
    const pace = Math.min(PACE_MS, tail.followers * TELL_MS);
    const rest = tail.grownAt + pace - performance.now();
    if (rest > 1) await pause(rest);
    tail.grownAt = performance.now();
    const parts = await readEnds({ runId, after: from });
    // Moved meanwhile, for a follower who was ahead.
    if (tail.end !== from) return;
    for (const part of parts) tail.bytes += part.data.length;
    tail.parts.push(...parts);
    tail.end = parts.at(-1)?.lastSeq ?? from;
    tail.answers.clear();
    const most = Math.min(TAIL_BYTES, TAILS_BYTES / tails.size);
    while (tail.bytes > most && tail.parts.length > parts.length) {
      const oldest = tail.parts.shift();
      tail.bytes -= oldest?.data.length ?? 0;
      tail.start = oldest?.lastSeq ?? tail.start;
    }
  };

  const atEnd = async (runId: string, tail: Tail, after: number) => {
    // A read that was under way may have begun too early; the one after it has not.
    for (let tries = 0; tries < 2 && tail.end === after; tries++) {
      tail.growing ??= grow(runId, tail).finally(() => {
        tail.growing = null;
      });
      await tail.growing;
    }
  };

  const fromTail = (tail: Tail, after: number): LogPart | null => {
    const known = tail.answers.get(after);
    if (known) return known;
    const from = tail.parts.findLastIndex(({ firstSeq }) => firstSeq <= after + 1);
    const parts = tail.parts.values().drop(Math.max(0, from));
    const [answer = null] = join(
      parts.map((part) => trim(part, after)),
      CHUNK_BYTES,
    );
    if (answer) tail.answers.set(after, answer);
    if (tail.answers.size > ANSWERS) tail.answers.delete(tail.answers.keys().next().value ?? 0);
    return answer;
  };

  const fromTable = (runId: string, after: number): Promise<LogPart | null> =>
    pages.get(runId, after, () => page(() => readLog(app.sql, runId, after, PAGE)));

  const read = async (runId: string, tail: Tail, after: number, known: number) => {
    if (after > tail.end && known - after <= NEAR_LINES) {
      Object.assign(tail, { start: after, end: after, parts: [], bytes: 0, growing: null });
      tail.answers.clear();
    }
    if (after === tail.end) {
      await atEnd(runId, tail, after);
      if (after === tail.end) return null;
    }
    return after >= tail.start && after < tail.end
      ? fromTail(tail, after)
      : fromTable(runId, after);
  };

  return {
    /** Lines stored that the follower furthest behind has yet to get; 0 without followers. */
    get lag() {
      return followers.values().reduce((most, { lines }) => Math.max(most, lines), 0);
    },
    /** Follows a run from now on. */
    follow(runId: string): LogReader {
      const behind: Behind = { lines: 0 };
      followers.add(behind);
      const tail: Tail = tails.get(runId) ?? {
        ...{ start: -1, end: -1, parts: [], bytes: 0, followers: 0, grownAt: 0, growing: null },
        answers: new Map(),
      };
      tails.set(runId, tail);
      tail.followers += 1;
      return {
        async read(after, known) {
          behind.lines = known - after;
          const part = await read(runId, tail, after, known);
          behind.lines = part ? Math.max(0, known - part.lastSeq) : 0;
          return part;
        },
        [Symbol.dispose]() {
          followers.delete(behind);
          tail.followers -= 1;
          if (tail.followers === 0) tails.delete(runId);
        },
      };
    },
  };
}
