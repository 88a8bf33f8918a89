import { randomUUIDv7 } from 'node:crypto';
import { z } from 'zod';
import { OnInconclusive } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { InvalidStateError, NotFoundError, ValidationError } from '../errors.ts';
import { metricOf, metricsOf } from '../evaluations/model.ts';
import { parse } from '../lib/parse.ts';
import { text } from '../lib/text.ts';
import { isLowerBetter } from './verdict.ts';

export const SetBaseline = z.strictObject({
  name: text(1, 128),
  evaluationId: z.uuid(),
  metric: text(1, 64)
    .nullish()
    .transform((metric) => metric ?? 'score'),
  /** By the name of the metric when not given. */
  lowerIsBetter: z.boolean().nullish(),
  tolerance: z
    .number()
    .min(0)
    .max(100)
    .nullish()
    .transform((tolerance) => tolerance ?? 5),
  alpha: z
    .number()
    .gt(0)
    .lt(1)
    .nullish()
    .transform((alpha) => alpha ?? 0.05),
  onInconclusive: z
    .enum(OnInconclusive)
    .nullish()
    .transform((choice) => choice ?? 'WARN'),
});

/**
 * Pins an evaluation under a name. A name that exists gets a new revision; earlier ones and their
 * checks stay. Judging the run again cannot move the baseline.
 * @throws NotFoundError, InvalidStateError, ValidationError
 */
export async function setBaseline(app: Pick<App, 'db'>, input: z.input<typeof SetBaseline>) {
  const { lowerIsBetter, ...baseline } = parse(SetBaseline, input);
  const { name, metric, evaluationId } = baseline;
  return app.db.$transaction(async (tx) => {
    const evaluation = await tx.evaluation.findUnique({
      where: { id: evaluationId },
      select: { status: true, metrics: true },
    });
    if (!evaluation) {
      throw new NotFoundError('Evaluation', 'There is no such evaluation. See `Run.evaluations`.');
    }
    if (evaluation.status !== 'COMPLETED') {
      throw new InvalidStateError(
        `The evaluation is ${evaluation.status.toLowerCase()}. Only a completed one can be pinned.`,
        evaluation.status,
      );
    }
    if (metricOf(evaluation.metrics, metric) === null) {
      refuseMetric(metric, Object.keys(metricsOf(evaluation.metrics)));
    }
    // Two revisions at once would take the same number; the second waits for the first here.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`baseline ${name}`}, 0))`;
    const newest = await tx.baseline.findFirst({
      where: { name },
      orderBy: { revision: 'desc' },
      select: { revision: true },
    });
    return tx.baseline.create({
      data: {
        ...baseline,
        id: randomUUIDv7(),
        revision: (newest?.revision ?? 0) + 1,
        lowerIsBetter: lowerIsBetter ?? isLowerBetter(metric),
      },
    });
  });
}

function refuseMetric(metric: string, known: string[]): never {
  throw new ValidationError([
    {
      path: ['metric'],
      code: 'UNKNOWN_METRIC',
      message: `metric: The evaluation has no such metric. It has: ${known.sort().join(', ')}.`,
      found: metric,
    },
  ]);
}
