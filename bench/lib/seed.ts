/** A large table of traces, searchable, made fast: rows first and indexes after. */
import type { Pool, PoolClient } from 'pg';
import { documentOf } from '../../server/traces/search.ts';
import { below, randomOf } from './random.ts';
import { copyLines, lineOf } from './rows.ts';
import { PLANTED, planted, traceOf } from './traces.ts';
import { same } from './workload.ts';

const SEED = 3;
/** Short ones: a list never reads the payload, and a million of 2 KB would take an hour. */
const TRACE_BYTES = 420;
const FIRST_AT = Date.UTC(2026, 0, 1);
const SESSION = '01900000-0000-7000-8000-000000000002';
const SOURCES = ['import', 'import', 'import', 'import', 'ungar', 'api', 'sample', 'notebook'];
const TAGS = ['easy', 'medium', 'hard', 'reviewed', 'draft', 'gold', 'math', 'logic'];

/** Three traces share each moment, so that the order needs its second key. */
export const createdAt = (index: number): Date =>
  new Date(FIRST_AT + Math.floor(index / 3) * 20_000);

function* lines(count: number): Generator<string> {
  for (let index = 0; index < count; index += 1) {
    const next = randomOf(SEED + 1, index);
    const time = createdAt(index);
    const tags = new Set(
      Array.from({ length: below(next, 4) }, () => TAGS[below(next, TAGS.length)]),
    );
    yield lineOf(traceOf(SEED, index, TRACE_BYTES), {
      // One in twenty comes from somewhere rare.
      source: next() < 0.05 ? 'rare' : (SOURCES[below(next, SOURCES.length)] ?? null),
      tags: [...tags].filter((tag) => tag !== undefined),
      importSessionId: SESSION,
      importLine: index,
      createdAt: time,
    });
  }
}

/** Seeds `count` traces unless they are there, and asserts what the planted words promise. */
export async function seedTraces(
  sql: Pool,
  count: number,
  log: (line: string) => void,
): Promise<void> {
  const { rows } = await sql.query('SELECT count(*)::int AS count FROM trace_search');
  if (rows[0].count === count) return;
  const client = await sql.connect();
  try {
    // Rows are right by construction: no triggers for foreign keys, no log of what can be made again.
    await client.query('SET session_replication_role = replica');
    await client.query('SET synchronous_commit = off');
    await client.query(`SET maintenance_work_mem = '512MB'`);
    await client.query('TRUNCATE traces, import_sessions, search_backlog CASCADE');
    await client.query('INSERT INTO import_sessions (id, name) VALUES ($1, $2)', [SESSION, 'seed']);
    const indexes = await dropIndexes(client);
    log(`seeding ${count} traces`);
    await copyLines(client, lines(count));
    log('seeding their search documents');
    await client.query(`
      INSERT INTO trace_search (trace_id, created_at, document)
      SELECT t.id, t.created_at, ${documentOf('1000000')} FROM traces t`);
    log(`making ${indexes.length} indexes`);
    for (const definition of indexes) await client.query(definition);
    await client.query('VACUUM (ANALYZE) traces, trace_search');
  } finally {
    client.release(true);
  }
  await checkPlanted(sql, count);
}

/** Drops what is no constraint and answers the statements that make it again. */
async function dropIndexes(client: PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(`
    SELECT indexname AS name, indexdef AS definition FROM pg_indexes
    WHERE tablename IN ('traces', 'trace_search')
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = indexname)`);
  for (const { name } of rows) await client.query(`DROP INDEX "${name}"`);
  return rows.map(({ definition }) => definition);
}

async function checkPlanted(sql: Pool, count: number): Promise<void> {
  for (const word of Object.keys(PLANTED) as (keyof typeof PLANTED)[]) {
    const { rows } = await sql.query(
      `SELECT count(*)::int AS count FROM trace_search
       WHERE document @@ websearch_to_tsquery('english', $1)`,
      [PLANTED[word].word],
    );
    same(`traces with the ${word} word`, rows[0].count, planted(word, count));
  }
}
