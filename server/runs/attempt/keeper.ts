/**
 * Brings the checkpoints of a training into the artifact store while it goes on. A CHECKPOINT event
 * says that the files are there, so that any runner can go on from them. Orbax deletes old checkpoints
 * by itself, so each gets a second name at once and is read and stored from there.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../../app.ts';
import { keepNewest } from '../../artifacts/checkpoints.ts';
import { awayOr, linkOrCopy } from '../../artifacts/directory.ts';
import { StoreAwayError } from '../../artifacts/faults.ts';
import { putAndWrite } from '../../artifacts/keep.ts';
import { addArtifacts, readManifest } from '../../artifacts/manifest.ts';
import type { LogWriter } from '../../logs/writer.ts';
import { type AttemptPaths, CHECKPOINTS_KEPT } from '../../tunix/config.ts';
import { appendOnce } from '../events.ts';
import { fenced, type Lease, LeaseLostError, ringRun } from '../lease.ts';
import { untilStored } from '../retry.ts';
import { whileStoreIsAway } from './patience.ts';

type Needs = Pick<App, 'db' | 'sql' | 'bell' | 'log' | 'store' | 'config'>;

/** A folder with the files of one checkpoint, which nobody changes. */
type Snapshot = { step: number; dir: string };

export type CheckpointKeeper = {
  /**
   * Takes hold of the checkpoint of a step; it is stored later. One that is gone is left out; one that
   * cannot be held, because the disk is full for instance, is tried again by `finish`.
   */
  take(step: number): Promise<void>;
  /**
   * Stores what waits and what the training left in its folder; it must have ended.
   * @param end when to give up on a store that is away.
   * @throws StoreAwayError
   */
  finish(end: AbortSignal): Promise<void>;
  /** Ends the work and removes what was held. */
  [Symbol.asyncDispose](): Promise<void>;
};

/**
 * Opens the keeper of one attempt.
 * @param carried the step it went on from, which is stored already.
 * @param lost aborts when the attempt may write no more.
 */
export function openKeeper(
  app: Needs,
  lease: Lease,
  paths: AttemptPaths,
  carried: number | null,
  log: Pick<LogWriter, 'say'>,
  lost: AbortSignal,
): CheckpointKeeper {
  const kept = app.config.artifacts.checkpointsKept;
  const root = join(paths.attemptDir, 'checkpoints');
  const seen = new Set<number>(carried === null ? [] : [carried]);
  const waiting: Snapshot[] = [];
  let working: Promise<void> | null = null;
  let away: StoreAwayError | null = null;
  const closed = new AbortController();
  const stop = AbortSignal.any([lost, closed.signal]);
  /** Ends the waiting for a store that is away; an upload that goes on is not touched. */
  const giveUp = new AbortController();
  stop.addEventListener('abort', () => giveUp.abort(), { once: true });

  /** Whatever would be given up for newer ones is not worth storing first. */
  const add = async (snapshot: Snapshot) => {
    waiting.push(snapshot);
    for (const { dir } of waiting.splice(0, waiting.length - kept)) await remove(dir);
  };

  const work = async () => {
    for (let next = waiting.shift(); next && !stop.aborted; next = waiting.shift()) {
      try {
        await store(next);
      } catch (error) {
        if (stop.aborted || error instanceof LeaseLostError) return;
        if (error instanceof StoreAwayError) {
          away = error;
          return;
        }
        // A checkpoint less is no reason to end a training.
        app.log.error({ err: error, step: next.step }, 'checkpoint not stored');
        await log.say(`The checkpoint of step ${next.step} could not be stored.`);
      }
      await remove(next.dir);
    }
  };

  const store = async ({ step, dir }: Snapshot) => {
    const entries = await readManifest(dir, `checkpoints/${step}/`);
    const { runId, epoch } = lease;
    const isAway = async (error: Error) => {
      await log.say(`The checkpoint of step ${step} waits to be stored: ${error.message}`);
    };
    await whileStoreIsAway(giveUp.signal, isAway, () =>
      untilStored(lost, app.log, () =>
        putAndWrite(app, entries, stop, () =>
          fenced(app, lease, async (tx) => {
            await addArtifacts(tx, runId, epoch, entries);
            await appendOnce(tx, runId, 'CHECKPOINT', { step }, epoch);
          }),
        ),
      ),
    );
    ringRun(app, runId);
    // It is stored; that an older one could not be given up yet is for the next time.
    await keepNewest(app, runId, kept).catch((error: unknown) =>
      app.log.warn({ err: error, runId }, 'old checkpoints not given up'),
    );
  };

  const begin = () => {
    working ??= work()
      // The log takes no more lines: the lease is lost, and whoever waits hears of that elsewhere.
      .catch((error: unknown) => app.log.warn({ err: error }, 'checkpoints are kept no more'))
      .finally(() => {
        working = null;
      });
  };

  const hold = async (step: number, isOver: boolean) => {
    if (seen.has(step)) return;
    const dir = join(paths.snapshotsDir, `${step}-${randomUUID()}`);
    const isHeld = await linkCheckpoint(root, step, dir, isOver).catch((error: unknown) => {
      throw awayOr(paths.snapshotsDir, error);
    });
    if (!isHeld) {
      app.log.info({ runId: lease.runId, step }, 'checkpoint was deleted before it was taken');
      return;
    }
    seen.add(step);
    await add({ step, dir });
  };

  return {
    async take(step) {
      try {
        await hold(step, false);
      } catch (error) {
        // A checkpoint less is no reason to end a training.
        app.log.error({ err: error, step }, 'checkpoint not taken');
        const why = error instanceof StoreAwayError ? ` ${error.message}` : '';
        await log.say(`The checkpoint of step ${step} could not be kept.${why}`);
      }
      begin();
    },

    async finish(end) {
      if (end.aborted) giveUp.abort();
      else end.addEventListener('abort', () => giveUp.abort(), { once: true });
      await working;
      const isAway = (error: Error) => log.say(`Checkpoints wait to be kept: ${error.message}`);
      await whileStoreIsAway(giveUp.signal, isAway, async () => {
        for (const step of (await stepsIn(root)).toSorted((a, b) => a - b)) await hold(step, true);
      });
      begin();
      await working;
      if (away) throw away;
    },

    async [Symbol.asyncDispose]() {
      closed.abort();
      await working;
      await remove(paths.snapshotsDir);
    },
  };
}

/** The committed checkpoints in a folder: Orbax gives one its number as a name when it is complete. */
async function stepsIn(root: string): Promise<number[]> {
  const names = await readdir(root).catch((): string[] => []);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

/**
 * Gives the files of a checkpoint a second name. False when it may have been incomplete: Orbax deletes
 * one when it has completed so many newer ones as it keeps, and may have begun to.
 * @param isOver whether nobody deletes any more.
 */
async function linkCheckpoint(
  root: string,
  step: number,
  dir: string,
  isOver: boolean,
): Promise<boolean> {
  let isWhole = false;
  try {
    await linkTree(join(root, String(step)), dir);
    const newer = (await stepsIn(root)).filter((each) => each > step);
    isWhole = isOver || newer.length < CHECKPOINTS_KEPT;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    if (!isWhole) await remove(dir);
  }
  return isWhole;
}

/** Links every file below a folder; those of a checkpoint are never rewritten. */
async function linkTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linkTree(source, target);
    else if (entry.isFile()) await linkOrCopy(source, target);
  }
}

const remove = (dir: string) => rm(dir, { recursive: true, force: true });
