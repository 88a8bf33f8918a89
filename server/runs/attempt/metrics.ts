import type { App } from '../../app.ts';
import { type Lease, LeaseLostError } from '../lease.ts';
import { untilStored } from '../retry.ts';

export type NewPoint = { name: string; step: number; value: number; at: Date };

// A step that the attempt reports twice keeps its first value.
const APPEND = `
  WITH fence AS (
    UPDATE runs SET last_metric_seq = $3::bigint + $4::int
    WHERE id = $1 AND epoch = $2 AND status = 'RUNNING' AND last_metric_seq = $3::bigint
    RETURNING id),
  inserted AS (
    INSERT INTO metric_points (run_id, seq, name, step, attempt, value, at)
    SELECT fence.id, $3::bigint + point.n, name, step, $2, value, at
    FROM fence, unnest($5::text[], $6::int[], $7::float8[], $8::timestamptz[])
      WITH ORDINALITY AS point(name, step, value, at, n)
    ON CONFLICT (run_id, name, step, attempt) DO NOTHING)
  SELECT id FROM fence`;

/** Appends metric points of one attempt, numbered in their order. */
export function openMetricWriter(
  app: Pick<App, 'sql' | 'log' | 'metrics'>,
  lease: Lease,
  signal: AbortSignal,
) {
  let seq = lease.lastMetricSeq;
  return {
    /** @throws LeaseLostError when the attempt is no longer the current one. */
    async append(points: NewPoint[]): Promise<void> {
      if (points.length === 0) return;
      const values = [
        lease.runId,
        lease.epoch,
        seq,
        points.length,
        points.map((point) => point.name),
        points.map((point) => point.step),
        points.map((point) => point.value),
        points.map((point) => point.at),
      ];
      await untilStored(signal, app.log, async () => {
        const { rowCount } = await app.metrics.common.timeWrite('append_metrics', () =>
          app.sql.query(APPEND, values),
        );
        if (rowCount === 0 && !(await alreadyStored(app, lease, seq + points.length))) {
          throw new LeaseLostError(lease.runId, lease.epoch);
        }
      });
      seq += points.length;
    },
  };
}

/** Whether a batch whose answer was lost had been committed after all. */
async function alreadyStored(app: Pick<App, 'sql'>, lease: Lease, lastSeq: number) {
  const { rows } = await app.sql.query(
    `SELECT 1 FROM runs WHERE id = $1 AND epoch = $2 AND status = 'RUNNING' AND last_metric_seq = $3`,
    [lease.runId, lease.epoch, lastSeq],
  );
  return rows.length > 0;
}
