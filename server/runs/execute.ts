import { join } from 'node:path';
import type { App } from '../app.ts';
import { readManifest } from '../artifacts/manifest.ts';
import { DomainError } from '../errors.ts';
import { readItemIds } from '../evaluationSets/read.ts';
import { isOutage } from '../lib/outage.ts';
import { displayable } from '../lib/text.ts';
import { trainCommand } from '../tunix/command.ts';
import { ensureModel } from '../tunix/fetch.ts';
import { type BaseModel, listModels } from '../tunix/models.ts';
import { type Exit, start } from '../tunix/process.ts';
import { ensureRuntime } from '../tunix/runtime.ts';
import { storeCheckpoint } from './checkpoints.ts';
import { takeFingerprint } from './fingerprint.ts';
import { finishAttempt, type Outcome, type Results } from './finish.ts';
import { claimRun, type Lease, LeaseLostError } from './lease.ts';
import { type LogWriter, openLogWriter } from './logs.ts';
import type { RunConfig } from './model.ts';
import { readPredictions } from './predictions.ts';
import { type Prepared, prepareAttempt } from './prepare.ts';
import { openReporter } from './report.ts';
import { untilStored } from './retry.ts';
import { type StopReason, type Watch, watchAttempt } from './watch.ts';

/** Ended by a signal, with a checkpoint to go on from (`tunix_rt/sft.py`). */
const STOPPED = 75;

type Run = {
  id: string;
  number: number;
  datasetId: string;
  datasetHash: string;
  evaluationSetId: string | null;
  config: RunConfig;
  timeoutSeconds: number;
};

export type RunnerIdentity = { id: string; shutdown: AbortSignal };

/** The job: claims the run, executes it once, writes how it ended. Returns when that is stored. */
export async function executeRun(app: App, runner: RunnerIdentity, runId: string): Promise<void> {
  // Not claimed, it stays PENDING for another runner; its job is sent again.
  if (runner.shutdown.aborted) throw new Error('the runner is stopping');
  const lease = await claimRun(app, runId, runner.id, app.config.runner.leaseSeconds);
  if (!lease) return;
  const log = app.log.child({ runId, attempt: lease.epoch });
  log.info('attempt started');
  const row = await untilStored(runner.shutdown, log, () =>
    app.db.run.findUniqueOrThrow({
      where: { id: runId },
      include: { dataset: { select: { contentHash: true } } },
    }),
  );
  const { datasetId, dataset } = row;
  // Only EXTERNAL runs lack one, and those are never queued; the database says so too.
  if (!datasetId || !dataset) throw new Error(`run ${row.number} has no dataset`);
  const run: Run = {
    ...row,
    datasetId,
    datasetHash: dataset.contentHash,
    config: row.config as unknown as RunConfig,
  };
  await using watch = watchAttempt(app, lease, run.timeoutSeconds, runner.shutdown);
  try {
    const outcome = await attempt(app, lease, run, watch);
    log.info({ status: outcome.status, exitCode: outcome.exitCode }, 'attempt ended');
  } catch (error) {
    if (!(error instanceof LeaseLostError) && !watch.lost.aborted) {
      // The queue keeps it to itself, and the run will say no more than that its runner was lost.
      log.error({ err: error }, 'attempt could not be ended');
      throw error;
    }
    log.warn('attempt fenced: another runner has the run, or may have it');
  }
}

async function attempt(app: App, lease: Lease, run: Run, watch: Watch): Promise<Outcome> {
  const log = openLogWriter(app, lease, watch.lost);
  const results: Results = { manifest: [], predictions: [], logTail: '' };
  let outcome: Outcome;
  try {
    await log.say(`Run ${run.number}, attempt ${lease.epoch}.`);
    const models = await listModels(app.config);
    const model = models.find(({ id }) => id === run.config.modelId);
    if (!model) {
      outcome = failed(`Model "${run.config.modelId}" is not on this runner (MODELS_DIR).`);
    } else {
      const ready =
        run.config.mode === 'LOCAL' ? await makeReady(app, run, model, log, watch) : null;
      const prepared = await prepareAttempt(app, lease, run, model, ready?.fingerprint ?? null);
      outcome = ready
        ? await train(app, lease, run, ready.python, prepared, log, watch)
        : await endDryRun(run, log);
      const { attemptDir } = prepared;
      results.manifest = await readManifest(attemptDir);
      if (ready && outcome.status === 'COMPLETED') {
        const setItems = run.evaluationSetId && (await readItemIds(app.sql, run.evaluationSetId));
        const file = join(attemptDir, 'predictions.jsonl');
        results.predictions = await readPredictions(file, setItems || null);
      }
    }
  } catch (error) {
    if (error instanceof LeaseLostError || watch.lost.aborted) throw error;
    if (!(error instanceof DomainError))
      app.log.error({ err: error, runId: run.id }, 'attempt broke');
    const end = failed(messageOf(error));
    // Not the run's fault: another attempt will do.
    outcome = stoppedOr(watch.reason, isOutage(error) ? { ...end, status: 'LOST' } : end);
  }
  if (outcome.reason) await log.say(outcome.reason);
  await log.close();
  results.logTail = log.tail();
  await finishAttempt(app, lease, outcome, results, watch.lost);
  return outcome;
}

/** Python and the model in their places, both made or brought on first use. */
async function makeReady(app: App, run: Run, model: BaseModel, log: LogWriter, watch: Watch) {
  const { python, runtime } = await ensureRuntime(app.config, log.write, watch.stop);
  await ensureModel(app.config, model, python, log.write, watch.stop);
  watch.stop.throwIfAborted();
  return { python, fingerprint: await takeFingerprint(run, model, runtime) };
}

async function endDryRun(run: Run, log: LogWriter): Promise<Outcome> {
  const { totalSteps } = run.config.hyperparameters;
  await log.say(`Dry run: data and config are in place for ${totalSteps} steps; not started.`);
  return { status: 'COMPLETED', reason: null, exitCode: 0, exitSignal: null };
}

/** Runs the training process to its end. */
async function train(
  app: App,
  lease: Lease,
  { datasetId }: Run,
  python: string,
  prepared: Prepared,
  log: LogWriter,
  watch: Watch,
): Promise<Outcome> {
  const from = prepared.resumedFrom;
  await log.say(from === null ? 'Training starts.' : `Training resumes from step ${from}.`);

  const command = trainCommand(app.config, python, prepared.configFile);
  const child = start(command, prepared.attemptDir, log.write);
  const { attemptDir } = prepared;
  const reporter = openReporter(
    app,
    lease,
    join(attemptDir, 'events.jsonl'),
    watch.lost,
    // Metrics that cannot be stored would be lost silently if the child went on.
    child.kill,
    (step) => storeCheckpoint(app, lease, { datasetId, attemptDir }, step, watch.lost),
  );
  const grace = stopOnRequest(child, watch, app.config.runner.stopGraceSeconds * 1000);
  let exit: Exit;
  try {
    exit = await child.exit;
  } finally {
    clearTimeout(grace.timer);
    await reporter.close();
  }
  return classify(exit, watch.reason, reporter.error, log);
}

function stopOnRequest(child: ReturnType<typeof start>, watch: Watch, graceMs: number) {
  const state: { timer: NodeJS.Timeout | undefined } = { timer: undefined };
  const ask = () => {
    child.signal('SIGTERM');
    state.timer = setTimeout(child.kill, graceMs);
  };
  if (watch.stop.aborted) ask();
  else watch.stop.addEventListener('abort', ask, { once: true });
  if (watch.kill.aborted) child.kill();
  else watch.kill.addEventListener('abort', child.kill, { once: true });
  return state;
}

function classify(
  exit: Exit,
  reason: StopReason | null,
  reported: string | null,
  log: LogWriter,
): Outcome {
  switch (exit.kind) {
    case 'absent':
      return failed(`Python could not be started: ${exit.reason}.`);
    case 'killed': {
      const ended: Outcome = {
        status: 'LOST',
        reason: `The training process was ended by ${exit.signal}.`,
        exitCode: null,
        exitSignal: exit.signal,
      };
      return stoppedOr(reason, ended);
    }
    case 'exited': {
      const { code } = exit;
      // It ended well although something asked it to stop: the work is done, the end is the truth.
      if (code === 0) return { status: 'COMPLETED', reason: null, exitCode: 0, exitSignal: null };
      if (code === STOPPED) {
        const why = 'The training process was asked to stop from outside.';
        return stoppedOr(reason, { status: 'LOST', reason: why, exitCode: code, exitSignal: null });
      }
      const last = reported ?? log.tail().split('\n').at(-1) ?? '';
      return stoppedOr(reason, {
        ...failed(`Training failed with exit code ${code}: ${last}`),
        exitCode: code,
      });
    }
    default:
      return exit satisfies never;
  }
}

/** What a requested stop makes of the end it led to; without a request, the end itself. */
function stoppedOr(reason: StopReason | null, end: Outcome): Outcome {
  switch (reason) {
    case null:
      return end;
    case 'CANCEL_SAVE':
    case 'CANCEL_NOW':
      return { ...end, status: 'CANCELLED', reason: 'Cancelled.' };
    case 'TIMEOUT':
      return { ...end, status: 'TIMEOUT', reason: 'The timeout of the run is over.' };
    case 'SHUTDOWN':
      return { ...end, status: 'RELEASED', reason: 'The runner was stopped.' };
    case 'LEASE_LOST':
      return end;
    default:
      return reason satisfies never;
  }
}

const failed = (reason: string): Outcome => ({
  status: 'FAILED',
  reason: displayable(reason),
  exitCode: null,
  exitSignal: null,
});

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
