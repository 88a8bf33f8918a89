import { statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';

/** What a machine has, and what of it is free now. */
export type Resources = {
  cpus: number;
  /** What this process may use: less than the machine has inside a container. */
  memoryBytes: number;
  memoryFreeBytes: number;
  /** Free for us on the disk of DATA_DIR; left out when that does not answer. */
  diskFreeBytes?: number;
};

/** Looks at the machine of this process. */
export async function readResources(dataDir: string): Promise<Resources> {
  const limit = process.constrainedMemory();
  const disk = await statfs(dataDir).catch(() => null);
  return {
    cpus: availableParallelism(),
    memoryBytes: Math.min(totalmem(), limit || Number.POSITIVE_INFINITY),
    memoryFreeBytes: process.availableMemory(),
    ...(disk && { diskFreeBytes: disk.bavail * disk.bsize }),
  };
}
