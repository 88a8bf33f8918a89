/**
 * The folders in which attempts work. What they leave behind is in the store when they end, so their
 * folders go some time later. Files of an older version, which left them where they were, come into the
 * store first.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../app.ts';
import { attemptPaths, runsFolder } from '../tunix/config.ts';
import { digestOf } from './digest.ts';
import { putFiles } from './keep.ts';
import { openInside } from './openInside.ts';

/** How long a folder stays when its attempt is over, for whoever wants to look into it. */
const STAYS_SECONDS = 60 * 60;

type Needs = Pick<App, 'sql' | 'store' | 'config' | 'log'>;

type Attempt = { epoch: number; isOver: boolean; isOld: boolean };

/** Opens a file where an attempt wrote it; null when it is not there. */
export const openInFolder = (
  dataDir: string,
  { runId, attempt, path }: { runId: string; attempt: number; path: string },
) => openInside(attemptPaths(dataDir, runId, attempt).attemptDir, path);

/** Removes the folders of this machine that nobody works in any more. */
export async function sweepFolders(app: Needs, signal: AbortSignal): Promise<void> {
  const root = runsFolder(app.config.dataDir);
  const names = await readdir(root).catch((): string[] => []);
  for (const runId of names.filter((name) => /^[0-9a-f-]{36}$/.test(name))) {
    if (signal.aborted) return;
    await sweepRun(app, runId, join(root, runId));
  }
}

async function sweepRun(app: Needs, runId: string, runDir: string): Promise<void> {
  const { rows } = await app.sql.query<{ isOld: boolean }>(
    `SELECT coalesce(finished_at < clock_timestamp() - make_interval(secs => $2), false) AS "isOld"
     FROM runs WHERE id = $1`,
    [runId, STAYS_SECONDS],
  );
  const { rows: attempts } = await app.sql.query<Attempt>(
    `SELECT epoch, status <> 'RUNNING' AS "isOver",
       coalesce(ended_at < clock_timestamp() - make_interval(secs => $2), false) AS "isOld"
     FROM run_attempts WHERE run_id = $1`,
    [runId, STAYS_SECONDS],
  );
  for (const { epoch, isOver, isOld } of attempts) {
    const { attemptDir, snapshotsDir } = attemptPaths(app.config.dataDir, runId, epoch);
    if (!isOver || !existsSync(attemptDir)) continue;
    await adopt(app, runId, epoch);
    await adoptFingerprint(app, runId, epoch, attemptDir);
    if (!isOld) continue;
    await remove(attemptDir);
    await remove(snapshotsDir);
  }
  // A run that was deleted needs its folder no more than one that is over.
  if (rows[0]?.isOld ?? true) await remove(runDir);
}

/** Puts those files of an attempt into the store that are listed, kept, and not there yet. */
async function adopt(app: Needs, runId: string, attempt: number): Promise<void> {
  const { rows } = await app.sql.query<{ path: string; sha256: string; size: number }>(
    `SELECT path, sha256, size::float8 AS size FROM artifacts
     WHERE run_id = $1 AND attempt = $2 AND deleted_at IS NULL ORDER BY path`,
    [runId, attempt],
  );
  const { attemptDir } = attemptPaths(app.config.dataDir, runId, attempt);
  for (const { path, sha256, size } of rows) {
    if ((await app.store.sizeOf(sha256)) === size) continue;
    const handle = await openInside(attemptDir, path);
    if (!handle) continue;
    await handle.close();
    const file = join(attemptDir, path);
    // Not what was listed: it was changed since, and its row stays without bytes.
    if ((await digestOf(file)).sha256 !== sha256) continue;
    await putFiles(app.store, [{ file, sha256, size }]);
    app.log.info({ runId, attempt, path }, 'file of an older version stored');
  }
}

/** What its checkpoints depend on stood in a file. */
async function adoptFingerprint(app: Needs, runId: string, attempt: number, attemptDir: string) {
  const text = await readFile(join(attemptDir, 'fingerprint.json'), 'utf8').catch(() => null);
  if (text === null) return;
  await app.sql.query(
    `UPDATE run_attempts SET fingerprint = $3
     WHERE run_id = $1 AND epoch = $2 AND fingerprint IS NULL`,
    [runId, attempt, text],
  );
}

const remove = (dir: string) => rm(dir, { recursive: true, force: true });
