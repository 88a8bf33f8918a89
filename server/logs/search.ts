/**
 * Looks through every stored line of a run. Chunks stream through this process; text that cannot be
 * part of a match is not looked at line by line.
 */
import type { LogStream } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { ValidationError } from '../errors.ts';
import { readStates } from '../runs/states.ts';
import { shown, textOf } from './lines.ts';
import type { LogLine, LogPart } from './model.ts';
import { readAll, readAllBackward } from './read.ts';

/** How much of a line a match shows, in characters. */
const SHOWN = 500;
/** After this the count is given up. */
const PATIENCE_MS = 2_000;

export type LogSearch = {
  /** Empty: every line of the chosen streams and attempt. */
  query: string;
  caseSensitive: boolean;
  streams: readonly LogStream[] | null;
  attempt: number | null;
  /** Only matches after this line are listed; all are counted. */
  after: number;
  /** Only matches before this line are listed, and of them the last ones. */
  before: number | null;
  /** How many are listed. */
  first: number;
};

/** Matching lines of the whole log; at least as many when it is not exact. */
type LogMatchCount = { total: number; isExact: boolean };

export type LogSearchPage = {
  matches: LogLine[];
  /** The cursor for the next call: its `after`, or its `before` when this one had one. */
  endSeq: number;
  hasMore: boolean;
  /** Reads the whole log, but for what the page has counted; once, however often it is called. */
  count: () => Promise<LogMatchCount>;
};

const outOfRange = (name: string, min: number, max: number, found: number) =>
  new ValidationError([
    {
      path: [name],
      code: 'OUT_OF_RANGE',
      message: `${name}: is ${found}; use ${min} to ${max}.`,
      limit: String(max),
      found: String(found),
    },
  ]);

/** Whether a line matches, and where. */
type Finder = {
  /** Whether some line of a part may match. */
  mayMatch(part: LogPart): boolean;
  /** Where the first match begins in a line as it is shown; -1 when there is none. */
  find(line: string): number;
};

function finderOf({ query, caseSensitive }: LogSearch): Finder {
  if (caseSensitive) {
    const bytes = Buffer.from(query);
    return { mayMatch: ({ data }) => data.includes(bytes), find: (line) => line.indexOf(query) };
  }
  const wanted = query.toLowerCase();
  return {
    mayMatch: (part) => textOf(part).toLowerCase().includes(wanted),
    find: (line) => line.toLowerCase().indexOf(wanted),
  };
}

/** Some of a line around a match, and `…` where something was left out. */
function excerpt(line: string, at: number): string {
  if (line.length <= SHOWN) return line;
  const room = SHOWN - 2;
  const from = Math.min(Math.max(0, at - room / 2), line.length - room);
  const cut = line.slice(from, from + room).toWellFormed();
  return `${from > 0 ? '…' : ''}${cut}${from + room < line.length ? '…' : ''}`;
}

/** The matching lines of a part, in order. */
function* matchesIn(part: LogPart, finder: Finder): Generator<LogLine, void> {
  if (!finder.mayMatch(part)) return;
  const text = textOf(part);
  const { attempt, stream, createdAt: at } = part;
  let start = 0;
  for (let seq = part.firstSeq; seq <= part.lastSeq; seq++) {
    const newline = text.indexOf('\n', start);
    const line = shown(text.slice(start, newline === -1 ? text.length : newline));
    const found = finder.find(line);
    if (found !== -1) yield { seq, attempt, stream, text: excerpt(line, found), at };
    start = newline + 1;
  }
}

/** Gives the matching lines of a part, in order. */
function lookerOf(search: LogSearch): (part: LogPart) => Iterable<LogLine> {
  const finder = finderOf(search);
  const { streams, attempt } = search;
  return (part) => {
    if (streams && !streams.includes(part.stream)) return [];
    if (attempt !== null && part.attempt !== attempt) return [];
    return matchesIn(part, finder);
  };
}

type Reader = { app: Pick<App, 'sql'>; runId: string; signal: AbortSignal | undefined };

/** How many lines after line `after` match. */
async function countMatches(
  { app, runId, signal }: Reader,
  search: LogSearch,
  after: number,
): Promise<LogMatchCount> {
  const look = lookerOf(search);
  const until = performance.now() + PATIENCE_MS;
  let total = 0;
  for await (const part of readAll(app.sql, runId, after)) {
    signal?.throwIfAborted();
    for (const _ of look(part)) total += 1;
    if (performance.now() > until) return { total, isExact: false };
  }
  return { total, isExact: true };
}

/** Reads until the page is full and one more is found. */
async function readMatches(
  { app, runId, signal }: Reader,
  search: LogSearch,
): Promise<Omit<LogSearchPage, 'count'>> {
  const { after, before, first } = search;
  const look = lookerOf(search);
  const matches: LogLine[] = [];
  let endSeq = before ?? after;
  const parts =
    before === null
      ? readAll(app.sql, runId, after)
      : readAllBackward(app.sql, runId, { before, after });
  for await (const part of parts) {
    signal?.throwIfAborted();
    for (const match of before === null ? look(part) : [...look(part)].reverse()) {
      const last = matches.at(-1);
      if (last && matches.length === first) {
        if (before !== null) matches.reverse();
        return { matches, endSeq: last.seq, hasMore: true };
      }
      matches.push(match);
    }
    endSeq = before === null ? part.lastSeq : part.firstSeq;
  }
  if (before !== null) matches.reverse();
  return { matches, endSeq, hasMore: false };
}

/**
 * A page of the lines that contain a text, in order; null when there is no such run. `signal` gives
 * it up.
 * @throws ValidationError for a query of more than 500 characters or a `first` outside 1–1000.
 */
export async function searchLog(
  app: Pick<App, 'sql'>,
  runId: string,
  search: LogSearch,
  signal?: AbortSignal,
): Promise<LogSearchPage | null> {
  const { query, first } = search;
  if (query.length > 500) throw outOfRange('query', 0, 500, query.length);
  if (first < 1 || first > 1000) throw outOfRange('first', 1, 1000, first);
  const [state] = await readStates(app.sql, [runId]);
  if (!state) return null;
  const reader: Reader = { app, runId, signal };
  const page = await readMatches(reader, search);
  let counting: Promise<LogMatchCount> | undefined;
  const count = async (): Promise<LogMatchCount> => {
    const isFromStart = search.after === 0 && search.before === null;
    const seen = isFromStart ? page.matches.length : 0;
    if (isFromStart && !page.hasMore) return { total: seen, isExact: true };
    const rest = await countMatches(reader, search, isFromStart ? page.endSeq : 0);
    return { ...rest, total: seen + rest.total };
  };
  return { ...page, count: () => (counting ??= count()) };
}
