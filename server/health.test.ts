import { describe } from 'vitest';
import { StoreAwayError } from './artifacts/faults.ts';
import type { ObjectStore } from './artifacts/store.ts';
import { readHealth } from './health.ts';
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

test('RediAI is healthy for the API in mock mode', async ({ app }) => {
  await using server = await openServer(app);
  const { data } = await server.ask('{ redi { mode status error checkedAt cached } }');
  expect(data).toMatchObject({ redi: { mode: 'MOCK', status: 'healthy', error: null } });
});
