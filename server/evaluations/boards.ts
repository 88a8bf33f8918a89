/**
 * Boards: what can be ranked together. Two evaluations stand on one board when they judged the same
 * content by the same version of a judge with the same settings; a judge that was set up otherwise,
 * with another model or another prompt, has a board of its own.
 */
import type { Tx } from '../db.ts';
import { contentHash } from '../lib/canonical.ts';

/** What an evaluation judged, by content. */
type Judged = {
  split: string | null;
  datasetHash: string | null;
  setHash: string | null;
  settings: unknown;
};

/** sha256 of what is judged: a side of a dataset, or an evaluation set, with the judge's settings. */
const targetHash = ({ split, datasetHash, setHash, settings }: Judged): string =>
  contentHash(
    setHash ? { evaluationSet: setHash, settings } : { dataset: datasetHash, split, settings },
  );

/**
 * Puts a completed evaluation of a final model on its board: by every metric, its run's newest and
 * best evaluation there. Call it last in the transaction that completes the evaluation: it locks the
 * board, so that those who follow it see every change once and in order. Does nothing for others.
 * Ring `evaluations` after the commit.
 */
export async function placeOnBoards(tx: Tx, evaluationId: string): Promise<void> {
  const evaluation = await tx.evaluation.findUnique({
    where: { id: evaluationId },
    include: {
      dataset: { select: { contentHash: true } },
      evaluationSet: { select: { contentHash: true } },
    },
  });
  if (evaluation?.status !== 'COMPLETED' || evaluation.step !== 0 || !evaluation.itemCount) return;
  const { split, datasetId, evaluationSetId, judge, judgeVersion, settings, runId } = evaluation;
  const hash = targetHash({
    split,
    datasetHash: evaluation.dataset?.contentHash ?? null,
    setHash: evaluation.evaluationSet?.contentHash ?? null,
    settings,
  });
  const [board] = await tx.$queryRaw<{ id: number; version: number }[]>`
    INSERT INTO boards AS b
      (target_hash, dataset_id, split, evaluation_set_id, judge, judge_version, settings, version)
    VALUES (${hash}, ${evaluationSetId ? null : datasetId}::uuid, ${split}::split,
      ${evaluationSetId}::uuid, ${judge}, ${judgeVersion}, ${JSON.stringify(settings)}::jsonb, 1)
    ON CONFLICT (target_hash, judge, judge_version)
      DO UPDATE SET version = b.version + 1, changed_at = clock_timestamp()
    RETURNING id, version`;
  if (!board) return;
  // The board is locked by now, so this statement sees every evaluation that was placed before.
  await tx.$executeRaw`
    WITH judged AS (
      SELECT e.*, r.model_id FROM evaluations e JOIN runs r ON r.id = e.run_id
      WHERE e.run_id = ${runId}::uuid AND e.status = 'COMPLETED' AND e.step = 0 AND e.item_count > 0
        AND e.split IS NOT DISTINCT FROM ${split}::split
        AND e.evaluation_set_id IS NOT DISTINCT FROM ${evaluationSetId}::uuid
        AND e.judge = ${judge} AND e.judge_version = ${judgeVersion}
        AND e.settings = ${JSON.stringify(settings)}::jsonb
    )
    INSERT INTO board_entries AS old (board_id, metric, pick, run_id, evaluation_id, model_id, value,
      correct, items, evaluated_at, version)
    SELECT DISTINCT ON (metric.key, pick)
      ${board.id}::int, metric.key, pick, e.run_id, e.id, e.model_id, metric.value::float8,
      CASE WHEN metric.key LIKE '%/%' THEN (e.metrics->>regexp_replace(metric.key, 'accuracy$', 'correct'))::int ELSE e.correct_count END,
      CASE WHEN metric.key LIKE '%/%' THEN (e.metrics->>regexp_replace(metric.key, 'accuracy$', 'items'))::int ELSE e.item_count END,
      coalesce(e.finished_at, e.created_at), ${board.version}::int
    FROM judged e
    CROSS JOIN unnest(ARRAY['LATEST', 'BEST']::board_pick[]) AS pick
    CROSS JOIN LATERAL jsonb_each_text(e.metrics) AS metric
    WHERE metric.key IN ('score', 'primary_score', 'accuracy')
      OR (metric.key ~ '^(section|category|difficulty)/.+/accuracy$' AND length(metric.key) <= 64)
    ORDER BY metric.key, pick, CASE WHEN pick = 'BEST' THEN metric.value::float8 END DESC,
      e.created_at DESC, e.id DESC
    ON CONFLICT (board_id, metric, pick, run_id) DO UPDATE SET
      evaluation_id = excluded.evaluation_id, value = excluded.value, correct = excluded.correct,
      items = excluded.items, evaluated_at = excluded.evaluated_at, version = excluded.version
    WHERE old.evaluation_id <> excluded.evaluation_id`;
}
