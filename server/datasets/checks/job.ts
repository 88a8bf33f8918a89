import { z } from 'zod';
import { defineJob } from '../../queue.ts';

/** Looks over all items of one dataset. */
export const CheckDataset = defineJob('datasets.check', z.object({ checkId: z.uuid() }), {
  expireInSeconds: 60 * 60,
  // The same items give the same findings, so a dead worker's check is done over.
  retryLimit: 5,
  heartbeatSeconds: 10,
});
