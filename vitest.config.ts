import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        // One graphql: Vite would load its .mjs beside the CommonJS build that Pothos loads.
        resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
        test: {
          name: 'server',
          include: [
            'server/**/*.test.ts',
            'schema/**/*.test.ts',
            'prisma/**/*.test.ts',
            'bench/**/*.test.ts',
          ],
          globalSetup: 'server/test/globalSetup.ts',
          testTimeout: 30_000,
          hookTimeout: 30_000,
          expect: { poll: { timeout: 20_000 } },
          pool: 'forks',
        },
      },
      'client/vitest.config.ts',
    ],
    maxWorkers: 2,
  },
});
