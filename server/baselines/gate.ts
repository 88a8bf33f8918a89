/** Makes findings of stored evaluations, and stores nothing. */
import type { App } from '../app.ts';
import { InvalidStateError, NotFoundError } from '../errors.ts';
import { readPairs } from '../evaluations/comparePairs.ts';
import { differencesOf, readSide, type Side } from '../evaluations/compareSides.ts';
import { weigh } from './evidence.ts';
import type { Floor, Policy } from './policy.ts';
import { policyOf } from './policy.ts';
import { type Finding, findVerdict } from './verdict.ts';

type Needs = Pick<App, 'sql'>;

/** What the policy makes of a candidate. `brief` leaves out the interval and the parts. */
export async function judgeCandidate(
  app: Needs,
  policy: Policy,
  { baseline, candidate }: { baseline: Side; candidate: Side },
  { brief = false } = {},
): Promise<Finding> {
  const isComparable = differencesOf(baseline, candidate).length === 0;
  const evidence = isComparable
    ? await weigh(
        policy,
        await readPairs(app.sql, { baseline: baseline.id, candidate: candidate.id }),
        { brief },
      )
    : null;
  return findVerdict(policy, baseline, candidate, evidence);
}

/**
 * A completed evaluation by its uuid.
 * @throws NotFoundError, InvalidStateError
 */
export async function completedSide(app: Needs, id: string, purpose: string): Promise<Side> {
  const side = await readSide(app.sql, id);
  if (!side) {
    throw new NotFoundError('Evaluation', 'There is no such evaluation. See `Run.evaluations`.');
  }
  if (side.status !== 'COMPLETED') {
    throw new InvalidStateError(
      `The evaluation is ${side.status.toLowerCase()}. Only a completed one can be ${purpose}.`,
      side.status,
    );
  }
  return side;
}

/**
 * The current revision of a baseline, with its policy.
 * @throws NotFoundError
 */
export async function currentBaseline(app: Pick<App, 'db'>, name: string) {
  const baseline = await app.db.baseline.findFirst({
    where: { name },
    orderBy: { revision: 'desc' },
  });
  if (!baseline) {
    throw new NotFoundError(
      'Baseline',
      `There is no baseline named "${name}". List them with \`baselines\`.`,
    );
  }
  const { id, evaluationId, floors } = baseline;
  return { id, evaluationId, policy: policyOf({ ...baseline, floors: floors as Floor[] }) };
}

/** Whether no later revision of a baseline has replaced this one. */
export async function isCurrent(
  app: Pick<App, 'db'>,
  { name, revision }: { name: string; revision: number },
): Promise<boolean> {
  return (await app.db.baseline.count({ where: { name, revision: { gt: revision } } })) === 0;
}
