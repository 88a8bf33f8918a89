import { Prisma } from '../../prisma/generated/client/client.ts';
import type { EvaluationStatus } from '../../prisma/generated/client/enums.ts';
import type { Tx } from '../db.ts';
import { databaseTime } from '../lib/databaseTime.ts';
import { head } from '../lib/text.ts';
import { appendEvent } from '../runs/events.ts';
import { placeOnBoards } from './boards.ts';
import { BATCH, ITEM_COLUMNS, ITEM_NAMES, type Item } from './items.ts';
import { judgeRef } from './judges/registry.ts';
import { measure } from './measure.ts';
import type { Slices } from './outputs.ts';
import type { Claimed } from './progress.ts';

/**
 * Ends an evaluation in the transaction of the caller, by its items: those stored and those given.
 * COMPLETED with metrics and the run's event when every item is judged, else FAILED with a sentence.
 * Nothing happens when it is no longer running.
 */
export async function finish(tx: Tx, evaluation: Claimed, judged: Item[]): Promise<void> {
  const { id, runId } = evaluation;
  const [row] = await tx.$queryRaw<{ status: EvaluationStatus; itemCount: number }[]>`
    SELECT status, item_count AS "itemCount" FROM evaluations WHERE id = ${id}::uuid FOR UPDATE`;
  if (row?.status !== 'RUNNING') return;
  for (let start = 0; start < judged.length; start += BATCH) {
    await insertItems(tx, id, judged.slice(start, start + BATCH));
  }
  const items = await readItems(tx, id);
  const errors = items.flatMap(({ error }) => error ?? []);
  const counts = {
    judgedCount: items.length,
    failedCount: errors.length,
    finishedAt: await databaseTime(tx),
  };
  const missing = row.itemCount - items.length;
  if (errors.length > 0 || missing > 0) {
    const error = sentenceOf(errors, missing, row.itemCount);
    await tx.evaluation.update({ where: { id }, data: { ...counts, status: 'FAILED', error } });
    return;
  }
  const metrics = measure(items);
  const { score, correct: correctCount } = metrics;
  await tx.evaluation.update({
    where: { id },
    data: { ...counts, status: 'COMPLETED', score, correctCount, metrics },
  });
  const said = { evaluationId: id, ...(await targetNames(tx, evaluation)) };
  const judge = judgeRef({ name: evaluation.judge, version: evaluation.judgeVersion });
  await appendEvent(tx, runId, 'EVALUATED', { ...said, judge, score });
  await placeOnBoards(tx, id);
}

async function targetNames(tx: Tx, { split, evaluationSetId }: Claimed) {
  if (!evaluationSetId) return { split };
  const select = { key: true };
  const set = await tx.evaluationSet.findUnique({ where: { id: evaluationSetId }, select });
  return { evaluationSetKey: set?.key };
}

/** Reasons that are named; the rest is counted. */
const MAX_REASONS = 5;

/** `12 of 100 items could not be judged: HTTP 500 (10), Timeout after 30 s (2). Resume it …` */
function sentenceOf(errors: string[], missing: number, total: number): string {
  const groups = Map.groupBy(errors, (error) => error.split(': ', 1)[0]?.replace(/\.$/, '') ?? '');
  const reasons = [...groups]
    .map(([reason, { length }]) => ({ reason, length }))
    .sort((a, b) => b.length - a.length);
  const named = reasons.slice(0, MAX_REASONS).map(({ reason, length }) => `${reason} (${length})`);
  const more = reasons.length > MAX_REASONS ? ' and others' : '';
  const unasked = missing > 0 ? ` ${missing} more were not asked after so many failures.` : '';
  return head(
    `${errors.length} of ${total} items could not be judged: ${named.join(', ')}${more}.${unasked} ` +
      'Resume it to ask for these items again.',
    2_000,
  );
}

const insertItems = (tx: Tx, evaluationId: string, items: Item[]) =>
  tx.$executeRaw`
    INSERT INTO evaluation_items (evaluation_id, ${Prisma.raw(ITEM_NAMES)})
    SELECT ${evaluationId}::uuid, item.*
    FROM jsonb_to_recordset(${JSON.stringify(items)}::jsonb) AS item (${Prisma.raw(ITEM_COLUMNS)})`;

type Judged = {
  correct: boolean;
  score: number;
  extracted: string | null;
  error: string | null;
  metrics: unknown;
  slices: Slices | null;
};

const readItems = (tx: Tx, evaluationId: string) =>
  tx.$queryRaw<Judged[]>`
    SELECT i.correct, i.score, i.extracted, i.error, i.details->'metrics' AS metrics,
      CASE WHEN s.id IS NOT NULL THEN jsonb_build_object(
        'section', s.section, 'category', s.category, 'difficulty', s.difficulty) END AS slices
    FROM evaluation_items i
    LEFT JOIN evaluation_set_items s ON s.id = i.set_item_id
    WHERE i.evaluation_id = ${evaluationId}::uuid
    ORDER BY i.position`;
