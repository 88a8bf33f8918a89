import type { Pool } from 'pg';
import type { Db } from '../db.ts';
import { digestOfLines, digestOfText, type Step } from './step.ts';

type Needs = { db: Db; sql: Pool };

/** An item by its content: the hash of its trace, or the id that its author gave it. */
const ITEM = 'coalesce(t.content_hash::text, i.item_id)';
const ITEMS = (of: string) => `
  LEFT JOIN traces t ON t.id = ${of}.trace_id
  LEFT JOIN evaluation_set_items i ON i.id = ${of}.set_item_id`;

/**
 * The evaluation, by what the judge said: a line of item, 1 or 0 and score for each, in the order of
 * the items; then the predictions it judged.
 */
export async function evaluationSteps(app: Needs, id: string): Promise<Step[] | null> {
  const evaluation = await app.db.evaluation.findUnique({ where: { id } });
  if (!evaluation) return null;
  const { runId, split, evaluationSetId, step, judge, judgeVersion } = evaluation;
  const { rows } = await app.sql.query<{ digest: string }>(
    `SELECT ${digestOfLines(`${ITEM} || ' ' || e.correct::int || ' ' || e.score`, `${ITEM} COLLATE "C"`)} AS digest
     FROM evaluation_items e ${ITEMS('e')} WHERE e.evaluation_id = $1`,
    [id],
  );
  const ref = `${judge}@${judgeVersion}`;
  const judged: Step = {
    kind: 'EVALUATION',
    title: `${ref} on ${split ?? 'an evaluation set'}`,
    id,
    digest: rows[0]?.digest ?? null,
    facts: {
      judge: ref,
      settings: evaluation.settings,
      split,
      step,
      status: evaluation.status,
      items: evaluation.itemCount,
      correct: evaluation.correctCount,
      failed: evaluation.failedCount,
      metrics: evaluation.metrics,
    },
  };
  return [judged, await predictionsStep(app.sql, { runId, split, evaluationSetId, step })];
}

type Judged = {
  runId: string;
  split: string | null;
  evaluationSetId: string | null;
  step: number;
};

/** The predictions: a line of item and sha256 of the text for each, in the order of the items. */
async function predictionsStep(sql: Pool, judged: Judged): Promise<Step> {
  const { runId, split, evaluationSetId, step } = judged;
  const { rows } = await sql.query<{ count: number; digest: string }>(
    `SELECT count(*)::int AS count,
       ${digestOfLines(`${ITEM} || ' ' || ${digestOfText('p.text')}`, `${ITEM} COLLATE "C"`)} AS digest
     FROM predictions p ${ITEMS('p')}
     WHERE p.run_id = $1 AND p.step = $2 AND p.split IS NOT DISTINCT FROM $3::split
       AND i.set_id IS NOT DISTINCT FROM $4::uuid`,
    [runId, step, split, evaluationSetId],
  );
  const { count = 0, digest = null } = rows[0] ?? {};
  return {
    kind: 'PREDICTIONS',
    title: `${count} predictions of ${step === 0 ? 'the final model' : `step ${step}`}`,
    id: null,
    digest,
    facts: { count, step, split },
  };
}
