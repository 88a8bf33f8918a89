/** `test` with a real system in it: each file gets its own database, queue and bell. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, vi } from 'vitest';
import { type App, openApp } from '../app.ts';
import { readConfig } from '../config.ts';
import { createDatabase } from './database.ts';

export { describe, expect } from 'vitest';

export const test = base.extend<{ $file: { app: App } }>({
  app: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixtures from the pattern.
    async ({}, use: (app: App) => Promise<void>) => {
      const dir = await mkdtemp(join(tmpdir(), 'tunix-rt-data-'));
      try {
        await using database = await createDatabase();
        const config = readConfig({ LOG_LEVEL: 'silent', LOG_FORMAT: 'json', DATA_DIR: dir });
        await using app = await openApp(config, database.url, 'test');
        await use(app);
        // The streams of a socket that was closed end a moment later.
        await vi.waitFor(
          () => expect(app.bell.listeners, 'a test left a listener behind').toBe(0),
          5_000,
        );
      } finally {
        await rm(dir, { recursive: true, force: true });
      }
    },
    { scope: 'file' },
  ],
});
