/** How far an evaluation is: what is written while it runs, and what followers hear. */
import type { Pool } from 'pg';
import type { EvaluationStatus } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { followState } from '../lib/follow.ts';
import { inTransaction } from '../lib/transaction.ts';
import { ITEM_COLUMNS, ITEM_NAMES, type Item } from './items.ts';
import type { Usage } from './judges/judge.ts';
import type { OutputsOf } from './outputs.ts';

/** An evaluation that was taken up. */
export type Claimed = OutputsOf & {
  judge: string;
  judgeVersion: number;
  settings: Record<string, string>;
  durationSeconds: number | null;
};

const TAKE = `
  UPDATE evaluations e SET status = 'RUNNING', error = NULL, finished_at = NULL, failed_count = 0,
    judged_count = (SELECT count(*) FROM evaluation_items WHERE evaluation_id = e.id),
    item_count = CASE
      WHEN e.step > 0
      THEN (SELECT count(*) FROM predictions p
            WHERE p.run_id = e.run_id AND p.step = e.step AND p.split IS NOT DISTINCT FROM e.split)
      WHEN e.evaluation_set_id IS NULL
      THEN (SELECT count(*) FROM dataset_items i
            WHERE i.dataset_id = e.dataset_id AND i.split = e.split)
      ELSE (SELECT count(*) FROM evaluation_set_items i WHERE i.set_id = e.evaluation_set_id) END
  FROM runs r
  WHERE e.id = $1 AND e.status IN ('PENDING', 'RUNNING') AND r.id = e.run_id
  RETURNING e.id, e.run_id AS "runId", e.dataset_id AS "datasetId", e.split,
    e.evaluation_set_id AS "evaluationSetId", e.step, e.judge, e.judge_version AS "judgeVersion",
    e.settings, extract(epoch FROM r.finished_at - r.started_at)::float8 AS "durationSeconds"`;

/**
 * Takes up an evaluation that is pending, or whose worker died: what was judged stays, what could
 * not be is dropped and counts as not asked. Null when it has ended, or is gone with its run.
 */
export const claim = (sql: Pool, id: string): Promise<Claimed | null> =>
  inTransaction(sql, async (client) => {
    await client.query(
      `DELETE FROM evaluation_items i USING evaluations e
       WHERE i.evaluation_id = $1 AND i.error IS NOT NULL
         AND e.id = $1 AND e.status IN ('PENDING', 'RUNNING')`,
      [id],
    );
    return (await client.query<Claimed>(TAKE, [id])).rows[0] ?? null;
  });

const STORE = `
  WITH running AS (
    SELECT id FROM evaluations WHERE id = $1 AND status = 'RUNNING' FOR UPDATE
  ), stored AS (
    INSERT INTO evaluation_items (evaluation_id, ${ITEM_NAMES})
    SELECT running.id, item.* FROM running, jsonb_to_recordset($2::jsonb) AS item (${ITEM_COLUMNS})
    ON CONFLICT DO NOTHING
    RETURNING error
  )
  UPDATE evaluations e SET
    judged_count = e.judged_count + (SELECT count(*) FROM stored),
    failed_count = e.failed_count + (SELECT count(error) FROM stored),
    usage = (SELECT jsonb_object_agg(key, coalesce((e.usage->>key)::bigint, 0) + value::bigint)
             FROM jsonb_each_text($3::jsonb))
  FROM running WHERE e.id = running.id`;

/** Stores items and what they took as they come; nothing once the evaluation is stopped. */
export async function storeItems(
  app: Pick<App, 'sql' | 'bell'>,
  id: string,
  judged: readonly { item: Item; usage: Usage | undefined }[],
): Promise<void> {
  const sum = (name: keyof Usage) =>
    judged.reduce((total, { usage }) => total + (usage?.[name] ?? 0), 0);
  const usage: Usage = {
    requests: sum('requests'),
    promptTokens: sum('promptTokens'),
    completionTokens: sum('completionTokens'),
  };
  const items = judged.map(({ item }) => item);
  await app.sql.query(STORE, [id, JSON.stringify(items), JSON.stringify(usage)]);
  app.bell.ring(`evaluation:${id}`);
}

/** Says that the status of an evaluation changed. */
export function ringEvaluation(app: Pick<App, 'bell'>, evaluation: { id: string; runId: string }) {
  app.bell.ring(`evaluation:${evaluation.id}`);
  app.bell.ring('evaluations');
  app.bell.ring(`run:${evaluation.runId}`);
  app.bell.ring('runs');
}

/** Follows an evaluation: its id now, then at each change, until it has ended. */
export const followEvaluation = (app: Pick<App, 'db' | 'bell'>, id: string) =>
  followState(
    () => app.bell.listen(`evaluation:${id}`),
    async () => {
      const found = await app.db.evaluation.findUnique({
        where: { id },
        select: { status: true, judgedCount: true, failedCount: true },
      });
      if (!found) return null;
      return { value: { id }, state: JSON.stringify(found), isOver: isOver(found.status) };
    },
  );

const canBe = {
  cancelled: ['PENDING', 'RUNNING'],
  resumed: ['FAILED', 'CANCELLED'],
} as const satisfies Record<string, readonly EvaluationStatus[]>;

/** The statuses from which something is possible; feeds the `where` of updates. */
export const statusesToBe = (what: keyof typeof canBe): EvaluationStatus[] => [...canBe[what]];

const isOver = (status: EvaluationStatus): boolean => !statusesToBe('cancelled').includes(status);
