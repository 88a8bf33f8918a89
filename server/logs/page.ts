/** One page of a log, for windows of a viewer and for scripts. */
import type { App } from '../app.ts';
import { readStates } from '../runs/states.ts';
import { join, trim } from './lines.ts';
import { CHUNK_BYTES, type LogPart } from './model.ts';
import { readPlaces } from './read.ts';

export type LogPage = {
  after: number;
  parts: LogPart[];
  /** Whether more is stored already. */
  hasMore: boolean;
};

type Wanted = {
  after: number;
  /** At most this many stored chunks. */
  chunks: number | null | undefined;
  /** At most this many lines. */
  lines: number | null | undefined;
};

/** However small the lines are, one answer holds no more than this. */
const PAGE_BYTES = 16 * 1024 * 1024;
const MOST_CHUNKS = 500;
const MOST_LINES = 100_000;
/** Read at a time where lines are counted: a chunk may hold one line, or thousands. */
const STEP = { chunks: 500, bytes: 1024 * 1024 };

const within = (value: number, most: number) => Math.min(most, Math.max(1, value));

/** The lines after line `after`; null when there is no such run. */
export async function readPage(
  app: Pick<App, 'sql'>,
  runId: string,
  { after, chunks, lines }: Wanted,
): Promise<LogPage | null> {
  const [state] = await readStates(app.sql, [runId]);
  if (!state) return null;
  const found =
    typeof lines === 'number' && typeof chunks !== 'number'
      ? await readLines(app, runId, after, within(lines, MOST_LINES))
      : await readChunks(app, runId, after, within(chunks ?? 64, MOST_CHUNKS));
  const last = typeof lines === 'number' ? after + within(lines, MOST_LINES) : Infinity;
  const cut = found.filter(({ firstSeq }) => firstSeq <= last);
  const parts = [
    ...join(
      cut.map((part) => trim(part, after, last)),
      CHUNK_BYTES,
    ),
  ];
  const end = parts.at(-1)?.lastSeq ?? after;
  return { after, parts, hasMore: parts.length > 0 && end < state.lastLogSeq };
}

async function readChunks(app: Pick<App, 'sql'>, runId: string, after: number, chunks: number) {
  const limits = { chunks, bytes: PAGE_BYTES };
  const [parts = []] = await readPlaces(app.sql, [{ runId, after }], limits);
  return parts;
}

async function readLines(app: Pick<App, 'sql'>, runId: string, after: number, lines: number) {
  const found: LogPart[] = [];
  let bytes = 0;
  for (let seq = after; seq < after + lines && bytes < PAGE_BYTES; ) {
    const [parts = []] = await readPlaces(app.sql, [{ runId, after: seq }], STEP);
    const last = parts.at(-1);
    if (!last) break;
    found.push(...parts);
    for (const part of parts) bytes += part.data.length;
    seq = last.lastSeq;
  }
  return found;
}
