import type { Pool } from 'pg';
import type { RunStatus } from '../../prisma/generated/client/enums.ts';
import { onlineRunnerIds } from '../runners/read.ts';
import { queuePosition } from './read.ts';

export type RunProgress = {
  step: number;
  totalSteps: number;
  percent: number;
  /** Seconds of training still to come; null when the speed is not known. */
  etaSeconds: number | null;
  stepsPerSecond: number | null;
};

type Known = { id: string; step: number | null; totalSteps: number | null; status: RunStatus };

/** How far a run is; the speed comes from its last 50 losses, so a slow start does not skew it. */
export async function progressOf(sql: Pool, run: Known): Promise<RunProgress | null> {
  const { step, totalSteps } = run;
  if (step === null || !totalSteps) return null;
  const percent = Math.min(100, (100 * step) / totalSteps);
  const done = { step, totalSteps, percent, etaSeconds: null, stepsPerSecond: null };
  if (run.status !== 'RUNNING') return done;
  const { rows } = await sql.query<{ speed: number | null }>(
    `SELECT (max(step) - min(step)) / nullif(extract(epoch FROM max(at) - min(at))::float8, 0) AS speed
     FROM (SELECT step, at FROM metric_points WHERE run_id = $1 AND name = 'train/loss'
           AND attempt = (SELECT epoch FROM runs WHERE id = $1)
           ORDER BY step DESC LIMIT 50) recent`,
    [run.id],
  );
  const speed = rows[0]?.speed;
  if (!speed) return done;
  return { ...done, stepsPerSecond: speed, etaSeconds: (totalSteps - step) / speed };
}

/** Why a PENDING run still waits, as sentences. */
export async function pendingReasons(
  sql: Pool,
  run: { id: string; status: RunStatus },
): Promise<string[]> {
  if (run.status !== 'PENDING') return [];
  const [ahead, online] = await Promise.all([queuePosition(sql, run.id), onlineRunnerIds(sql)]);
  const reasons: string[] = [];
  if (online.size === 0) reasons.push('No runner is connected. Start one with `npm run runner`.');
  if (ahead) reasons.push(`${ahead} ${ahead === 1 ? 'run goes' : 'runs go'} first.`);
  if (reasons.length === 0) reasons.push('A runner will take it as soon as it is free.');
  return reasons;
}
