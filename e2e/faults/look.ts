/** Looks at runs past the API: what the tables and the trainer say. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import type { FaultSystem } from './system.ts';
import { until } from './until.ts';

type Run = {
  status: string;
  epoch: number;
  error: string | null;
  exit_code: number | null;
  exit_signal: string | null;
  cancel_mode: string | null;
  last_log_seq: number;
  failed_attempts: number;
  step: number | null;
};

/** The row of a run. */
export async function runOf({ sql }: FaultSystem, runId: string): Promise<Run> {
  const { rows } = await sql.query<Run>('SELECT * FROM runs WHERE id = $1', [runId]);
  const [run] = rows;
  if (!run) throw new Error(`there is no run ${runId}`);
  return run;
}

/** The statuses of its attempts, oldest first. */
export async function attemptsOf({ sql }: FaultSystem, runId: string): Promise<string[]> {
  const { rows } = await sql.query<{ status: string }>(
    'SELECT status FROM run_attempts WHERE run_id = $1 ORDER BY epoch',
    [runId],
  );
  return rows.map(({ status }) => status);
}

/** How long a run and its only attempt took in seconds, and when each event was, as it is stored. */
export async function timesOf({ sql }: FaultSystem, runId: string) {
  const { rows } = await sql.query<{ run: number; attempt: number; events: number[] }>(
    `SELECT extract(epoch FROM finished_at - run.started_at)::float8 AS run,
            extract(epoch FROM ended_at - attempt.started_at)::float8 AS attempt,
            ARRAY(SELECT extract(epoch FROM created_at)::float8 FROM run_events
                  WHERE run_id = run.id ORDER BY seq) AS events
     FROM runs run JOIN run_attempts attempt ON attempt.run_id = run.id WHERE run.id = $1`,
    [runId],
  );
  const [times] = rows;
  if (!times) throw new Error(`there is no run ${runId}`);
  return times;
}

/** Waits until so many lines are stored. */
export const lineReached = (system: FaultSystem, runId: string, line: number): Promise<unknown> =>
  until(`line ${line} of the log`, async () => {
    const run = await runOf(system, runId);
    expect(['PENDING', 'RUNNING']).toContain(run.status);
    return run.last_log_seq >= line;
  });

/** Waits until a run has ended, and asserts how. */
export async function statusIs(
  system: FaultSystem,
  runId: string,
  status: string,
  seconds = 60,
): Promise<Run> {
  const run = await until(
    `the end of run ${runId}`,
    async () => {
      const now = await runOf(system, runId);
      return !['PENDING', 'RUNNING'].includes(now.status) && now;
    },
    { seconds },
  );
  expect(run).toMatchObject({ status });
  return run;
}

/** The pid of the trainer of the current attempt. */
export async function trainerOf({ sql }: FaultSystem, runId: string): Promise<number> {
  return until('the pid of the trainer', async () => {
    const { rows } = await sql.query<{ pid: number }>(
      `SELECT (data->>'pid')::int AS pid FROM run_events JOIN runs ON runs.id = run_id
       WHERE run_id = $1 AND kind = 'STARTED' AND attempt = runs.epoch`,
      [runId],
    );
    return rows[0]?.pid;
  });
}

/** Waits until a run is in its n-th attempt. */
export const attemptBegins = (system: FaultSystem, runId: string, epoch: number) =>
  until(`attempt ${epoch}`, async () => {
    const run = await runOf(system, runId);
    return run.epoch === epoch && run.status === 'RUNNING';
  });

/** Cancels a run over the API. */
export async function cancel(
  { client }: FaultSystem,
  globalId: string,
  mode: 'SAVE' | 'NOW',
): Promise<{ __typename: string; message?: string }> {
  const { cancelRun } = await client.request<{
    cancelRun: { __typename: string; message?: string };
  }>(
    `mutation Cancel($input: CancelRunInput!) { cancelRun(input: $input) {
      __typename ... on Error { message } } }`,
    { input: { runId: globalId, mode } },
  );
  return cancelRun;
}

/** Resident memory of a process in bytes. */
export async function residentOf(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) * 1024;
}

/** The value below which a share of the values lies, such as 0.99. */
export const quantile = (values: number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};
