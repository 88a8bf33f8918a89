import { z } from 'zod';
import { defineJob } from '../queue.ts';

/**
 * The job of a run that waits: one queue of pg-boss for each set of required labels. It is written
 * with the row, and completed in the transaction that claims the run, so that it is never handed out
 * twice and never outlives its run. Which run is next the table says: pg-boss orders one queue alone,
 * and a runner takes from several.
 */
export const executeRunJob = (labels: readonly string[]) =>
  defineJob(
    ['runs.execute', labels.join('/')].filter(Boolean).join('.'),
    z.object({ runId: z.uuid() }),
    {
      // Never reached: nothing but a claim ends it, and the lease watches over what follows.
      expireInSeconds: 24 * 60 * 60 - 1,
      retryLimit: 0,
      // Thousands of done jobs would only slow the queue down; `run_events` has the history.
      deleteAfterSeconds: 60 * 60,
    },
  );
