import { randomUUIDv7 } from 'node:crypto';
import { z } from 'zod';
import type { Prisma } from '../../prisma/generated/client/client.ts';
import type { App } from '../app.ts';
import type { Db } from '../db.ts';
import { InvalidStateError, NotFoundError } from '../errors.ts';
import { metricOf } from '../evaluations/model.ts';
import { parse } from '../lib/parse.ts';
import { text } from '../lib/text.ts';
import { findVerdict, type Measured } from './verdict.ts';

export const CheckRegression = z
  .strictObject({
    /** Name of the baseline; its highest revision counts. */
    baseline: text(1, 128),
    runId: z.uuid().nullish(),
    evaluationId: z.uuid().nullish(),
  })
  .refine(({ runId, evaluationId }) => !runId !== !evaluationId, {
    message: 'Give either runId or evaluationId, and not both',
    path: ['runId'],
    params: { code: 'EXACTLY_ONE' },
  });

const evaluated = {
  dataset: { select: { contentHash: true } },
  evaluationSet: { select: { contentHash: true } },
} as const;

type Evaluated = Prisma.EvaluationGetPayload<{ include: typeof evaluated }>;

/**
 * Compares an evaluation, or the newest fitting one of a run, with the current revision of a
 * baseline, and stores the verdict with what it was based on.
 * @throws NotFoundError, InvalidStateError, ValidationError
 */
export async function checkRegression(
  app: Pick<App, 'db'>,
  input: z.input<typeof CheckRegression>,
) {
  const { baseline: name, runId, evaluationId } = parse(CheckRegression, input);
  const baseline = await app.db.baseline.findFirst({
    where: { name },
    orderBy: { revision: 'desc' },
    include: { evaluation: { include: evaluated } },
  });
  if (!baseline) {
    throw new NotFoundError(
      'Baseline',
      `There is no baseline named "${name}". List them with \`baselines\`.`,
    );
  }
  const candidate = evaluationId
    ? await evaluationOf(app.db, evaluationId)
    : await newestOf(app.db, runId ?? '', baseline.evaluation);
  const sideOf = (side: Evaluated): Measured => ({
    value: metricOf(side.metrics, baseline.metric),
    itemsHash: (side.evaluationSet ?? side.dataset)?.contentHash ?? '',
    split: side.split,
    judge: side.judge,
    judgeVersion: side.judgeVersion,
  });
  const finding = findVerdict(baseline, sideOf(baseline.evaluation), sideOf(candidate));
  return app.db.check.create({
    data: {
      ...finding,
      id: randomUUIDv7(),
      baselineId: baseline.id,
      evaluationId: candidate.id,
    },
  });
}

async function evaluationOf(db: Db, id: string): Promise<Evaluated> {
  const evaluation = await db.evaluation.findUnique({ where: { id }, include: evaluated });
  if (!evaluation) {
    throw new NotFoundError('Evaluation', 'There is no such evaluation. See `Run.evaluations`.');
  }
  if (evaluation.status !== 'COMPLETED') {
    throw new InvalidStateError(
      `The evaluation is ${evaluation.status.toLowerCase()}. Only a completed one can be checked.`,
      evaluation.status,
    );
  }
  return evaluation;
}

/** The run's newest evaluation that was made like the baseline's, else its newest at all. */
async function newestOf(db: Db, runId: string, like: Evaluated): Promise<Evaluated> {
  const run = await db.run.findUnique({
    where: { id: runId },
    select: { number: true, status: true },
  });
  if (!run) throw new NotFoundError('Run', 'There is no such run. List them with `runs`.');
  const newest = (where: Prisma.EvaluationWhereInput) =>
    db.evaluation.findFirst({
      where: { runId, status: 'COMPLETED', ...where },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      include: evaluated,
    });
  const { split, judge, judgeVersion, dataset, evaluationSet } = like;
  const items = evaluationSet
    ? { evaluationSet: { contentHash: evaluationSet.contentHash } }
    : { split, dataset: { contentHash: dataset?.contentHash ?? '' } };
  const evaluation = (await newest({ judge, judgeVersion, ...items })) ?? (await newest({}));
  if (!evaluation) {
    throw new InvalidStateError(
      `Run ${run.number} has no completed evaluation. Evaluate it first with \`evaluateRun\`.`,
      run.status,
    );
  }
  return evaluation;
}
