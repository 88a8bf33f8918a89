import { z } from 'zod';
import { defineJob } from '../queue.ts';

/** Applies the judge of one evaluation to the stored predictions of its run. */
export const EvaluateRun = defineJob('evaluations.evaluate', z.object({ evaluationId: z.uuid() }), {
  expireInSeconds: 60 * 60,
  // Judging stored texts again gives the same items, so a dead worker's evaluation is done over.
  retryLimit: 5,
  heartbeatSeconds: 10,
});
