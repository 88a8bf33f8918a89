import type { App } from '../app.ts';
import { InvalidStateError, NotFoundError } from '../errors.ts';
import { databaseTime } from '../lib/databaseTime.ts';
import { EvaluateByEndpoint, EvaluateRun } from './job.ts';
import { describeJudge } from './judges/registry.ts';
import { ringEvaluation, statusesToBe } from './progress.ts';

type Needs = Pick<App, 'db' | 'bell'>;

/**
 * Stops an evaluation: one that waits never begins, one that runs lets go of what it asks. What was
 * judged stays. Whoever ends it first, this or its last item, decides; again is no error.
 * @throws NotFoundError, or InvalidStateError when it has ended otherwise.
 */
export async function cancelEvaluation(app: Needs, id: string): Promise<{ id: string }> {
  const now = await databaseTime(app.db);
  const { count } = await app.db.evaluation.updateMany({
    where: { id, status: { in: statusesToBe('cancelled') } },
    data: {
      status: 'CANCELLED',
      cancelRequestedAt: now,
      finishedAt: now,
      error: 'Cancelled. Resume it to go on with the items that are left.',
    },
  });
  const evaluation = await find(app, id);
  if (count === 0 && evaluation.status !== 'CANCELLED') {
    const { status } = evaluation;
    throw new InvalidStateError(`The evaluation is ${status.toLowerCase()} already.`, status);
  }
  app.bell.ring(`cancel:${id}`);
  ringEvaluation(app, evaluation);
  return { id };
}

/**
 * Goes on with an evaluation that failed or was cancelled: only items that are missing or could not
 * be judged are judged again.
 * @throws NotFoundError, InvalidStateError
 */
export async function resumeEvaluation(
  app: Needs & Pick<App, 'queue'>,
  id: string,
): Promise<{ id: string }> {
  const isResumed = await app.db.$transaction(async (tx) => {
    const [evaluation] = await tx.evaluation.updateManyAndReturn({
      where: { id, status: { in: statusesToBe('resumed') } },
      data: { status: 'PENDING', error: null, finishedAt: null, cancelRequestedAt: null },
    });
    if (!evaluation) return false;
    const { needsEndpoint } = describeJudge(evaluation.judge, evaluation.judgeVersion);
    const job = needsEndpoint ? EvaluateByEndpoint : EvaluateRun;
    // The job that was stopped may still hold the key of the evaluation itself.
    await app.queue.send(tx, job, { evaluationId: id }, `${id} ${crypto.randomUUID()}`);
    return true;
  });
  const evaluation = await find(app, id);
  if (!isResumed) {
    const { status } = evaluation;
    throw new InvalidStateError(
      `The evaluation is ${status.toLowerCase()}. Only one that failed or was cancelled can go on.`,
      status,
    );
  }
  ringEvaluation(app, evaluation);
  return { id };
}

async function find(app: Needs, id: string) {
  const evaluation = await app.db.evaluation.findUnique({ where: { id } });
  if (evaluation) return evaluation;
  throw new NotFoundError(
    'Evaluation',
    'There is no such evaluation. A run lists its own as `evaluations`.',
  );
}
