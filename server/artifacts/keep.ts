/**
 * Keeps two promises between rows and objects: a row that is committed names an object that is there,
 * and an object that a live row names is never removed. Both sides hold one lock of the database, for
 * the moment of the commit: rows shared, removal alone.
 */
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../lib/transaction.ts';
import type { LocalFile, ObjectStore } from './store.ts';

const LOCK = 'artifacts';
const AT_ONCE = 8;
/** Removal holds everybody's commits up, so it is done in pieces. */
const REMOVED_AT_ONCE = 200;
/** How often objects may be removed between being stored and being named; more is no accident. */
const ATTEMPTS = 5;

type Needs = { sql: Pool; store: ObjectStore };

/** Stores files, some at once. Those that are there already cost a question each. */
export async function putFiles(
  store: ObjectStore,
  files: readonly LocalFile[],
  signal?: AbortSignal,
): Promise<void> {
  await someAtOnce(files, (file) => store.put(file, signal));
}

/**
 * Stores files and then calls `write`, which commits rows that name them, while none can be removed.
 * `write` is called once unless it throws.
 */
export async function putAndWrite<T>(
  { sql, store }: Needs,
  files: readonly LocalFile[],
  signal: AbortSignal | undefined,
  write: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    await putFiles(store, files, signal);
    const written = await inTransaction(sql, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [LOCK]);
      const sizes = await someAtOnce(files, ({ sha256 }) => store.sizeOf(sha256));
      const areThere = files.every(({ size }, index) => sizes[index] === size);
      return areThere ? { result: await write() } : null;
    });
    if (written) return written.result;
  }
  throw new Error('files vanish from the artifact store as soon as they are stored');
}

/** Those of the objects that no live row names now. */
export async function unnamedOf(
  sql: Pool | PoolClient,
  sha256s: readonly string[],
): Promise<string[]> {
  const { rows } = await sql.query<{ sha256: string }>(
    `SELECT sha256 FROM unnest($1::text[]) AS candidate(sha256)
     WHERE NOT EXISTS (SELECT 1 FROM artifacts named
                       WHERE named.sha256 = candidate.sha256 AND named.deleted_at IS NULL)`,
    [sha256s],
  );
  return rows.map(({ sha256 }) => sha256);
}

/** Removes those of the objects that no live row names. Returns how many. */
export async function removeUnnamed(
  { sql, store }: Needs,
  sha256s: readonly string[],
): Promise<number> {
  let removed = 0;
  for (let start = 0; start < sha256s.length; start += REMOVED_AT_ONCE) {
    await inTransaction(sql, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [LOCK]);
      const unnamed = await unnamedOf(client, sha256s.slice(start, start + REMOVED_AT_ONCE));
      await store.remove(unnamed);
      removed += unnamed.length;
    });
  }
  return removed;
}

/** Each digest once. */
export const distinct = (rows: readonly { sha256: string }[]): string[] => [
  ...new Set(rows.map(({ sha256 }) => sha256)),
];

/** Maps with at most some calls under way; the first error ends it, when none is under way any more. */
export async function someAtOnce<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  const entries = items.entries();
  const worker = async () => {
    for (const [index, item] of entries) {
      if (failures.length > 0) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}
