/**
 * The row of an import. Each connection that brings its bytes has an epoch; only the current one writes,
 * and counts, report and place in the file move in the transaction that stores the traces.
 */
import { randomUUIDv7 } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import type { ImportStatus } from '../../prisma/generated/client/enums.ts';
import { canonicalJson } from '../lib/canonical.ts';
import { inTransaction } from '../lib/transaction.ts';
import type { KnownFormat } from './importFormat.ts';
import {
  type DecidingOptions,
  decidingOptions,
  type ImportCounts,
  ImportFault,
  type ImportOptions,
  type ImportResult,
} from './importModel.ts';

/** What is needed to read on behind `bytes`, and how fast it went lately. */
export type StoredPosition = {
  line?: number;
  format?: KnownFormat;
  linesPerSecond?: number;
  bytesPerSecond?: number;
};

export type Session = ImportCounts & {
  id: string;
  key: string | null;
  epoch: number;
  status: ImportStatus;
  options: DecidingOptions;
  position: StoredPosition;
  isCancelRequested: boolean;
};

const SESSION = `id, key, epoch, status, options, lines, stored, duplicates, rejected, bytes,
  rejected_by_code AS "rejectedByCode", report, position,
  cancel_requested_at IS NOT NULL AS "isCancelRequested"`;

export const resultOf = (session: Session, repeated = false): ImportResult => {
  const { id, epoch, options, position, isCancelRequested, ...rest } = session;
  return { importId: id, repeated, ...rest };
};

/** A new session, or the one that has the key. */
async function insert(client: PoolClient, options: ImportOptions): Promise<Session | undefined> {
  const { rows } = await client.query<Session>(
    `INSERT INTO import_sessions (id, key, name, options, total_bytes) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (key) DO NOTHING RETURNING ${SESSION}`,
    [
      randomUUIDv7(),
      options.key,
      options.name,
      JSON.stringify(decidingOptions(options)),
      options.totalBytes,
    ],
  );
  return rows[0];
}

/**
 * Opens the import of a key, or a new one. One that is complete comes back as it is; any other is taken
 * over, and whoever had it before can write no more.
 * @throws ImportFault KEY_CONFLICT, OFFSET_AHEAD, IMPORT_CANCELLED.
 */
export const openSession = (sql: Pool, options: ImportOptions): Promise<Session> =>
  inTransaction(sql, async (client) => {
    const fresh = await insert(client, options);
    if (fresh) {
      if (options.offset > 0) throw offsetAhead(options.offset, 0);
      return fresh;
    }
    const found = await client.query<Session>(
      `SELECT ${SESSION} FROM import_sessions WHERE key = $1 FOR NO KEY UPDATE`,
      [options.key],
    );
    const [session] = found.rows;
    if (!session) throw new Error('the import was deleted just now');
    if (canonicalJson(session.options) !== canonicalJson(decidingOptions(options))) {
      const message =
        'This key names an import with other options. Use the same source, tags, format, mapping ' +
        'and maxErrors, or another key.';
      throw new ImportFault('KEY_CONFLICT', message);
    }
    if (session.status === 'COMPLETED') return session;
    if (options.offset > session.bytes) throw offsetAhead(options.offset, session.bytes);
    // Who asked for the end of a connection that is gone meant the import; who sends a cancelled one
    // again means to go on.
    const isCancelled = session.isCancelRequested && session.status !== 'CANCELLED';
    const taken = await client.query<Session>(
      `UPDATE import_sessions SET epoch = epoch + 1, status = $2::text::import_status, error = NULL, updated_at = now(),
         cancel_requested_at = CASE WHEN $2::text = 'CANCELLED' THEN cancel_requested_at END,
         finished_at = CASE WHEN $2::text = 'CANCELLED' THEN now() END,
         total_bytes = coalesce($3, total_bytes)
       WHERE id = $1 RETURNING ${SESSION}`,
      [session.id, isCancelled ? 'CANCELLED' : 'RUNNING', options.totalBytes],
    );
    return taken.rows[0] ?? session;
  });

const offsetAhead = (offset: number, bytes: number) =>
  new ImportFault(
    'OFFSET_AHEAD',
    `The body begins at byte ${offset}, but only ${bytes} bytes are stored. Send from byte ${bytes}.`,
    bytes,
  );

/** What one transaction adds to a session. Counts are those of the whole import. */
export type Progress = Omit<ImportCounts, 'stored' | 'duplicates' | 'report'> & {
  position: StoredPosition;
  /** The report, where it has grown. */
  report: ImportCounts['report'] | null;
};

/**
 * Moves a session on. Returns whether somebody asked it to stop.
 * @throws ImportFault IMPORT_TAKEN_OVER when it belongs to another connection.
 */
export async function saveProgress(
  client: PoolClient | Pool,
  { id, epoch }: Session,
  progress: Progress,
  added: { stored: number; duplicates: number },
): Promise<{ isCancelRequested: boolean }> {
  const { rows } = await client.query<{ isCancelRequested: boolean }>(
    `UPDATE import_sessions SET lines = $3, rejected = $4, bytes = $5, stored = stored + $6,
       duplicates = duplicates + $7, position = $8, rejected_by_code = $9,
       report = coalesce($10, report), updated_at = now()
     WHERE id = $1 AND epoch = $2 AND status = 'RUNNING'
     RETURNING cancel_requested_at IS NOT NULL AS "isCancelRequested"`,
    [
      id,
      epoch,
      progress.lines,
      progress.rejected,
      progress.bytes,
      added.stored,
      added.duplicates,
      JSON.stringify(progress.position),
      JSON.stringify(progress.rejectedByCode),
      progress.report && JSON.stringify(progress.report),
    ],
  );
  return rows[0] ?? takenOver();
}

/** Says that the connection lives, also when nothing comes; as `saveProgress`. */
export async function touchSession(sql: Pool, { id, epoch }: Session) {
  const { rows } = await sql.query<{ isCancelRequested: boolean }>(
    `UPDATE import_sessions SET updated_at = now() WHERE id = $1 AND epoch = $2 AND status = 'RUNNING'
     RETURNING cancel_requested_at IS NOT NULL AS "isCancelRequested"`,
    [id, epoch],
  );
  return rows[0] ?? takenOver();
}

/** Ends a session of this connection; one that belongs to another is left alone. */
export async function endSession(
  client: PoolClient | Pool,
  { id, epoch }: Session,
  status: ImportStatus,
  error: string | null = null,
): Promise<void> {
  await client.query(
    `UPDATE import_sessions SET status = $3::text::import_status, error = $4, updated_at = now(),
       finished_at = CASE WHEN $3::text = 'INTERRUPTED' THEN NULL ELSE now() END
     WHERE id = $1 AND epoch = $2 AND status = 'RUNNING'`,
    [id, epoch, status, error],
  );
}

function takenOver(): never {
  const message = 'Another connection has gone on with this import; this one is over.';
  throw new ImportFault('IMPORT_TAKEN_OVER', message);
}

/** A session as it is stored. */
export async function readSession(sql: Pool, id: string): Promise<Session> {
  const { rows } = await sql.query<Session>(
    `SELECT ${SESSION} FROM import_sessions WHERE id = $1`,
    [id],
  );
  const [session] = rows;
  if (!session) throw new Error(`import ${id} was deleted`);
  return session;
}
