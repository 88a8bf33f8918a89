import { randomUUIDv7 } from 'node:crypto';
import { globalId } from '../../schema/ids.ts';
import { StoreAwayError } from '../artifacts/faults.ts';
import { sha256 } from '../lib/canonical.ts';
import { openServer } from '../test/http.ts';
import { makeDataset, makeRun } from '../test/make.ts';
import { makeArtifact } from '../test/makeArtifact.ts';
import { describe, expect, test } from '../test/test.ts';

const CONTENT = '0123456789';

describe('GET /artifacts/{id}', () => {
  test('sends the file as a download that no browser runs', async ({ app }) => {
    const { artifact, url } = await makeArtifact(app, 'export/page.html');
    await using server = await openServer(app);
    const answer = await server.send(url);
    expect(answer).toMatchObject({ status: 200, body: CONTENT });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': '10',
      'content-disposition': 'attachment; filename=page.html',
      'accept-ranges': 'bytes',
      etag: `"${artifact.sha256}"`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  test('takes the opaque id, with its padding as it is or escaped', async ({ app }) => {
    const { artifact } = await makeArtifact(app, 'a.bin');
    const url = `/artifacts/${globalId('Artifact', artifact.id)}`;
    await using server = await openServer(app);
    expect((await server.send(url)).status).toBe(200);
    expect((await server.send(url.replaceAll('=', '%3D'))).status).toBe(200);
  });

  test('names any file safely', async ({ app }) => {
    const { url } = await makeArtifact(app, 'dir/a"b;\r\nx: y é😀.txt');
    await using server = await openServer(app);
    const { status, headers } = await server.send(url);
    expect(status).toBe(200);
    expect(headers.x).toBeUndefined();
    expect(headers['content-disposition']).toMatch(/^attachment; filename=.*filename\*=UTF-8''/);
    expect(headers['content-disposition']).not.toMatch(/[\r\n]/);
  });

  test.for([
    ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
    ['bytes=4-', 206, '456789', 'bytes 4-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=-100', 206, CONTENT, 'bytes 0-9/10'],
    ['bytes=8-100', 206, '89', 'bytes 8-9/10'],
    ['bytes=9-9', 206, '9', 'bytes 9-9/10'],
    ['bytes=0-1,4-5', 200, CONTENT, undefined],
    ['bytes=-', 200, CONTENT, undefined],
    ['bytes=a-b', 200, CONTENT, undefined],
    ['lines=0-1', 200, CONTENT, undefined],
  ] as const)('answers to %s with %i', async ([range, status, body, contentRange], { app }) => {
    const { url } = await makeArtifact(app, 'a.bin');
    await using server = await openServer(app);
    const answer = await server.send(url, { headers: { range } });
    expect(answer).toMatchObject({ status, body });
    expect(answer.headers['content-range']).toBe(contentRange);
    expect(answer.headers['content-length']).toBe(String(body.length));
  });

  test.for(['bytes=10-', 'bytes=10-20', 'bytes=5-4', 'bytes=-0', 'bytes=99999999999999999999-'])(
    'cannot satisfy %s',
    async (range, { app }) => {
      const { url } = await makeArtifact(app, 'a.bin');
      await using server = await openServer(app);
      const answer = await server.send(url, { headers: { range } });
      expect(answer).toMatchObject({ status: 416, headers: { 'content-range': 'bytes */10' } });
    },
  );

  test('has headers alone for HEAD', async ({ app }) => {
    const { url } = await makeArtifact(app, 'a.bin');
    await using server = await openServer(app);
    const answer = await server.send(url, { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, body: '', headers: { 'content-length': '10' } });
  });

  test('sends an empty file', async ({ app }) => {
    const { url } = await makeArtifact(app, 'empty', '');
    await using server = await openServer(app);
    const answer = await server.send(url);
    expect(answer).toMatchObject({ status: 200, body: '', headers: { 'content-length': '0' } });
  });

  test('sends a large file whole', async ({ app }) => {
    const content = Buffer.alloc(3_000_000, 'tunix');
    const { url } = await makeArtifact(app, 'large.bin', content);
    await using server = await openServer(app);
    const answer = await fetch(server.url + url);
    expect(sha256(Buffer.from(await answer.arrayBuffer()))).toBe(sha256(content));
  });
});

describe('a conditional request', () => {
  const tagOf = (digest: string) => `"${digest}"`;

  test('is told when it has the file already', async ({ app }) => {
    const { artifact, url } = await makeArtifact(app, 'a.bin');
    await using server = await openServer(app);
    const own = tagOf(artifact.sha256);
    for (const tag of [own, `W/${own}`, `"other", ${own}`, '*']) {
      const answer = await server.send(url, { headers: { 'if-none-match': tag } });
      expect(answer, tag).toMatchObject({ status: 304, body: '', headers: { etag: own } });
    }
    const other = await server.send(url, { headers: { 'if-none-match': '"other"' } });
    expect(other).toMatchObject({ status: 200, body: CONTENT });
  });

  test('goes on with a download only when the file is the same', async ({ app }) => {
    const { artifact, url } = await makeArtifact(app, 'a.bin');
    await using server = await openServer(app);
    const from = (tag: string) =>
      server.send(url, { headers: { range: 'bytes=8-', 'if-range': tag } });
    expect(await from(tagOf(artifact.sha256))).toMatchObject({ status: 206, body: '89' });
    expect(await from('"other"')).toMatchObject({ status: 200, body: CONTENT });
  });
});

describe('a file that is gone', () => {
  const gone = { status: 410, body: expect.stringContaining('"GONE"') };

  test('from the store is said to be gone, for every method', async ({ app }) => {
    const { artifact, url } = await makeArtifact(app, 'a.bin');
    await app.store.remove([artifact.sha256]);
    await using server = await openServer(app);
    expect(await server.send(url)).toMatchObject(gone);
    expect(await server.send(url, { headers: { range: 'bytes=0-1' } })).toMatchObject(gone);
    expect(await server.send(url, { method: 'HEAD' })).toMatchObject({ status: 410 });
  });

  test('because its bytes were given up says when', async ({ app }) => {
    const { artifact, url } = await makeArtifact(app, 'a.bin');
    const deletedAt = new Date('2026-01-02T03:04:05Z');
    await app.db.artifact.update({ where: { id: artifact.id }, data: { deletedAt } });
    await using server = await openServer(app);
    const answer = await server.send(url);
    expect(answer.status).toBe(410);
    expect(JSON.parse(answer.body)).toMatchObject({
      error: { code: 'GIVEN_UP', message: 'The bytes of this file were given up on 2026-01-02.' },
    });
  });

  test('is not replaced by an object of another size', async ({ app }) => {
    const { artifact, url } = await makeArtifact(app, 'a.bin');
    await app.db.artifact.update({ where: { id: artifact.id }, data: { size: 11 } });
    await using server = await openServer(app);
    expect(await server.send(url)).toMatchObject(gone);
  });

  test('for now, because the store is away, can be had later', async ({ app }) => {
    const { url } = await makeArtifact(app, 'a.bin');
    const away = () =>
      Promise.reject(new StoreAwayError('The store at 10.0.0.1 is away.', 'Wait.'));
    await using server = await openServer({ ...app, store: { ...app.store, sizeOf: away } });
    const answer = await server.send(url);
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '10' } });
    expect(answer.body).not.toContain('10.0.0.1');
  });
});

describe('there is no artifact', () => {
  const notFound = { status: 404, body: expect.stringContaining('NOT_FOUND') };

  test.for([
    '/artifacts/',
    '/artifacts/x',
    `/artifacts/${globalId('Artifact', randomUUIDv7())}`,
    `/artifacts/${globalId('Run', randomUUIDv7())}`,
    `/artifacts/${Buffer.from('Artifact:../../etc/passwd').toString('base64')}`,
    '/artifacts/%2e%2e%2fmanifest.json',
    '/artifacts/..%2f..%2fpackage.json',
    '/artifacts/%252e%252e%252fpackage.json',
    '/artifacts/..%5c..%5cpackage.json',
    '/artifacts/%2fetc%2fpasswd',
    '/artifacts/../../../../proc/self/environ',
    '/artifacts/%2fproc%2fself%2fenviron',
    '/artifacts/..;/..;/package.json',
    '/artifacts/....//....//package.json',
    '/artifacts/C:%5cpackage.json',
    '/artifacts/x%00',
    '/artifacts/x/preview',
    `/artifacts/${sha256(CONTENT)}`,
  ])('at %s', async (path, { app }) => {
    await using server = await openServer(app);
    const answer = await server.send(path);
    expect(answer.headers['content-disposition']).toBeUndefined();
    expect(answer.headers['content-type']).not.toBe('application/octet-stream');
  });

  test.for(['x', globalId('Artifact', randomUUIDv7()), globalId('Run', randomUUIDv7())])(
    'of the id %s',
    async (id, { app }) => {
      await using server = await openServer(app);
      expect(await server.send(`/artifacts/${id}`)).toMatchObject(notFound);
    },
  );

  test.for(['../x', 'a/../../x', '..', '/etc/passwd', ''])(
    'of the path %j, which no manifest can hold',
    async (path, { app }) => {
      const run = await makeRun(app, (await makeDataset(app)).id);
      const row = { id: randomUUIDv7(), runId: run.id, attempt: 1, size: 1, sha256: sha256('x') };
      const stored = app.db.artifact.create({ data: { ...row, kind: 'OTHER', path } });
      await expect(stored).rejects.toThrow(/artifacts_path/);
    },
  );
});
