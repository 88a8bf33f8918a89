import { randomUUIDv7 } from 'node:crypto';
import { z } from 'zod';
import { Split } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import type { Tx } from '../db.ts';
import { InvalidStateError, NotFoundError } from '../errors.ts';
import { isOutage } from '../lib/outage.ts';
import { parse } from '../lib/parse.ts';
import { text } from '../lib/text.ts';
import type { Queue } from '../queue.ts';
import { runCan } from '../runs/status.ts';
import { complete, type Item, judgeOutput } from './items.ts';
import { EvaluateRun } from './job.ts';
import { DEFAULT_JUDGE, findJudge, judgeRef } from './judges/registry.ts';
import { readOutputs } from './outputs.ts';
import { targetOf } from './target.ts';

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
  app: Pick<App, 'db' | 'queue' | 'bell'>,
  input: z.input<typeof RequestEvaluation>,
) {
  const evaluation = await app.db.$transaction((tx) => addEvaluation(app.queue, tx, input));
  app.bell.ring('evaluations');
  app.bell.ring(`run:${evaluation.runId}`);
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
) {
  const { runId, judge: ref, ...asked } = parse(RequestEvaluation, input);
  const judge = findJudge(ref);
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
  const evaluation = await tx.evaluation.create({
    data: {
      id: randomUUIDv7(),
      runId,
      datasetId: run.datasetId,
      ...target,
      judge: judge.name,
      judgeVersion: judge.version,
    },
  });
  await queue.send(tx, EvaluateRun, { evaluationId: evaluation.id }, evaluation.id);
  return evaluation;
}

/**
 * Judges the stored predictions of one pending evaluation: the handler of its job.
 *
 * Every item of the target counts, those without a prediction as wrong. Items, metrics, status and
 * the run's event are written in one transaction, so an evaluation is complete or has no items. An
 * evaluation that has ended is left alone, so a job that comes twice does no harm; one whose worker
 * died is judged again. A failure is stored as the evaluation's status and sentence.
 */
export async function evaluate(
  app: Pick<App, 'db' | 'sql' | 'bell' | 'log'>,
  evaluationId: string,
): Promise<void> {
  const claimed = await app.db.evaluation.updateManyAndReturn({
    where: { id: evaluationId, status: { in: ['PENDING', 'RUNNING'] } },
    data: { status: 'RUNNING' },
  });
  const evaluation = claimed[0];
  if (!evaluation) return; // done, or gone with its run
  app.bell.ring('evaluations');
  try {
    const judge = findJudge(judgeRef({ name: evaluation.judge, version: evaluation.judgeVersion }));
    const items: Item[] = [];
    for await (const output of readOutputs(app.sql, evaluation)) {
      items.push(judgeOutput(judge, output));
    }
    await app.db.$transaction((tx) => complete(tx, evaluation, items), { timeout: 60_000 });
  } catch (error) {
    // The queue tries again when the database is back.
    if (isOutage(error)) throw error;
    app.log.error({ err: error, evaluationId }, 'evaluation failed');
    await app.db.evaluation.updateMany({
      where: { id: evaluationId, status: 'RUNNING' },
      data: { status: 'FAILED', error: sentenceOf(error), finishedAt: new Date() },
    });
  }
  app.bell.ring('evaluations');
  app.bell.ring(`run:${evaluation.runId}`);
  app.bell.ring('runs');
}

const sentenceOf = (error: unknown): string =>
  `The evaluation failed: ${error instanceof Error ? error.message : String(error)}`.slice(
    0,
    2_000,
  );
