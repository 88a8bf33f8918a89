/** Databases for tests: real, empty of rows, fully migrated, and each test file's own. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

/** What the global setup hands to the test files. */
type TestServer = {
  /** Of a database to run CREATE DATABASE from. */
  url: string;
  /** The migrated database to copy. */
  template: string;
};

declare module 'vitest' {
  interface ProvidedContext {
    postgres: TestServer;
  }
}

/** A database that is dropped when disposed, whoever is still connected to it. */
export type TestDatabase = AsyncDisposable & { readonly url: string };

/** Copies the migrated template, or with `migrated: false` makes a database with nothing in it. */
export async function createDatabase({ migrated = true } = {}): Promise<TestDatabase> {
  const server = inject('postgres');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const template = migrated ? server.template : 'template0';
  // Through the log, the default: as fast as STRATEGY FILE_COPY here, and without its checkpoints.
  await runOn(server.url, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  return {
    url: withDatabase(server.url, name),
    [Symbol.asyncDispose]: () => runOn(server.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** Runs one statement on a connection of its own. */
export async function runOn(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** The same server and credentials, another database. */
export function withDatabase(url: string, name: string): string {
  const at = new URL(url);
  at.pathname = `/${name}`;
  return at.href;
}
