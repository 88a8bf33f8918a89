/** An import as others see it: how fast it goes, whether its connection lives, and how to stop it. */
import type { ImportStatus } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { InvalidStateError, NotFoundError } from '../errors.ts';
import { cancellable } from '../lib/cancellable.ts';
import type { StoredPosition } from './importSession.ts';

/** A connection says that it lives every 5 s; one that is silent for so long is gone. */
const SILENT_MS = 30_000;

type Row = { status: ImportStatus; updatedAt: Date };

const isSilent = ({ updatedAt }: Row) => Date.now() - updatedAt.getTime() > SILENT_MS;

/** The status, where a server that died could not note that its connections were lost. */
export const liveStatus = (row: Row): ImportStatus =>
  row.status === 'RUNNING' && isSilent(row) ? 'INTERRUPTED' : row.status;

/** Whether it will not change any more unless somebody sends it again. */
const isOver = (status: ImportStatus) =>
  status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELLED';

export const canCancel = (row: Row & { cancelRequestedAt: Date | null }) =>
  !isOver(row.status) && row.cancelRequestedAt === null;

/** Lines in a second over the last seconds, and seconds to the end; null when nothing is known. */
export function paceOf(
  row: Row & { position: unknown; bytes: bigint; totalBytes: bigint | null },
): { rate: number | null; etaSeconds: number | null } {
  if (liveStatus(row) !== 'RUNNING') return { rate: null, etaSeconds: null };
  const { linesPerSecond = null, bytesPerSecond = null } = row.position as StoredPosition;
  const left = row.totalBytes === null ? null : Number(row.totalBytes - row.bytes);
  return {
    rate: linesPerSecond,
    etaSeconds: left !== null && bytesPerSecond ? Math.max(0, left / bytesPerSecond) : null,
  };
}

/**
 * Asks an import to stop. One whose connection lives stops after the batch it is at; any other is
 * cancelled at once. Asking again changes nothing.
 * @throws NotFoundError, InvalidStateError when it is over.
 */
export async function cancelImport(app: Pick<App, 'sql' | 'bell'>, id: string): Promise<string> {
  const { rows } = await app.sql.query<{ status: ImportStatus }>(
    `UPDATE import_sessions SET cancel_requested_at = coalesce(cancel_requested_at, now()),
       status = CASE WHEN status = 'INTERRUPTED' OR updated_at < now() - $2 * interval '1 ms'
         THEN 'CANCELLED' ELSE status END,
       finished_at = CASE WHEN status = 'INTERRUPTED' OR updated_at < now() - $2 * interval '1 ms'
         THEN now() END
     WHERE id = $1 AND status IN ('RUNNING', 'INTERRUPTED') RETURNING status`,
    [id, SILENT_MS],
  );
  if (!rows[0]) {
    const found = await app.sql.query<{ status: ImportStatus }>(
      'SELECT status FROM import_sessions WHERE id = $1',
      [id],
    );
    const status = found.rows[0]?.status;
    if (!status) {
      throw new NotFoundError(
        'ImportSession',
        'There is no such import. `importSessions` lists them.',
      );
    }
    if (status !== 'CANCELLED') {
      throw new InvalidStateError(`The import is over: it is ${status}.`, status);
    }
  }
  app.bell.ring(`import:${id}`);
  return id;
}

type Seen = { id: string; status: ImportStatus; version: string };

/** Reads the import of an id or a key, in the form that changes whenever it does. */
async function look(
  app: Pick<App, 'sql'>,
  by: { id: string } | { key: string },
): Promise<Seen | null> {
  const [column, value] = 'id' in by ? ['id', by.id] : ['key', by.key];
  const { rows } = await app.sql.query<Seen>(
    `SELECT id, status, concat_ws(' ', status, lines, bytes, epoch, cancel_requested_at) AS version
     FROM import_sessions WHERE ${column} = $1`,
    [value],
  );
  return rows[0] ?? null;
}

/**
 * Follows an import: as it is now, then at each change, until it is over. An import that is named by a
 * key may begin later; one that is named by an id and is not there ends the stream at once.
 */
export function followImport(app: Pick<App, 'sql' | 'bell'>, by: { id: string } | { key: string }) {
  return cancellable<{ importId: string }>(async function* (signal) {
    using bell = app.bell.listen(`import:${'id' in by ? by.id : by.key}`);
    let version = '';
    let found = await look(app, by);
    if (!found && 'id' in by) return;
    while (!found && !signal.aborted) {
      await bell.heard(signal);
      found = await look(app, by);
    }
    if (!found) return;
    const { id } = found;
    using own = app.bell.listen(`import:${id}`);
    while (!signal.aborted) {
      const seen = await look(app, { id });
      if (!seen) return;
      if (seen.version !== version) {
        version = seen.version;
        yield { importId: id };
      }
      if (isOver(seen.status)) return;
      await own.heard(signal);
    }
  });
}
