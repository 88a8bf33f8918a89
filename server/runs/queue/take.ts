import type { App } from '../../app.ts';
import { claim, type Head, type Lease } from '../lease.ts';
import { isPaused, KINDS, ORDER } from './order.ts';

/** The first run that runner $1 may take, over all queues. */
const HEAD: Head = {
  name: 'claim-first',
  sql: `
  runner AS (
    SELECT labels, coalesce((runtime->>'ready')::boolean, false) AS ready,
           runtime->'models' AS models
    FROM runners WHERE id = $1::uuid AND draining_at IS NULL AND stopped_at IS NULL
  ),
  ${KINDS},
  head AS (
    SELECT first.id
    FROM kinds
    JOIN runner ON kinds.required_labels <@ runner.labels
      AND (runner.ready OR kinds.mode <> 'LOCAL')
    CROSS JOIN LATERAL
      (SELECT id, priority, queued_at FROM runs
       WHERE status = 'PENDING' AND mode = kinds.mode
         AND required_labels = kinds.required_labels
         AND (runner.models IS NULL OR runner.models ? model_id)
       ORDER BY ${ORDER} LIMIT 1) first
    WHERE NOT ${isPaused('kinds')}
    ORDER BY ${ORDER} LIMIT 1
  )`,
};

/**
 * Claims the first run that this runner may take: all labels it requires are offered, its model is there
 * (or the runner, of an older version, did not say), its queue is not paused, a LOCAL one finds Python.
 * Null when there is none, or the runner is draining. The caller has a free slot.
 */
export async function takeRun(
  app: Pick<App, 'sql' | 'queue' | 'bell'>,
  runnerId: string,
  seconds: number,
): Promise<Lease | null> {
  for (;;) {
    const { lease, found } = await claim(app, HEAD, runnerId, seconds);
    // Another runner was faster with this one: look for the next.
    if (lease || !found) return lease;
  }
}
