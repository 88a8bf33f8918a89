/**
 * Makes stored traces searchable, beside the requests. Each write of traces leaves a row in
 * `search_backlog`, in its own transaction; whoever takes rows indexes their traces and deletes them in
 * one transaction too. So a crash loses nothing, and any number of processes may do this.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import type { App } from '../app.ts';
import { inTransaction } from '../lib/transaction.ts';
import { documentOf } from './search.ts';

const PATIENCE_MS = 10_000;
/** After a ring, so that single creates are indexed many at a time. */
const GATHER_MS = 150;
/** An import that saved a batch this recently is under way; it goes first, for at most so long. */
const IMPORTING = '5 seconds';
const STAND_BACK_MS = 60_000;
/** About what one statement indexes: half a second of work. */
const STATEMENT_CHARS = 2_000_000;
/** Backlog rows that one transaction looks at, and traces after which it takes no further row. */
const TAKE_ROWS = 200;
const TAKE_TRACES = 1_000;

/**
 * Characters of each part that are indexed. A tsvector holds 1 MB of different words with their
 * places: ordinary text of any allowed length stays below. What does not is cut at the next limit;
 * the last cannot be too much, whatever the words.
 */
const LIMITS = [1_000_000, 100_000, 20_000] as const;
const TOO_LARGE = '54000';

// The lock keeps a trace from being deleted before its document is there, to be deleted with it.
const INSERT = `
  INSERT INTO trace_search (trace_id, created_at, document)
  SELECT t.id, t.created_at, ${documentOf('$2')}
  FROM traces t WHERE t.id = ANY($1::uuid[]) ORDER BY t.id FOR KEY SHARE OF t
  ON CONFLICT (trace_id) DO NOTHING`;

async function insert(
  client: PoolClient,
  ids: string[],
  [limit, ...smaller]: readonly number[] = LIMITS,
): Promise<void> {
  await client.query('SAVEPOINT documents');
  try {
    await client.query(INSERT, [ids, limit]);
  } catch (error) {
    if ((error as { code?: string }).code !== TOO_LARGE || smaller.length === 0) throw error;
    await client.query('ROLLBACK TO SAVEPOINT documents');
    // Which of them it is shows when each is alone.
    if (ids.length === 1) await insert(client, ids, smaller);
    else for (const id of ids) await insert(client, [id]);
  }
  await client.query('RELEASE SAVEPOINT documents');
}

/** Ids in groups of about `STATEMENT_CHARS` characters. */
function* groupsOf(rows: { id: string; total_chars: number }[]): Generator<string[]> {
  let group: string[] = [];
  let chars = 0;
  for (const row of rows) {
    group.push(row.id);
    chars += row.total_chars;
    if (chars < STATEMENT_CHARS) continue;
    yield group;
    group = [];
    chars = 0;
  }
  if (group.length > 0) yield group;
}

type Backlog = { ids: number[]; traceIds: string[] };

/**
 * The first backlog rows after `after` that nobody else has in hand: at most `most`, and no more once
 * they hold `TAKE_TRACES` traces.
 */
async function take(client: PoolClient, after: number, most: number): Promise<Backlog> {
  const { rows } = await client.query<{ id: number; trace_ids: string[] }>(
    `WITH free AS MATERIALIZED (
       SELECT id, trace_ids FROM search_backlog WHERE id > $1
       ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED),
     counted AS (
       SELECT *, sum(cardinality(trace_ids)) OVER (ORDER BY id) - cardinality(trace_ids) AS before
       FROM free)
     SELECT id, trace_ids FROM counted WHERE before < $3 ORDER BY id`,
    [after, most, TAKE_TRACES],
  );
  return { ids: rows.map(({ id }) => id), traceIds: rows.flatMap((row) => row.trace_ids) };
}

async function index(client: PoolClient, { ids, traceIds }: Backlog): Promise<void> {
  const { rows } = await client.query<{ id: string; total_chars: number }>(
    'SELECT id, total_chars FROM traces WHERE id = ANY($1::uuid[]) ORDER BY id',
    [traceIds],
  );
  for (const group of groupsOf(rows)) await insert(client, group);
  await client.query('DELETE FROM search_backlog WHERE id = ANY($1)', [ids]);
}

/**
 * Goes through the backlog once, some rows in each transaction. When that fails, each of them goes
 * alone: one that fails then stays for the next time and keeps no other waiting.
 */
export async function indexBacklog(
  app: Pick<App, 'sql' | 'log'>,
  signal?: AbortSignal,
): Promise<void> {
  let done = 0;
  /** Up to this id, rows go alone. */
  let aloneTo = 0;
  for (let more = true; more && !signal?.aborted; ) {
    const most = done < aloneTo ? 1 : TAKE_ROWS;
    let taken: number[] = [];
    try {
      await inTransaction(app.sql, async (client) => {
        const backlog = await take(client, done, most);
        taken = backlog.ids;
        if (taken.length > 0) await index(client, backlog);
      });
      more = taken.length > 0;
    } catch (error) {
      if (taken.length === 0) throw error;
      if (taken.length > 1) {
        aloneTo = taken.at(-1) ?? 0;
        continue;
      }
      app.log.warn({ err: error, backlog: taken[0] }, 'traces were not indexed');
    }
    done = taken.at(-1) ?? done;
  }
}

/**
 * Waits until no import is writing, at most a minute: indexing costs as much as storing, and whoever
 * imports waits for the storing.
 */
async function standBack(app: Pick<App, 'sql'>, signal: AbortSignal): Promise<void> {
  const until = performance.now() + STAND_BACK_MS;
  while (performance.now() < until && !signal.aborted && (await isImporting(app.sql))) {
    await pause(1_000, undefined, { signal }).catch(() => {});
  }
}

async function isImporting(sql: Pool): Promise<boolean> {
  const { rows } = await sql.query<{ importing: boolean }>(
    `SELECT EXISTS (SELECT FROM import_sessions
       WHERE status = 'RUNNING' AND updated_at > now() - $1::interval) AS importing`,
    [IMPORTING],
  );
  return rows[0]?.importing === true;
}

/** Indexes what comes in, at each ring and at least every ten seconds. `stop` waits for its end. */
export function startIndexing(app: Pick<App, 'sql' | 'bell' | 'log'>): { stop(): Promise<void> } {
  const ending = new AbortController();
  const { signal } = ending;
  const run = async () => {
    using ear = app.bell.listen('traces');
    while (!signal.aborted) {
      try {
        await standBack(app, signal);
        await indexBacklog(app, signal);
      } catch (error) {
        app.log.warn({ err: error }, 'the backlog of traces cannot be read');
      }
      await ear.heard(signal, PATIENCE_MS);
      await pause(GATHER_MS, undefined, { signal }).catch(() => {});
    }
  };
  const running = run();
  return {
    async stop() {
      ending.abort();
      await running;
    },
  };
}

/** How many stored traces cannot be found by their words yet. */
export async function countPending(sql: Pool): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    'SELECT coalesce(sum(cardinality(trace_ids)), 0)::int AS count FROM search_backlog',
  );
  return rows[0]?.count ?? 0;
}
