import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { App } from '../app.ts';
import { sha256 } from '../lib/canonical.ts';
import { openRejections } from '../limits/rejections.ts';
import { openServer, type TestServer } from '../test/http.ts';
import { connectAndInit } from '../test/socket.ts';
import { describe, expect, test } from '../test/test.ts';
import { openPersisted, readDocuments } from './persisted.ts';

const QUERY = 'query Version { health { version __typename } }';
const HASH = sha256(QUERY);
const UNKNOWN = sha256('{ nothing }');

const byHash = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });

let client: string;
beforeAll(async () => {
  client = await mkdtemp(join(tmpdir(), 'tunix-rt-documents-'));
  await writeFile(join(client, 'operations.json'), JSON.stringify({ [HASH]: QUERY }));
});
afterAll(() => rm(client, { recursive: true }));

const post = async (server: TestServer, body: object) => {
  const answer = await server.send('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, ...JSON.parse(answer.body) };
};

const only = (app: App): App => ({
  ...app,
  rejections: openRejections(),
  config: { ...app.config, limits: { ...app.config.limits, persistedOnly: true } },
});

/** What a socket is answered, and that it goes on after. */
async function onSocket(server: TestServer, payload: object) {
  const socket = await connectAndInit(server.url);
  socket.send({ type: 'subscribe', id: '1', payload });
  const answer = await Promise.race([socket.next('next', '1'), socket.next('error', '1')]);
  socket.send({ type: 'ping' });
  await socket.next('pong');
  socket.close();
  await socket.closed;
  return answer.payload;
}

const answered = { data: { health: { version: expect.any(String), __typename: 'Health' } } };

describe('the hash of a document of our pages', () => {
  test('stands for it, over HTTP and on a socket', async ({ app }) => {
    await using server = await openServer(app, client);
    expect(await post(server, { extensions: byHash(HASH) })).toMatchObject(answered);
    const inUrl = `extensions=${encodeURIComponent(JSON.stringify(byHash(HASH)))}`;
    expect(JSON.parse((await server.send(`/graphql?${inUrl}`)).body)).toMatchObject(answered);
    const payload = { query: '', extensions: byHash(HASH) };
    expect(await onSocket(server, payload)).toMatchObject(answered);
  });

  test('of another build is said not to be known, so that the text is sent', async ({ app }) => {
    await using server = await openServer(app, client);
    const miss = [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }];
    const answer = await post(server, { extensions: byHash(UNKNOWN) });
    expect(answer).toMatchObject({ status: 404, errors: miss });
    const payload = { query: '', extensions: byHash(UNKNOWN) };
    expect(await onSocket(server, payload)).toMatchObject(miss);
  });

  test.for([
    {},
    { persistedQuery: null },
    { persistedQuery: { version: 2, sha256Hash: HASH } },
    { persistedQuery: { version: 1, sha256Hash: 7 } },
    { persistedQuery: { version: 1, sha256Hash: '__proto__' } },
  ])('in another form is no document: %j', async (extensions, { app }) => {
    await using server = await openServer(app, client);
    const answer = await post(server, { extensions });
    expect(answer).toMatchObject({ errors: [{ message: expect.any(String) }] });
    expect(answer.data).toBeUndefined();
  });
});

describe('a server that answers the documents of its pages alone', () => {
  test('refuses a text, over HTTP and on a socket, and counts that', async ({ app: shared }) => {
    const app = only(shared);
    await using server = await openServer(app, client);
    const refused = [
      {
        message: expect.stringContaining('PERSISTED_ONLY=false'),
        extensions: { code: 'PERSISTED_ONLY' },
      },
    ];
    for (const query of ['{ health { version } }', QUERY]) {
      const both = { query, extensions: byHash(HASH) };
      expect(await post(server, { query })).toMatchObject({ status: 403, errors: refused });
      expect(await post(server, both)).toMatchObject({ status: 403, errors: refused });
      expect(await onSocket(server, { query })).toMatchObject(refused);
    }
    expect(app.rejections.read().get('PERSISTED_ONLY')).toBe(6);
    expect(await post(server, { extensions: byHash(HASH) })).toMatchObject(answered);
    expect(await onSocket(server, { query: '', extensions: byHash(HASH) })).toMatchObject(answered);
  });

  test('answers any text of a program with a key, and of nobody else', () => {
    const { documentOf } = openPersisted(new Map(), true);
    expect(documentOf({ query: '{ any }' }, { kind: 'KEY' })).toBe('{ any }');
    for (const kind of ['LOCAL', 'USER', 'RUNNER', 'ANONYMOUS'] as const) {
      expect(() => documentOf({ query: '{ any }' }, { kind })).toThrow('use a key');
    }
  });
});

describe('the documents of the pages', () => {
  test('are none where no UI was built', () => {
    expect(readDocuments('/no/such/folder').size).toBe(0);
  });

  test('are not read from a file that is something else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tunix-rt-documents-'));
    await writeFile(join(folder, 'operations.json'), '{"not a hash": "{ any }"}');
    expect(() => readDocuments(folder)).toThrow();
    await rm(folder, { recursive: true });
  });
});
