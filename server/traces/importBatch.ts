/** Stores the traces of an import with its counts, one transaction for each batch. */
import type { App } from '../app.ts';
import { isOutage } from '../lib/outage.ts';
import { inTransaction } from '../lib/transaction.ts';
import { ImportFault } from './importModel.ts';
import { endSession, type Progress, type Session, saveProgress } from './importSession.ts';
import type { PackedRow } from './row.ts';
import { copyRows } from './store.ts';

/** As large as one statement may be: a second of work at most, and a few megabytes of memory. */
export const BATCH_LINES = 1_000;
export const BATCH_BYTES = 2 * 1024 * 1024;

/** `isLast` ends the import with it. */
export type Batch = { rows: PackedRow[]; progress: Progress; isLast: boolean };

/** Somebody stored one of the traces at the same moment, or two writers waited for each other. */
const AGAIN = ['23505', '40P01', '40001'];
const ATTEMPTS = 5;

async function saveBy(app: Pick<App, 'sql'>, session: Session, batch: Batch, attempt: number) {
  const { rows, progress, isLast } = batch;
  return inTransaction(app.sql, async (client) => {
    const stored = await copyRows(client, rows, attempt === 1 ? 'COPY' : 'STAGE');
    const created = stored.filter((one) => one.created).length;
    const added = { stored: created, duplicates: stored.length - created };
    const saved = await saveProgress(client, session, progress, added);
    if (isLast) await endSession(client, session, 'COMPLETED');
    return { ...added, isCancelRequested: saved.isCancelRequested && !isLast };
  });
}

/**
 * Saves a batch.
 * @throws ImportFault IMPORT_TAKEN_OVER, IMPORT_CANCELLED (after it was saved), DATABASE_AWAY.
 */
export async function saveBatch(
  app: Pick<App, 'sql' | 'bell' | 'metrics'>,
  session: Session,
  batch: Batch,
): Promise<{ stored: number; duplicates: number }> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { isCancelRequested, ...added } = await app.metrics.common.timeWrite(
        'import_traces',
        () => saveBy(app, session, batch, attempt),
      );
      app.bell.ring(`import:${session.id}`);
      if (isCancelRequested) throw cancelled();
      return added;
    } catch (error) {
      if (isOutage(error)) {
        const message = 'The database is away. Send the rest again with the same key.';
        throw new ImportFault('DATABASE_AWAY', message, undefined, { cause: error });
      }
      const { code } = error as { code?: string };
      if (!AGAIN.includes(code ?? '') || attempt === ATTEMPTS) throw error;
    }
  }
}

export const cancelled = () =>
  new ImportFault('IMPORT_CANCELLED', 'The import was cancelled; what is counted is stored.');
