/**
 * `test` with the whole system in it, one for each file; after each test all invariants hold.
 * Draws come from the seed that the run printed: SEED=… repeats them.
 */
import { test as base, inject } from 'vitest';
import { type Mersenne, mersenne } from '../../server/lib/mersenne.ts';
import { checkInvariants } from './invariants.ts';
import { withEnvironment } from './processes.ts';
import { type FaultSystem, openSystem } from './system.ts';

export { describe, expect } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    seed: number;
  }
}

type Fixtures = { $file: { system: FaultSystem }; $test: { random: Mersenne } };

export const test = base.extend<Fixtures>({
  system: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixtures from the pattern.
    async ({}, use: (system: FaultSystem) => Promise<void>) => {
      await using system = await openSystem();
      await use(system);
    },
    { scope: 'file' },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: as above.
  random: async ({}, use: (random: Mersenne) => Promise<void>) => use(mersenne(inject('seed'))),
});

/** Kills a process, if it is still there. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}

test.afterEach(async ({ system }) => {
  try {
    await checkInvariants({ ...system, alive: [system.api.pid] });
  } finally {
    for (const recorder of system.recorders.splice(0)) await recorder[Symbol.asyncDispose]();
    // What a failed test leaves behind would disturb the next.
    await system.sql.query('DELETE FROM runs');
    for (const pid of await withEnvironment(system.mark)) {
      if (pid !== system.api.pid) kill(pid);
    }
  }
});
