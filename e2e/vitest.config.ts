import { defineConfig } from 'vitest/config';
import { LongestFirst } from './longestFirst.ts';

export default defineConfig({
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    name: 'e2e',
    root: `${import.meta.dirname}/..`,
    include: ['e2e/*.test.ts'],
    globalSetup: 'server/test/globalSetup.ts',
    // Real trainings and a real browser: more at a time take each other's processor.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // A busy machine may need seconds for what is done at once.
    expect: { poll: { timeout: 30_000 } },
  },
});
