import { z } from 'zod';
import { Split } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { NotFoundError } from '../errors.ts';
import { DEFAULT_JUDGE, findJudge, judgeRef } from '../evaluations/judges/registry.ts';
import { parse } from '../lib/parse.ts';
import { text } from '../lib/text.ts';
import { policyFields, policyOf } from './policy.ts';
import { namedFields, setBaseline } from './set.ts';

export const PromoteBestRun = z
  .strictObject({
    ...namedFields,
    ...policyFields,
    evaluationSetKey: text(1, 200).nullish(),
    datasetKey: text(1, 200).nullish(),
    /** Of the dataset; TEST when not given. */
    split: z.enum(Split).nullish(),
    /** `name` for its newest version, or `name@version`. */
    judge: z
      .string()
      .nullish()
      .transform((judge) => judge ?? DEFAULT_JUDGE),
  })
  .refine(({ evaluationSetKey, datasetKey }) => !evaluationSetKey !== !datasetKey, {
    message: 'give either evaluationSetKey or datasetKey, and not both',
    path: ['evaluationSetKey'],
    params: { code: 'EXACTLY_ONE' },
  })
  .refine(({ evaluationSetKey, split }) => !evaluationSetKey || !split, {
    message: 'an evaluation set has no sides, leave split out',
    path: ['split'],
    params: { code: 'AT_MOST_ONE' },
  });

// Evaluations of the final model only: those of checkpoints judge fewer items. Of equal values the
// earliest was there first.
const best = (order: 'ASC' | 'DESC') => `
  SELECT e.id FROM evaluations e
  LEFT JOIN evaluation_sets s ON s.id = e.evaluation_set_id
  LEFT JOIN datasets d ON d.id = e.dataset_id
  WHERE e.status = 'COMPLETED' AND e.step = 0 AND e.judge = $1 AND e.judge_version = $2
    AND coalesce(s.content_hash, d.content_hash) = $3 AND e.split IS NOT DISTINCT FROM $4::split
    AND jsonb_typeof(e.metrics->$5) = 'number'
  ORDER BY (e.metrics->>$5)::float8 ${order}, e.created_at, e.id
  LIMIT 1`;

/**
 * Pins the best completed evaluation of a target by a judge under a name, as `setBaseline` does.
 * @throws NotFoundError when there is no such target or nothing was evaluated on it;
 *   ValidationError
 */
export async function promoteBestRun(
  app: Pick<App, 'db' | 'sql'>,
  input: z.input<typeof PromoteBestRun>,
  by?: string,
) {
  const {
    evaluationSetKey,
    datasetKey,
    split,
    judge: ref,
    ...given
  } = parse(PromoteBestRun, input);
  const judge = findJudge(ref);
  const policy = policyOf(given);
  const target = evaluationSetKey
    ? { hash: await hashOf(app, 'EvaluationSet', evaluationSetKey), split: null }
    : { hash: await hashOf(app, 'Dataset', datasetKey ?? ''), split: split ?? 'TEST' };
  const { rows } = await app.sql.query<{ id: string }>(
    best(policy.lowerIsBetter ? 'ASC' : 'DESC'),
    [judge.name, judge.version, target.hash, target.split, policy.metric],
  );
  if (!rows[0]) {
    const on = evaluationSetKey ? `"${evaluationSetKey}"` : `${target.split} of "${datasetKey}"`;
    throw new NotFoundError(
      'Evaluation',
      `Nothing was evaluated on ${on} by ${judgeRef(judge)} with the metric "${policy.metric}". ` +
        'Evaluate a run first with `evaluateRun`.',
    );
  }
  return setBaseline(app, { ...given, evaluationId: rows[0].id }, by);
}

async function hashOf(
  { db }: Pick<App, 'db'>,
  kind: 'EvaluationSet' | 'Dataset',
  key: string,
): Promise<string> {
  const select = { contentHash: true };
  const found =
    kind === 'Dataset'
      ? await db.dataset.findUnique({ where: { key }, select })
      : await db.evaluationSet.findUnique({ where: { key }, select });
  if (found) return found.contentHash;
  throw kind === 'Dataset'
    ? new NotFoundError(kind, `There is no dataset "${key}". List them with \`datasets\`.`)
    : new NotFoundError(
        kind,
        `There is no evaluation set "${key}". List them with \`evaluationSets\`.`,
      );
}
