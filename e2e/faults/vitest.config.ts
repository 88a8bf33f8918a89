import { defineConfig } from 'vitest/config';

const faults = {
  root: `${import.meta.dirname}/../..`,
  globalSetup: 'e2e/faults/globalSetup.ts',
  hookTimeout: 60_000,
  expect: { poll: { timeout: 30_000 } },
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...faults,
          name: 'faults',
          include: ['e2e/faults/*.test.ts'],
          testTimeout: 180_000,
        },
      },
      {
        test: {
          ...faults,
          name: 'nightly',
          include: ['e2e/faults/nightly/*.test.ts'],
          testTimeout: 900_000,
        },
      },
    ],
    // Real processes with leases of seconds, each file with a PostgreSQL of its own: more at a time would
    // take each other's processor.
    maxWorkers: 2,
  },
});
