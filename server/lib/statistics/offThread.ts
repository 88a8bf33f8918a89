/**
 * Paired comparisons of any size without a stop for others: what draws much runs in a thread of its
 * own, with the same result.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { isBinary, type PairedComparison, type PairedTesting } from './paired.ts';
import { compareAll, type PairedTask, testAll } from './tasks.ts';

/** Draws that take less than it takes to start a thread. */
const FEW_DRAWS = 1_000_000;

/** `comparePaired` of each task, in their order. */
export const compareOffThread = (tasks: readonly PairedTask[]) =>
  run<PairedComparison>('compare', tasks);

/** `testPaired` of each task, in their order. */
export const testOffThread = (tasks: readonly PairedTask[]) => run<PairedTesting>('test', tasks);

async function run<Result>(
  kind: 'compare' | 'test',
  tasks: readonly PairedTask[],
): Promise<(Result | null)[]> {
  const draws = tasks.reduce((sum, task) => sum + drawsOf(kind, task), 0);
  if (draws <= FEW_DRAWS) {
    return (kind === 'compare' ? compareAll : testAll)(tasks) as (Result | null)[];
  }
  const worker = new Worker(new URL('./thread.ts', import.meta.url), {
    workerData: { kind, tasks },
  });
  // Rejects with what the thread throws.
  const [results] = await once(worker, 'message');
  return results as (Result | null)[];
}

/** Only the interval and the test of grades draw; McNemar's test does not. */
function drawsOf(kind: 'compare' | 'test', { pairs, resamples }: PairedTask): number {
  const passes = Number(kind === 'compare') + Number(!isBinary(pairs));
  return passes * pairs.length * resamples;
}
