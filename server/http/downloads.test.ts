import { execFileSync } from 'node:child_process';
import { randomUUIDv7 } from 'node:crypto';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { globalId } from '../../schema/ids.ts';
import type { App } from '../app.ts';
import { sha256 } from '../lib/canonical.ts';
import { openServer } from '../test/http.ts';
import { makeDataset, makeRun } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { attemptPaths } from '../tunix/config.ts';

const CONTENT = '0123456789';

/** A row of a manifest, and where its file belongs; `content` null leaves no file. */
async function makeArtifact(app: App, path: string, content: string | null = CONTENT) {
  const run = await makeRun(app, (await makeDataset(app)).id);
  const { attemptDir } = attemptPaths(app.config.dataDir, run.id, 1);
  const file = join(attemptDir, path);
  await mkdir(dirname(file), { recursive: true });
  if (content !== null) await writeFile(file, content);
  const artifact = await app.db.artifact.create({
    data: {
      id: randomUUIDv7(),
      runId: run.id,
      attempt: 1,
      kind: 'OTHER',
      path,
      size: content?.length ?? 0,
      sha256: sha256(content ?? ''),
    },
  });
  const id = globalId('Artifact', artifact.id);
  return { artifact, attemptDir, file, url: `/artifacts/${id}` };
}

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

  test('takes the id with its padding escaped', async ({ app }) => {
    const { url } = await makeArtifact(app, 'a.bin');
    await using server = await openServer(app);
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
    const { url, file } = await makeArtifact(app, 'large.bin');
    const content = Buffer.alloc(3_000_000, 'tunix');
    await writeFile(file, content);
    await using server = await openServer(app);
    const answer = await fetch(server.url + url);
    expect(sha256(Buffer.from(await answer.arrayBuffer()))).toBe(sha256(content));
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

  test('when its file is gone', async ({ app }) => {
    const { url } = await makeArtifact(app, 'gone', null);
    await using server = await openServer(app);
    expect(await server.send(url)).toMatchObject(notFound);
  });

  test('when its whole folder is gone', async ({ app }) => {
    const { url, attemptDir } = await makeArtifact(app, 'a/b');
    await rm(attemptDir, { recursive: true });
    await using server = await openServer(app);
    expect(await server.send(url)).toMatchObject(notFound);
  });

  test('when a link out of the folder has taken its place', async ({ app }) => {
    const { url, file, attemptDir } = await makeArtifact(app, 'link', null);
    const secret = join(app.config.dataDir, 'secret');
    await writeFile(secret, 'secret');
    await using server = await openServer(app);
    for (const target of [secret, '/etc/passwd', join(attemptDir, '..'), '/proc/self/environ']) {
      await rm(file, { force: true });
      await symlink(target, file);
      expect(await server.send(url), target).toMatchObject(notFound);
    }
  });

  test('when a link to a folder beside has taken the place of its folder', async ({ app }) => {
    const { url, attemptDir } = await makeArtifact(app, 'sub/file', null);
    // A sibling whose name begins like the folder itself.
    await mkdir(`${attemptDir}0`, { recursive: true });
    await writeFile(join(`${attemptDir}0`, 'file'), 'secret');
    await rm(join(attemptDir, 'sub'), { recursive: true });
    await symlink(`${attemptDir}0`, join(attemptDir, 'sub'));
    await using server = await openServer(app);
    expect(await server.send(url)).toMatchObject(notFound);
  });

  test('when a folder or a FIFO has taken its place', async ({ app }) => {
    const { url, file } = await makeArtifact(app, 'odd', null);
    await using server = await openServer(app);
    execFileSync('mkfifo', [file]);
    expect(await server.send(url)).toMatchObject(notFound);
    await rm(file);
    await mkdir(file);
    expect(await server.send(url)).toMatchObject(notFound);
  });

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
