/** Reads of a run that are hot or need SQL of their own: events, queue. */
import type { Pool } from 'pg';
import type { RunEventKind } from '../../prisma/generated/client/enums.ts';

export type RunEventRow = {
  runId: string;
  seq: number;
  attempt: number;
  kind: RunEventKind;
  data: unknown;
  createdAt: Date;
};

/** A page of events after event `after`. */
export async function readEvents(
  sql: Pool,
  runId: string,
  after: number,
  limit = 500,
): Promise<{ events: RunEventRow[]; hasMore: boolean }> {
  const { rows } = await sql.query<RunEventRow>(
    `SELECT run_id AS "runId", seq, attempt, kind, data, created_at AS "createdAt"
     FROM run_events WHERE run_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
    [runId, after, limit],
  );
  return { events: rows, hasMore: rows.length === limit };
}
