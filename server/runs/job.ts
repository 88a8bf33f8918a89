import { z } from 'zod';
import { defineJob } from '../queue.ts';

/** Executes one run. The lease in the database, not this job, says who may. */
export const ExecuteRun = defineJob('runs.execute', z.object({ runId: z.uuid() }), {
  expireInSeconds: 24 * 60 * 60 - 1,
  retryLimit: 0,
  // A worker that died before it claimed the run would else keep the job's key for a day.
  heartbeatSeconds: 30,
});
