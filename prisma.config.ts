import { fileURLToPath } from 'node:url';
import { defineConfig } from 'prisma/config';

// The CLI reads this before it looks for its engine, so nothing is downloaded. Windows cannot start
// a script by its first line: there Prisma fetches the native engine. A value from outside wins.
if (process.platform !== 'win32') {
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(
    new URL('./prisma/schema-engine.mjs', import.meta.url),
  );
}

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: {
    url: process.env.DATABASE_URL ?? 'postgresql://tunix_rt@127.0.0.1:5432/tunix_rt',
  },
});
