/** What to mark on the curves of a run: where it was saved, started again, judged and stopped. */
import type { Pool } from 'pg';

export type Marker = {
  kind: 'CHECKPOINT' | 'RESTART' | 'EVALUATION' | 'CANCEL';
  step: number;
  attempt: number;
  at: Date;
  /** A few words: `Checkpoint`, `Attempt 2 goes on`. */
  label: string;
};

/** Most marks of one kind; of checkpoints and evaluations the newest ones. */
const MOST = 500;

// A cancellation knows no step: it belongs to the last one that was measured before it.
const MARKERS = `
  WITH marked AS (
    SELECT kind, (data->>'step')::int AS step, attempt, created_at AS at, data,
      row_number() OVER (PARTITION BY kind ORDER BY seq DESC) AS place
    FROM run_events WHERE run_id = $1 AND kind IN ('CHECKPOINT', 'RESTORED', 'CANCEL_REQUESTED')
      OR run_id = $1 AND kind = 'PREDICTIONS' AND data ? 'step' AND data->>'done' = data->>'total')
  SELECT kind, attempt, at, data->>'mode' AS mode, coalesce(step, (
    SELECT max(point.step) FROM metric_points point
    WHERE point.run_id = $1 AND point.name = 'train/loss' AND point.at <= marked.at), 0) AS step
  FROM marked WHERE place <= ${MOST}
    -- The first attempt of a run of its own starts from nothing, which is no restart.
    AND (kind <> 'RESTORED' OR step > 0 OR attempt > 1)
  ORDER BY at, step`;

type Row = Omit<Marker, 'kind' | 'label'> & {
  kind: 'CHECKPOINT' | 'RESTORED' | 'CANCEL_REQUESTED' | 'PREDICTIONS';
  mode: string | null;
};

/** The marks of a run, in order of time. */
export async function readMarkers(sql: Pool, runId: string): Promise<Marker[]> {
  const { rows } = await sql.query<Row>(MARKERS, [runId]);
  return rows.map(({ mode, ...row }) => ({ ...row, ...nameOf(row, mode) }));
}

function nameOf(
  { kind, step, attempt }: Pick<Row, 'kind' | 'step' | 'attempt'>,
  mode: string | null,
): Pick<Marker, 'kind' | 'label'> {
  switch (kind) {
    case 'CHECKPOINT':
      return { kind: 'CHECKPOINT', label: `Checkpoint of step ${step}` };
    case 'RESTORED':
      return { kind: 'RESTART', label: `Attempt ${attempt} goes on from step ${step}` };
    case 'PREDICTIONS':
      return { kind: 'EVALUATION', label: `EVAL items answered at step ${step}` };
    case 'CANCEL_REQUESTED':
      return {
        kind: 'CANCEL',
        label: mode === 'NOW' ? 'Asked to stop at once' : 'Asked to stop after a checkpoint',
      };
    default:
      return kind satisfies never;
  }
}
