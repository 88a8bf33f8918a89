import { defineConfig } from 'vitest/config';

/** For tests with the real database in them. */
const server = {
  globalSetup: 'server/test/globalSetup.ts',
  testTimeout: 30_000,
  hookTimeout: 30_000,
  expect: { poll: { timeout: 20_000 } },
  pool: 'forks',
} as const;

// One graphql: Vite would load its .mjs beside the CommonJS build that Pothos loads.
const resolve = { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] };

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        test: {
          ...server,
          name: 'server',
          include: ['server/**/*.test.ts', 'prisma/**/*.test.ts', 'bench/**/*.test.ts'],
        },
      },
      {
        resolve,
        test: {
          ...server,
          name: 'schema',
          include: ['schema/**/*.test.ts'],
          // The files of a worker share the schema: to build it takes longer than most of them.
          isolate: false,
          sequence: { groupOrder: 1 }, // projects of other kinds of workers run one after the other
        },
      },
      'client/vitest.config.ts',
    ],
    maxWorkers: 2,
  },
});
