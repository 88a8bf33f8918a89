/** Takes away what nobody needs any more. Every runner does it now and then; two at once do no harm. */
import type { App } from '../app.ts';
import { sweepFolders } from './folders.ts';
import { removeUnnamed, unnamedOf } from './keep.ts';
import { giveUpOld } from './retention.ts';

/** What is younger may be about to be named. */
const YOUNG_MS = 60 * 60_000;
/** An upload of a very large file may take hours. */
const UNFINISHED_MS = 24 * 60 * 60_000;

/**
 * Removes old files, the folders of attempts that are over, objects that no row names, and what
 * was never stored to its end.
 */
export async function sweepArtifacts(
  app: Pick<App, 'sql' | 'store' | 'config' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  await giveUpOld(app, 'CHECKPOINTS', app.config.artifacts.checkpointDays);
  await giveUpOld(app, 'OTHERS', app.config.artifacts.fileDays);
  await sweepFolders(app, signal);
  const before = new Date(Date.now() - YOUNG_MS);
  for await (const page of app.store.list()) {
    if (signal.aborted) return;
    const old = page.filter(({ storedAt }) => storedAt < before);
    // Without the lock first: mostly there are none, and nobody is held up.
    const unnamed = await unnamedOf(
      app.sql,
      old.map(({ sha256 }) => sha256),
    );
    const removed = await removeUnnamed(app, unnamed);
    if (removed > 0) app.log.info({ removed }, 'artifacts that nobody names removed');
  }
  await app.store.sweepUnfinished(new Date(Date.now() - UNFINISHED_MS));
}
