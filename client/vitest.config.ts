import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  test: {
    name: 'client',
    root: import.meta.dirname,
    include: ['**/*.test.{ts,tsx}'],
    // Component tests ask for jsdom by a comment at their top; pure parts need no browser.
    environment: 'node',
    // A context of its own for each file, as a process would be, in a quarter of the time.
    pool: 'vmThreads',
    sequence: { groupOrder: 2 },
    setupFiles: 'lib/patience.ts',
    testTimeout: 30_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
