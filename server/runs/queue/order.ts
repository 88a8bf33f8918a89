/** SQL that taking and telling share, so that what is told is what happens. */

/** The order in which runs that wait are taken: highest priority first, then who has waited longest. */
export const ORDER = 'priority DESC, queued_at, id';

/**
 * A recursive common table expression of each pair of mode and required labels that waits. It walks
 * the index `runs_pending_idx` one step for each, so that the length of the queues does not count.
 */
export const KINDS = `kinds AS (
    (SELECT mode, required_labels FROM runs WHERE status = 'PENDING'
     ORDER BY mode, required_labels LIMIT 1)
    UNION ALL
    SELECT next.* FROM kinds CROSS JOIN LATERAL
      (SELECT mode, required_labels FROM runs
       WHERE status = 'PENDING'
         AND (mode, required_labels) > (kinds.mode, kinds.required_labels)
       ORDER BY mode, required_labels LIMIT 1) next
  )`;

/** Whether the queue of a row's `required_labels` is paused. */
export const isPaused = (row: string): string => `EXISTS (
      SELECT FROM run_queues queue
      WHERE queue.key = array_to_string(${row}.required_labels, ',')
        AND queue.paused_at IS NOT NULL)`;
