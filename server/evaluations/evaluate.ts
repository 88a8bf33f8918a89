import { randomUUIDv7 } from 'node:crypto';
import { z } from 'zod';
import { Split } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import type { Tx } from '../db.ts';
import { InvalidStateError, NotFoundError, ValidationError } from '../errors.ts';
import { databaseTime } from '../lib/databaseTime.ts';
import { withLock } from '../lib/lock.ts';
import { isOutage } from '../lib/outage.ts';
import { parse } from '../lib/parse.ts';
import { displayable, head, text } from '../lib/text.ts';
import type { Queue } from '../queue.ts';
import { runCan } from '../runs/status.ts';
import { finish } from './finish.ts';
import type { Item } from './items.ts';
import { EvaluateByEndpoint, EvaluateRun } from './job.ts';
import { judgeByEndpoint, judgeByRule } from './judgeAll.ts';
import type { Judge } from './judges/judge.ts';
import type { JudgeEndpoint } from './judges/llm/endpoint.ts';
import { DEFAULT_JUDGE, findEndpoint, findJudge, judgeRef } from './judges/registry.ts';
import { type Claimed, claim, ringEvaluation } from './progress.ts';
import { type Target, targetOf } from './target.ts';
import { watchEvaluation } from './watch.ts';

export const RequestEvaluation = z
  .strictObject({
    runId: z.uuid(),
    /** `name` or `name@version`. */
    judge: z
      .string()
      .nullish()
      .transform((judge) => judge ?? DEFAULT_JUDGE),
    /** Without split and key: the run's evaluation set, or TEST when it has none. */
    split: z.enum(Split).nullish(),
    evaluationSetKey: text(1, 200).nullish(),
    /** The name of an endpoint, for a judge that asks one. */
    endpoint: text(1, 64).nullish(),
    /** Predictions of the checkpoint of this training step; 0 for the final model. */
    step: z
      .int32()
      .min(0)
      .nullish()
      .transform((step) => step ?? 0),
  })
  .refine(({ split, evaluationSetKey }) => !split || !evaluationSetKey, {
    message: 'give either split or evaluationSetKey, and not both',
    path: ['evaluationSetKey'],
    params: { code: 'AT_MOST_ONE' },
  });

/**
 * Asks for one more evaluation of a run. Earlier ones stay as they are.
 * @returns the pending evaluation.
 * @throws NotFoundError, InvalidStateError, ValidationError
 */
export async function requestEvaluation(
  app: Pick<App, 'db' | 'queue' | 'bell' | 'config'>,
  input: z.input<typeof RequestEvaluation>,
) {
  const { judgeEndpoints } = app.config;
  const evaluation = await app.db.$transaction((tx) =>
    addEvaluation(app.queue, tx, input, judgeEndpoints),
  );
  ringEvaluation(app, evaluation);
  return evaluation;
}

/**
 * The same inside a transaction of the caller, who rings `evaluations` after the commit. It checks
 * before it writes, so a caller may catch the DomainError and go on with the transaction.
 */
export async function addEvaluation(
  queue: Pick<Queue, 'send'>,
  tx: Tx,
  input: z.input<typeof RequestEvaluation>,
  endpoints: readonly JudgeEndpoint[] = [],
) {
  const { runId, judge: ref, endpoint: name, ...asked } = parse(RequestEvaluation, input);
  const judge = findJudge(ref);
  const endpoint = findEndpoint(judge, name, endpoints);
  const run = await tx.run.findUnique({
    where: { id: runId },
    select: {
      id: true,
      number: true,
      datasetId: true,
      mode: true,
      status: true,
      evaluationSet: { select: { id: true, key: true } },
    },
  });
  if (!run) {
    throw new NotFoundError('Run', 'There is no such run. List them with `runs`.');
  }
  if (run.mode === 'DRY_RUN') {
    throw new InvalidStateError(
      `Run ${run.number} is a dry run: it trained nothing and predicted nothing. Create the run ` +
        'again with mode LOCAL.',
      run.status,
    );
  }
  if (!runCan('evaluate', run.status)) {
    throw new InvalidStateError(
      `Run ${run.number} is ${run.status.toLowerCase()}. Only a completed run can be evaluated.`,
      run.status,
    );
  }
  const target = await targetOf(tx, run, asked);
  refuseWithoutReference(judge, target);
  const evaluation = await tx.evaluation.create({
    data: {
      id: randomUUIDv7(),
      runId,
      datasetId: run.datasetId,
      ...target,
      judge: judge.name,
      judgeVersion: judge.version,
      step: asked.step,
      settings: (endpoint && judge.settings?.(endpoint)) ?? {},
    },
  });
  const job = judge.needsEndpoint ? EvaluateByEndpoint : EvaluateRun;
  await queue.send(tx, job, { evaluationId: evaluation.id }, evaluation.id);
  return evaluation;
}

/** An evaluation set has answers and no solutions. */
function refuseWithoutReference(judge: Judge, { evaluationSetId }: Target) {
  if (!evaluationSetId || !judge.inputs.includes('reference')) return;
  const message =
    `judge: ${judgeRef(judge)} compares with the steps of a reference solution, and an evaluation ` +
    'set has answers only. Give a split of a dataset.';
  throw new ValidationError([{ path: ['judge'], code: 'NO_REFERENCE', message }]);
}

/**
 * Judges the stored predictions of one evaluation: the handler of its jobs.
 *
 * Every item of the target counts, those without a prediction as wrong. One worker at a time is at
 * it; what comes twice waits and finds nothing left to do. By rules, items, metrics, status and the
 * run's event are written in one transaction; what a model says is stored as it comes, and an
 * evaluation whose worker died goes on with what is left. A failure is stored as status and sentence.
 * @throws what says that the database is away, or the reason of `shutdown`: the queue tries again.
 */
export async function evaluate(
  app: Pick<App, 'db' | 'sql' | 'bell' | 'log' | 'config'>,
  evaluationId: string,
  shutdown: AbortSignal = new AbortController().signal,
): Promise<void> {
  await withLock(app.sql, `evaluation ${evaluationId}`, shutdown, async (stop) => {
    const evaluation = await claim(app.sql, evaluationId);
    if (!evaluation) return; // ended, or gone with its run
    ringEvaluation(app, evaluation);
    try {
      await judgeAll(app, evaluation, stop);
    } catch (error) {
      if (stop.aborted || isOutage(error)) throw error;
      app.log.error({ err: error, evaluationId }, 'evaluation failed');
      await app.db.evaluation.updateMany({
        where: { id: evaluationId, status: 'RUNNING' },
        data: {
          status: 'FAILED',
          error: sentenceOf(error),
          finishedAt: await databaseTime(app.db),
        },
      });
    }
    ringEvaluation(app, evaluation);
  });
}

async function judgeAll(
  app: Pick<App, 'db' | 'sql' | 'bell' | 'config'>,
  evaluation: Claimed,
  stop: AbortSignal,
) {
  const { judge: name, judgeVersion: version } = evaluation;
  const judge = findJudge(judgeRef({ name, version }));
  let items: Item[] = [];
  if (judge.needsEndpoint) {
    await using watch = watchEvaluation(app, evaluation.id, stop);
    await judgeByEndpoint(app, evaluation, judge, watch.signal);
  } else {
    items = await judgeByRule(app, evaluation, judge, stop);
  }
  stop.throwIfAborted();
  await app.db.$transaction((tx) => finish(tx, evaluation, items), { timeout: 60_000 });
}

function sentenceOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return head(displayable(`The evaluation failed: ${reason}`), 2_000);
}
