import { z } from 'zod';
import { defineJob } from '../queue.ts';

const options = {
  // The lock in the database says who works; a job given up on would only wait for it.
  expireInSeconds: 24 * 60 * 60 - 1,
  // What is judged stays judged, so a dead worker's evaluation is gone on with.
  retryLimit: 5,
  heartbeatSeconds: 10,
};

const Data = z.object({ evaluationId: z.uuid() });

/** Applies the judge of one evaluation to the stored predictions of its run. */
export const EvaluateRun = defineJob('evaluations.evaluate', Data, options);

/** The same with a judge that asks a model: in a queue of its own, for it may take hours. */
export const EvaluateByEndpoint = defineJob('evaluations.evaluateByEndpoint', Data, options);
