import type { Pool } from 'pg';
import type { Lease } from '../runs/lease.ts';

/** The first line of an attempt: which it is, and what may be missing right before it. */
export async function openingLine(sql: Pool, lease: Lease, runNumber: number): Promise<string> {
  const { rows } = await sql.query<{ status: string }>(
    'SELECT status FROM run_attempts WHERE run_id = $1 AND epoch = $2',
    [lease.runId, lease.epoch - 1],
  );
  const line = `Run ${runNumber}, attempt ${lease.epoch}.`;
  if (rows[0]?.status !== 'LOST') return line;
  return `${line} Attempt ${lease.epoch - 1} was lost: the last moments of its log may be missing.`;
}
