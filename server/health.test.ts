import { describe } from 'vitest';
import type { App } from './app.ts';
import { StoreAwayError } from './artifacts/faults.ts';
import type { ObjectStore } from './artifacts/store.ts';
import { faultOfMigrations, readHealth } from './health.ts';
import { openServer } from './test/http.ts';
import { expect, test } from './test/test.ts';

const storeThat = (sizeOf: ObjectStore['sizeOf'], store: ObjectStore): ObjectStore => ({
  ...store,
  sizeOf,
});

describe('the artifact store', () => {
  test('works as long as it answers, before anything is stored', async ({ app }) => {
    const parts = await readHealth(app);
    expect(parts).toContainEqual({
      name: 'artifacts',
      ok: true,
      required: false,
      message: 'works',
    });
  });

  test.for([
    ['fails', () => Promise.reject(new StoreAwayError('bucket "secret" is gone', 'look'))],
    ['hangs', () => new Promise<never>(() => {})],
  ] as const)('that %s is told, without what only we should know', async ([, sizeOf], { app }) => {
    const store = storeThat(sizeOf, app.store);
    expect(await readHealth({ ...app, store })).toContainEqual({
      name: 'artifacts',
      ok: false,
      required: false,
      message: 'does not answer',
    });
    await using server = await openServer({ ...app, store });
    // The rest of the API works without it.
    const { status, body } = await server.send('/ready');
    expect([status, body]).toEqual([200, expect.stringContaining('"artifacts"')]);
    expect(body).not.toContain('secret');
  });
});

describe('migrations', () => {
  /** Changes what is written down of the newest migration for as long as it is looked at. */
  const lookWith = async (app: App, change: string) => {
    const client = await app.sql.connect();
    try {
      await client.query('BEGIN');
      await client.query(
        `${change} WHERE migration_name = (SELECT max(migration_name) FROM _prisma_migrations)`,
      );
      return await faultOfMigrations(client);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  };

  test('say what is to be done', async ({ app }) => {
    expect(await faultOfMigrations(app.sql)).toBe(null);
    expect(await lookWith(app, 'DELETE FROM _prisma_migrations')).toBe(
      '1 migration is not applied; run `npm run migrate`',
    );
    expect(await lookWith(app, `UPDATE _prisma_migrations SET checksum = 'other'`)).toMatch(
      /^\d{14}_\w+ was changed after it had been applied; restore its file$/,
    );
    expect(
      await lookWith(app, `UPDATE _prisma_migrations SET finished_at = NULL, logs = 'secret'`),
    ).toMatch(/^\d{14}_\w+ failed$/);
  });
});

test('RediAI is healthy for the API in mock mode', async ({ app }) => {
  await using server = await openServer(app);
  const { data } = await server.ask('{ redi { mode status error checkedAt cached } }');
  expect(data).toMatchObject({ redi: { mode: 'MOCK', status: 'healthy', error: null } });
});
