import type { Pool } from 'pg';

export type RunProgress = {
  step: number;
  totalSteps: number;
  percent: number;
  /** Seconds of training still to come; null when the speed is not known. */
  etaSeconds: number | null;
  stepsPerSecond: number | null;
  /** Tokens learnt from in a second, padding left out; null when it is not known. */
  tokensPerSecond: number | null;
  /** From its first start to its end, or to now; null before. */
  elapsedSeconds: number | null;
};

type Known = {
  id: string;
  step: number | null;
  totalSteps: number | null;
  startedAt: Date | null;
  finishedAt: Date | null;
};

type Pace = Record<'elapsed' | 'steps' | 'tokens', number | null>;

// The last 50 steps of the current attempt, so that a slow start does not skew the speed.
const PACE = `
  SELECT extract(epoch FROM clock_timestamp() - started_at)::float8 AS elapsed,
    (SELECT (max(step) - min(step)) / nullif(extract(epoch FROM max(at) - min(at))::float8, 0)
     FROM (SELECT step, at FROM metric_points WHERE run_id = runs.id AND name = 'train/loss'
             AND attempt = runs.epoch AND runs.status = 'RUNNING'
           ORDER BY step DESC LIMIT 50) recent) AS steps,
    (SELECT avg(value)
     FROM (SELECT value FROM metric_points WHERE run_id = runs.id
             AND name = 'train/tokens_per_second' AND attempt = runs.epoch
             AND runs.status = 'RUNNING'
           ORDER BY step DESC LIMIT 50) recent
     WHERE value < 'Infinity') AS tokens
  FROM runs WHERE id = $1`;

/** How far a run is; null before its steps are known. Only a run at work has speeds. */
export async function progressOf(sql: Pool, run: Known): Promise<RunProgress | null> {
  const { step, totalSteps } = run;
  if (step === null || !totalSteps) return null;
  const { elapsed, steps, tokens } = await paceOf(sql, run);
  return {
    step,
    totalSteps,
    percent: Math.min(100, (100 * step) / totalSteps),
    etaSeconds: steps ? (totalSteps - step) / steps : null,
    stepsPerSecond: steps,
    tokensPerSecond: tokens,
    elapsedSeconds: elapsed,
  };
}

async function paceOf(sql: Pool, { id, startedAt, finishedAt }: Known): Promise<Pace> {
  const still: Pace = { elapsed: null, steps: null, tokens: null };
  if (!startedAt) return still;
  if (finishedAt) return { ...still, elapsed: (finishedAt.getTime() - startedAt.getTime()) / 1000 };
  const { rows } = await sql.query<Pace>(PACE, [id]);
  return rows[0] ?? still;
}
