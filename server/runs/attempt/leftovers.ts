import type { App } from '../../app.ts';
import type { Log } from '../../log.ts';
import { findMarked, killLeftover, type Leftover } from '../../tunix/leftovers.ts';

type Attempt = { runId: string; epoch: number };

/** Kills what is left of an attempt that this process had and has no more. */
export async function killLeftoversOf(log: Log, { runId, epoch }: Attempt): Promise<void> {
  const marked = await findMarked();
  await killAll(
    log,
    marked.filter((process) => process.runId === runId && process.epoch === epoch),
  );
}

/**
 * Kills what attempts left behind on this machine whose runner could not: it died, hangs, or lost the
 * run. An attempt that the database does not know is somebody else's.
 */
export async function killLeftovers(app: Pick<App, 'sql' | 'log'>): Promise<void> {
  const marked = await findMarked();
  if (marked.length === 0) return;
  const { rows } = await app.sql.query<Attempt>(
    `SELECT run_id AS "runId", epoch FROM run_attempts
     JOIN unnest($1::uuid[], $2::int[]) AS seen (run_id, epoch) USING (run_id, epoch)
     WHERE status <> 'RUNNING'`,
    [marked.map(({ runId }) => runId), marked.map(({ epoch }) => epoch)],
  );
  const over = new Set(rows.map(({ runId, epoch }) => `${runId}/${epoch}`));
  await killAll(
    app.log,
    marked.filter(({ runId, epoch }) => over.has(`${runId}/${epoch}`)),
  );
}

async function killAll(log: Log, leftovers: Leftover[]): Promise<void> {
  for (const leftover of leftovers) {
    const { pid, runId, epoch } = leftover;
    if (await killLeftover(leftover)) log.warn({ pid, runId, epoch }, 'leftover process killed');
  }
}
