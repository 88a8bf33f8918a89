import { CheckDataset } from './datasets/checks/job.ts';
import { EvaluateByEndpoint, EvaluateRun } from './evaluations/job.ts';
import type { Job } from './queue.ts';
import { RenderPreview } from './renderPreviews/job.ts';
import { ExecuteRun } from './runs/job.ts';

/** Every queue of the system. */
export const jobs: Job<never>[] = [
  ExecuteRun,
  EvaluateRun,
  EvaluateByEndpoint,
  CheckDataset,
  RenderPreview,
] as unknown as Job<never>[];
