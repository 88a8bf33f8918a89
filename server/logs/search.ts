/**
 * Looks through every stored line of a run. Chunks stream through this process; text that cannot be
 * part of a match is not looked at line by line.
 */
import type { LogStream } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { ValidationError } from '../errors.ts';
import { readStates } from '../runs/states.ts';
import { shown, textOf } from './lines.ts';
import type { LogPart } from './model.ts';
import { readAll } from './read.ts';

/** How much of a line a match shows, in characters. */
const SHOWN = 500;
/** After this the count is given up, once the page is full. */
const PATIENCE_MS = 2_000;

export type LogSearch = {
  /** Empty: every line of the chosen streams and attempt. */
  query: string;
  caseSensitive: boolean;
  streams: readonly LogStream[] | null;
  attempt: number | null;
  /** Only matches after this line are listed; all are counted. */
  after: number;
  /** How many are listed. */
  first: number;
};

export type LogMatch = {
  seq: number;
  attempt: number;
  stream: LogStream;
  text: string;
  at: Date;
};

export type LogSearchPage = {
  matches: LogMatch[];
  /** Matching lines of the whole log; at least as many when it is not exact. */
  totalCount: number;
  totalIsExact: boolean;
  /** The cursor for the next call. */
  endSeq: number;
  hasMore: boolean;
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
function* matchesIn(part: LogPart, finder: Finder): Generator<LogMatch, void> {
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

/**
 * A page of the lines that contain a text; null when there is no such run. `signal` gives it up.
 * @throws ValidationError for a query of more than 500 characters or a `first` outside 1–1000.
 */
export async function searchLog(
  app: Pick<App, 'sql'>,
  runId: string,
  search: LogSearch,
  signal?: AbortSignal,
): Promise<LogSearchPage | null> {
  const { query, streams, attempt, after, first } = search;
  if (query.length > 500) throw outOfRange('query', 0, 500, query.length);
  if (first < 1 || first > 1000) throw outOfRange('first', 1, 1000, first);
  const [state] = await readStates(app.sql, [runId]);
  if (!state) return null;
  const finder = finderOf(search);
  const until = performance.now() + PATIENCE_MS;
  const page: LogSearchPage = {
    ...{ matches: [], totalCount: 0, totalIsExact: true, endSeq: after, hasMore: false },
  };
  for await (const part of readAll(app.sql, runId)) {
    signal?.throwIfAborted();
    if (!page.hasMore) page.endSeq = Math.max(page.endSeq, part.lastSeq);
    if (streams && !streams.includes(part.stream)) continue;
    if (attempt !== null && part.attempt !== attempt) continue;
    for (const match of matchesIn(part, finder)) {
      page.totalCount += 1;
      if (match.seq <= after) continue;
      if (page.matches.length < first) page.matches.push(match);
      else page.hasMore = true;
    }
    if (!page.hasMore) continue;
    page.endSeq = page.matches.at(-1)?.seq ?? after;
    if (performance.now() > until) {
      page.totalIsExact = false;
      break;
    }
  }
  return page;
}
