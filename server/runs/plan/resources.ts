/** Whether memory and disk of the runners are enough for what a run is estimated to take. */

import type { Mesh, RunWarning } from '../model.ts';
import type { RunEstimate } from './estimate.ts';
import type { EligibleRunner } from './placement.ts';

/** A run that takes more of what is free than this will likely not get through. */
const TIGHT = 0.9;

const inGigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/**
 * Memory that the devices of a run have together, in bytes: that of the devices where they report
 * it; what the machine has free where the processor computes; else not known.
 */
function memoryOf({ devices, resources }: EligibleRunner, used: number): number | null {
  const taken = devices?.slice(0, used) ?? [];
  const sizes = taken.map(({ memoryBytes }) => memoryBytes ?? null);
  if (taken.length > 0 && sizes.every((size) => size !== null)) {
    return sizes.reduce((sum, size) => sum + size, 0);
  }
  const onProcessor = taken.every(({ platform }) => platform === 'cpu');
  return onProcessor ? (resources.memoryFreeBytes ?? null) : null;
}

/** Warns of what is too little on every runner that may take the run; of what is not known, never. */
export function checkResources(
  { memoryBytes, diskBytes }: Pick<RunEstimate, 'memoryBytes' | 'diskBytes'>,
  mesh: Mesh | undefined,
  runners: readonly EligibleRunner[],
): RunWarning[] {
  const used = mesh ? mesh.fsdp * mesh.tp : 1;
  const most = (sizes: (number | null)[]): number | null =>
    sizes.length === 0 || sizes.includes(null) ? null : Math.max(...(sizes as number[]));
  const memory = most(runners.map((runner) => memoryOf(runner, used)));
  const disk = most(runners.map(({ resources }) => resources.diskFreeBytes ?? null));
  const warnings: RunWarning[] = [];
  if (memory !== null && memoryBytes !== null && memoryBytes > memory * TIGHT) {
    warnings.push({
      code: 'MEMORY_TIGHT',
      message:
        `The training takes about ${inGigabytes(memoryBytes)} of memory, and no runner that may ` +
        `take it has more than ${inGigabytes(memory)}. Lower batchSize or maxSeqLength, use LoRA, ` +
        'or set advanced.model_config.remat_config to 3.',
    });
  }
  if (disk !== null && diskBytes !== null && diskBytes > disk * TIGHT) {
    warnings.push({
      code: 'DISK_TIGHT',
      message:
        `Checkpoints, export and data take about ${inGigabytes(diskBytes)}, and no runner that may ` +
        `take the run has more than ${inGigabytes(disk)} free. Make room, or use LoRA.`,
    });
  }
  return warnings;
}
