import { join } from 'node:path';
import type { RunParentKind } from '../../../prisma/generated/client/enums.ts';
import type { App } from '../../app.ts';
import { StoreAwayError } from '../../artifacts/faults.ts';
import { DomainError } from '../../errors.ts';
import { readItemIds } from '../../evaluationSets/read.ts';
import { isConflict, isOutage } from '../../lib/outage.ts';
import { openingLine } from '../../logs/opening.ts';
import { type LogWriter, openLogWriter } from '../../logs/writer.ts';
import { ensureModel } from '../../tunix/fetch.ts';
import { markedFor } from '../../tunix/leftovers.ts';
import { type BaseModel, listModels } from '../../tunix/models.ts';
import { ensureRuntime } from '../../tunix/runtime.ts';
import { claimRun, type Lease, LeaseLostError } from '../lease.ts';
import type { RunConfig } from '../model.ts';
import { readPredictions } from '../predictions.ts';
import { untilStored } from '../retry.ts';
import { endDryRun } from './dryRun.ts';
import { takeFingerprint } from './fingerprint.ts';
import { finishAttempt, type Results } from './finish.ts';
import { openKeeper } from './keeper.ts';
import { killLeftoversOf } from './leftovers.ts';
import { observeAttempt } from './observe.ts';
import { failed, type Outcome, stoppedOr } from './outcome.ts';
import { prepareAttempt } from './prepare.ts';
import { filesOf, storeResults, withoutFiles } from './results.ts';
import { train } from './train.ts';
import { type Watch, watchAttempt } from './watch.ts';

type Run = {
  id: string;
  number: number;
  datasetId: string;
  datasetHash: string;
  evaluationSetId: string | null;
  config: RunConfig;
  timeoutSeconds: number;
  parentId: string | null;
  parentKind: RunParentKind | null;
  resumeStep: number | null;
};

export type RunnerIdentity = {
  id: string;
  /** Aborts when it wants to stop, with a checkpoint. */
  shutdown: AbortSignal;
  /** Aborts when it may not even wait for that. */
  givenUp?: AbortSignal;
};

/** Claims a given run, if it is still to be had, and executes it once. */
export async function executeRun(app: App, runner: RunnerIdentity, runId: string): Promise<void> {
  const lease = await claimRun(app, runId, runner.id, app.config.runner.leaseSeconds);
  if (lease) await executeAttempt(app, runner, lease);
}

/** Executes what was claimed and writes how it ended. Returns when that is stored. */
export async function executeAttempt(
  given: App,
  runner: RunnerIdentity,
  lease: Lease,
): Promise<void> {
  const { runId } = lease;
  using observed = observeAttempt(given, lease);
  const unnumbered = given.log.child({ runId, attempt: lease.epoch });
  const row = await untilStored(runner.shutdown, unnumbered, () =>
    given.db.run.findUniqueOrThrow({
      where: { id: runId },
      include: { dataset: { select: { contentHash: true } } },
    }),
  );
  observed.identify(row);
  const log = unnumbered.child({ run: row.number });
  log.info('attempt started');
  const app = { ...given, config: markedFor(given.config, lease), log };
  const { datasetId, dataset } = row;
  // Only EXTERNAL runs lack one, and those are never queued; the database says so too.
  if (!datasetId || !dataset) throw new Error(`run ${row.number} has no dataset`);
  const run: Run = {
    ...row,
    datasetId,
    datasetHash: dataset.contentHash,
    config: row.config as unknown as RunConfig,
  };
  await using watch = watchAttempt(app, lease, run.timeoutSeconds, runner);
  try {
    const outcome = await attempt(app, lease, run, watch);
    observed.ended(outcome.status);
    log.info({ status: outcome.status, exitCode: outcome.exitCode }, 'attempt ended');
  } catch (error) {
    if (!(error instanceof LeaseLostError) && !watch.lost.aborted) {
      // The queue keeps it to itself, and the run will say no more than that its runner was lost.
      log.error({ err: error }, 'attempt could not be ended');
      throw error;
    }
    observed.ended('FENCED');
    log.warn('attempt fenced: another runner has the run, or may have it');
  } finally {
    await killLeftoversOf(log, lease);
  }
}

async function attempt(app: App, lease: Lease, run: Run, watch: Watch): Promise<Outcome> {
  const log = openLogWriter(app, lease, watch.lost);
  const results: Results = { files: [], predictions: [], logTail: '' };
  let outcome: Outcome;
  try {
    await log.say(
      await untilStored(watch.lost, app.log, () => openingLine(app.sql, lease, run.number)),
    );
    const models = await listModels(app.config);
    const model = models.find(({ id }) => id === run.config.modelId);
    if (!model) {
      outcome = failed(`Model "${run.config.modelId}" is not on this runner (MODELS_DIR).`);
    } else {
      const ready =
        run.config.mode === 'LOCAL' ? await makeReady(app, run, model, log, watch) : null;
      const fingerprint = ready?.fingerprint ?? null;
      const prepared = await prepareAttempt(
        app,
        lease,
        run,
        model,
        fingerprint,
        log.say,
        watch.stop,
      );
      const { attemptDir, resumedFrom } = prepared;
      await using keeper = openKeeper(app, lease, prepared, resumedFrom, log, watch.lost);
      outcome = ready
        ? await train(app, lease, run, ready.python, prepared, keeper, log, watch)
        : await endDryRun(app, lease, run, model, prepared, log, watch);
      if (ready && outcome.status === 'COMPLETED') {
        const setItems = run.evaluationSetId && (await readItemIds(app.sql, run.evaluationSetId));
        const file = join(attemptDir, 'predictions.jsonl');
        results.predictions = await readPredictions(file, setItems || null);
      }
      const files = await filesOf(app, run.id, prepared);
      const stored = await storeResults(app, outcome, files, keeper, log, watch);
      ({ outcome, files: results.files } = stored);
    }
  } catch (error) {
    if (error instanceof LeaseLostError || watch.lost.aborted) throw error;
    if (!(error instanceof DomainError)) app.log.error({ err: error }, 'attempt broke');
    const end = failed(messageOf(error));
    // Not the run's fault: another attempt will do.
    const isOurs = isOutage(error) || isConflict(error) || error instanceof StoreAwayError;
    outcome = stoppedOr(watch.reason, isOurs ? { ...end, status: 'LOST' } : end);
  }
  if (outcome.reason) outcome = { ...outcome, reason: log.redact(outcome.reason) };
  if (outcome.reason) await log.say(outcome.reason);
  await log.close();
  results.logTail = log.tail();
  try {
    await finishAttempt(app, lease, outcome, results, watch.lost);
  } catch (error) {
    if (!(error instanceof StoreAwayError)) throw error;
    // It went away after the files were stored, and nobody can say that they are there.
    ({ outcome, files: results.files } = withoutFiles(outcome, error));
    await finishAttempt(app, lease, outcome, results, watch.lost);
  }
  return outcome;
}

/** Python and the model in their places, both made or brought on first use. */
async function makeReady(app: App, run: Run, model: BaseModel, log: LogWriter, watch: Watch) {
  const { python, runtime } = await ensureRuntime(app.config, log.write, watch.stop);
  await ensureModel(app.config, model, python, log.write, watch.stop);
  watch.stop.throwIfAborted();
  return { python, fingerprint: await takeFingerprint(run, model, runtime) };
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
