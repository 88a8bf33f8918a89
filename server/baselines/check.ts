import { randomUUIDv7 } from 'node:crypto';
import { z } from 'zod';
import type { App } from '../app.ts';
import { InvalidStateError, NotFoundError } from '../errors.ts';
import { type Side, selectSides } from '../evaluations/compareSides.ts';
import { parse } from '../lib/parse.ts';
import { text } from '../lib/text.ts';
import { completedSide, currentBaseline, judgeCandidate } from './gate.ts';

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

/**
 * Compares an evaluation, or the newest fitting one of a run, with the current revision of a
 * baseline, and stores the verdict with what it was based on.
 * @throws NotFoundError, InvalidStateError, ValidationError
 */
export async function checkRegression(
  app: Pick<App, 'db' | 'sql'>,
  input: z.input<typeof CheckRegression>,
) {
  const { baseline: name, runId, evaluationId } = parse(CheckRegression, input);
  const { policy, ...pinned } = await currentBaseline(app, name);
  const baseline = await completedSide(app, pinned.evaluationId, 'a baseline');
  const candidate = evaluationId
    ? await completedSide(app, evaluationId, 'checked')
    : await newestOf(app, runId ?? '', baseline);
  const finding = await judgeCandidate(app, policy, { baseline, candidate });
  return app.db.check.create({
    data: {
      ...finding,
      id: randomUUIDv7(),
      baselineId: pinned.id,
      evaluationId: candidate.id,
    },
  });
}

// Those made like the baseline come first, of others the newest; the final model only, since those of
// checkpoints judge fewer items.
const newest = `${selectSides}
  WHERE e.run_id = $1 AND e.status = 'COMPLETED' AND e.step = 0
  ORDER BY (coalesce(s.content_hash, d.content_hash) = $2 AND e.split IS NOT DISTINCT FROM $3::split
            AND e.judge = $4 AND e.judge_version = $5) DESC,
           e.created_at DESC, e.id DESC
  LIMIT 1`;

/** The run's newest evaluation that was made like the baseline's, else its newest at all. */
async function newestOf(
  app: Pick<App, 'db' | 'sql'>,
  runId: string,
  { itemsHash, split, judge, judgeVersion }: Side,
): Promise<Side> {
  const run = await app.db.run.findUnique({
    where: { id: runId },
    select: { number: true, status: true },
  });
  if (!run) throw new NotFoundError('Run', 'There is no such run. List them with `runs`.');
  const { rows } = await app.sql.query<Side>(newest, [
    runId,
    itemsHash,
    split,
    judge,
    judgeVersion,
  ]);
  if (!rows[0]) {
    throw new InvalidStateError(
      `Run ${run.number} has no completed evaluation. Evaluate it first with \`evaluateRun\`.`,
      run.status,
    );
  }
  return rows[0];
}
