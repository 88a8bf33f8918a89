import { z } from 'zod';
import type { App } from '../app.ts';
import { type Side, selectSides } from '../evaluations/compareSides.ts';
import { parse } from '../lib/parse.ts';
import { text } from '../lib/text.ts';
import { completedSide, currentBaseline, judgeCandidate } from './gate.ts';
import { type Policy, policyFields, policyOf, requireFitting } from './policy.ts';
import type { Finding } from './verdict.ts';

/** Every field of a policy may be missing: the baseline fills it in, or else its default. */
export const BacktestBaseline = z
  .strictObject({
    /** Whose pinned evaluation and policy are taken. */
    baseline: text(1, 128).nullish(),
    /** The evaluation to compare with, instead of that of a baseline. */
    evaluationId: z.uuid().nullish(),
    ...policyFields,
  })
  .refine(({ baseline, evaluationId }) => baseline || evaluationId, {
    message: 'give a baseline, an evaluationId or both',
    path: ['baseline'],
    params: { code: 'AT_LEAST_ONE' },
  });

const Last = z.int().min(1).max(100);

/** What a policy would have made of one evaluation. */
export type BacktestRow = Finding & { evaluationId: string };

const candidates = `${selectSides}
  WHERE e.status = 'COMPLETED' AND e.step = 0 AND e.id <> $1
    AND coalesce(s.content_hash, d.content_hash) = $2 AND e.split IS NOT DISTINCT FROM $3::split
    AND e.judge = $4 AND e.judge_version = $5
  ORDER BY e.created_at DESC, e.id DESC
  LIMIT $6`;

/**
 * What a policy would have made of the last evaluations that were made like the pinned one, newest
 * first. Verdicts are those a check would give; intervals and parts are left out. Nothing is stored.
 * @throws NotFoundError, InvalidStateError, ValidationError
 */
export async function backtestBaseline(
  app: Pick<App, 'db' | 'sql'>,
  input: z.input<typeof BacktestBaseline>,
  last: number,
): Promise<BacktestRow[]> {
  const count = parse(z.strictObject({ last: Last }), { last }).last;
  const { evaluationId, policy } = await plan(app, input);
  const baseline = await completedSide(app, evaluationId, 'a baseline');
  requireFitting(policy, baseline);
  const { itemsHash, split, judge, judgeVersion } = baseline;
  const { rows } = await app.sql.query<Side>(candidates, [
    evaluationId,
    itemsHash,
    split,
    judge,
    judgeVersion,
    count,
  ]);
  const found: BacktestRow[] = [];
  for (const candidate of rows) {
    const finding = await judgeCandidate(app, policy, { baseline, candidate }, { brief: true });
    found.push({ ...finding, evaluationId: candidate.id });
  }
  return found;
}

/** The draft over the policy of the named baseline. */
async function plan(
  app: Pick<App, 'db'>,
  input: z.input<typeof BacktestBaseline>,
): Promise<{ evaluationId: string; policy: Policy }> {
  const given = parse(BacktestBaseline, input);
  if (!given.baseline) return { evaluationId: given.evaluationId ?? '', policy: policyOf(given) };
  const current = await currentBaseline(app, given.baseline);
  const drafted = Object.fromEntries(
    Object.entries(policyOf(given)).filter(([name]) => isGiven(input, name)),
  ) as Partial<Policy>;
  return {
    evaluationId: given.evaluationId ?? current.evaluationId,
    policy: { ...current.policy, ...drafted },
  };
}

/** Whether a draft decides a field; another metric also decides which way is better. */
const isGiven = (input: Partial<Record<string, unknown>>, name: string): boolean =>
  (input[name] ?? null) !== null || (name === 'lowerIsBetter' && isGiven(input, 'metric'));
