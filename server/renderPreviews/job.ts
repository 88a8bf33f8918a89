import { z } from 'zod';
import { defineJob } from '../queue.ts';

/** Turns one trace into the tokens of a model. */
export const RenderPreview = defineJob(
  'renderPreviews.render',
  z.object({ previewId: z.uuid() }),
  // The first one may make the Python environment, which takes minutes.
  { expireInSeconds: 60 * 60, retryLimit: 5, heartbeatSeconds: 10 },
);
