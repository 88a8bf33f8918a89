import { defineConfig } from 'vitest/config';
import { LongestFirst } from './longestFirst.ts';

const real = {
  root: `${import.meta.dirname}/..`,
  globalSetup: 'server/test/globalSetup.ts',
  testTimeout: 1_200_000,
  hookTimeout: 600_000,
  // A busy machine may need seconds for what is done at once.
  expect: { poll: { timeout: 30_000 } },
};
const resolve = { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] };

export default defineConfig({
  test: {
    projects: [
      { resolve, test: { ...real, name: 'e2e', include: ['e2e/*.test.ts'] } },
      // Minutes each, for what the others show in seconds on the way: a job of its own in CI.
      { resolve, test: { ...real, name: 'long', include: ['e2e/long/*.test.ts'] } },
    ],
    // Real trainings and a real browser: more at a time take each other's processor.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
  },
});
