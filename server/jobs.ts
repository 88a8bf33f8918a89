import { EvaluateRun } from './evaluations/job.ts';
import type { Job } from './queue.ts';
import { ExecuteRun } from './runs/job.ts';

/** Every queue of the system. */
export const jobs: Job<never>[] = [ExecuteRun, EvaluateRun] as unknown as Job<never>[];
