/**
 * The job of pg-boss beside each run that waits. Every change of a run from or to PENDING goes with
 * one of these, in its transaction.
 */
import type { PoolClient } from 'pg';
import type { App } from '../app.ts';
import type { Tx } from '../db.ts';
import { executeRunJob } from './job.ts';

/** A run that waits, or waited until now; `epoch` is that of its last attempt. */
type Waiting = { id: string; epoch: number; requiredLabels: string[]; priority: number };

type Needs = Pick<App, 'queue'>;

const keyOf = ({ id, epoch }: Pick<Waiting, 'id' | 'epoch'>) => `${id}/${epoch}`;

/** With the row of a run that begins to wait. */
export const addTicket = (app: Needs, tx: Tx | PoolClient, run: Waiting): Promise<void> =>
  app.queue.addTicket(
    tx,
    executeRunJob(run.requiredLabels),
    { runId: run.id },
    keyOf(run),
    run.priority,
  );

/** With a run that waits no more: it was claimed or cancelled. */
export const settleTicket = (
  app: Needs,
  tx: Tx | PoolClient,
  run: Omit<Waiting, 'priority'>,
): Promise<void> => app.queue.settleTicket(tx, executeRunJob(run.requiredLabels), keyOf(run));

/** With a new priority of a run that waits. */
export const moveTicket = (app: Needs, tx: Tx, run: Waiting): Promise<void> =>
  app.queue.moveTicket(tx, executeRunJob(run.requiredLabels), keyOf(run), run.priority);
