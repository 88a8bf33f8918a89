/** What an attempt leaves behind, brought into the artifact store before its end is written. */
import { join } from 'node:path';
import type { App } from '../../app.ts';
import { StoreAwayError } from '../../artifacts/faults.ts';
import { putFiles } from '../../artifacts/keep.ts';
import { type ManifestEntry, readManifest } from '../../artifacts/manifest.ts';
import type { LogWriter } from '../../logs/writer.ts';
import type { CheckpointKeeper } from './keeper.ts';
import type { Outcome } from './outcome.ts';
import { whileStoreIsAway } from './patience.ts';
import type { Prepared } from './prepare.ts';
import type { Watch } from './watch.ts';

type Needs = Pick<App, 'db' | 'store' | 'config'>;

/** The files of an attempt but its checkpoints, and those of the data once for each run. */
export async function filesOf(
  app: Pick<Needs, 'db'>,
  runId: string,
  { attemptDir, runDir }: Prepared,
): Promise<ManifestEntry[]> {
  const own = await readManifest(attemptDir, '', (path) => path !== 'checkpoints');
  const listed = await app.db.artifact.count({ where: { runId, kind: 'DATA' } });
  return listed > 0 ? own : [...own, ...(await readManifest(join(runDir, 'data'), 'data/'))];
}

/**
 * Stores checkpoints and files. While the store is away, it tries again: a training that did all its
 * work is worth a long wait, any other as long as it may take to stop.
 * @returns how the attempt ends with that: as it would, or LOST when its results could not be stored;
 *   and the files that are stored.
 */
export async function storeResults(
  app: Needs,
  outcome: Outcome,
  files: ManifestEntry[],
  keeper: Pick<CheckpointKeeper, 'finish'> | null,
  log: Pick<LogWriter, 'say'>,
  watch: Watch,
): Promise<{ outcome: Outcome; files: ManifestEntry[] }> {
  const { artifacts, runner } = app.config;
  const isDone = outcome.status === 'COMPLETED';
  const seconds = isDone ? artifacts.waitSeconds : runner.stopGraceSeconds;
  const patience = AbortSignal.timeout(seconds * 1000);
  // Whoever asked for a stop before this waits for it already.
  const end = AbortSignal.any([watch.lost, patience, ...(watch.stop.aborted ? [] : [watch.stop])]);
  const isAway = (error: Error) => log.say(`The results wait to be stored: ${error.message}`);
  try {
    await keeper?.finish(end);
    await whileStoreIsAway(end, isAway, () => putFiles(app.store, files, watch.lost));
    return { outcome, files };
  } catch (error) {
    if (!(error instanceof StoreAwayError)) throw error;
    return withoutFiles(outcome, error);
  }
}

/** The end of an attempt whose files could not be stored: what nobody can have is no success. */
export function withoutFiles(outcome: Outcome, error: StoreAwayError) {
  const reason = `The results could not be stored. ${error.message}`;
  return {
    outcome:
      outcome.status === 'COMPLETED' ? { ...outcome, status: 'LOST' as const, reason } : outcome,
    files: [],
  };
}
