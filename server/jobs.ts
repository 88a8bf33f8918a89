import { CheckDataset } from './datasets/checks/job.ts';
import { EvaluateByEndpoint, EvaluateRun } from './evaluations/job.ts';
import type { Job } from './queue.ts';
import { RenderPreview } from './renderPreviews/job.ts';
import { executeRunJob } from './runs/job.ts';

/** Every queue that is there from the start; those of runs that require labels come with the runs. */
export const jobs: Job<never>[] = [
  executeRunJob([]),
  EvaluateRun,
  EvaluateByEndpoint,
  CheckDataset,
  RenderPreview,
] as unknown as Job<never>[];
