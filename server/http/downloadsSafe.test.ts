import { execFileSync } from 'node:child_process';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openServer } from '../test/http.ts';
import { makeArtifact, makeLeft } from '../test/makeArtifact.ts';
import { describe, expect, test } from '../test/test.ts';

describe('GET /artifacts/{id}/preview', () => {
  const PNG = Buffer.from('\x89PNG\r\n\x1a\n0000', 'latin1');

  test.for([
    ['image/png', PNG],
    ['image/jpeg', Buffer.from('\xff\xd8\xff\xe0 0000000', 'latin1')],
    ['image/gif', Buffer.from('GIF89a 0000000')],
    ['image/webp', Buffer.from('RIFF0000WEBP0000')],
  ] as const)('shows %s by its first bytes, whatever its name', async ([type, bytes], { app }) => {
    const { url } = await makeArtifact(app, 'page.html', bytes);
    await using server = await openServer(app);
    const answer = await server.send(`${url}/preview`);
    expect(answer).toMatchObject({
      status: 200,
      headers: {
        'content-type': type,
        'content-disposition': 'inline',
        'content-length': String(bytes.length),
        'x-content-type-options': 'nosniff',
        'content-security-policy': "sandbox; default-src 'none'",
        'cross-origin-resource-policy': 'same-origin',
      },
    });
    expect(await server.send(`${url}/preview`, { method: 'HEAD' })).toMatchObject({ body: '' });
  });

  test.for([
    ['a page that says it is a picture', 'a.png', '<script>alert(1)</script>'],
    ['an SVG picture, which may run scripts', 'a.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['an empty file', 'a.png', ''],
    ['a picture beyond 10 MB', 'a.png', Buffer.concat([PNG, Buffer.alloc(10 * 1024 * 1024)])],
  ] as const)('does not show %s', async ([, path, content], { app }) => {
    const { url } = await makeArtifact(app, path, content);
    await using server = await openServer(app);
    const answer = await server.send(`${url}/preview`);
    expect(answer).toMatchObject({ status: 415, body: expect.stringContaining('NO_PREVIEW') });
  });
});

describe('a file that an older version left in the folder of its attempt', () => {
  const gone = { status: 410, body: expect.stringContaining('"GONE"') };

  test('is sent as from the store', async ({ app }) => {
    const { url } = await makeLeft(app, 'export/model.bin', 'left');
    await using server = await openServer(app);
    expect(await server.send(url)).toMatchObject({ status: 200, body: 'left' });
    const part = await server.send(url, { headers: { range: 'bytes=2-3' } });
    expect(part).toMatchObject({ status: 206, body: 'ft' });
    expect(await server.send(url, { method: 'HEAD' })).toMatchObject({ status: 200 });
  });

  test('is gone with its folder', async ({ app }) => {
    const { url, attemptDir } = await makeLeft(app, 'a/b', 'left behind');
    await rm(attemptDir, { recursive: true });
    await using server = await openServer(app);
    expect(await server.send(url)).toMatchObject(gone);
  });

  test('is gone when it has another size', async ({ app }) => {
    const { url, file } = await makeLeft(app, 'a/b', 'left behind');
    await writeFile(file, 'short');
    await using server = await openServer(app);
    expect(await server.send(url)).toMatchObject(gone);
  });

  test('is gone when a link out of the folder has taken its place', async ({ app }) => {
    const { url, file, attemptDir } = await makeLeft(app, 'link', null);
    const secret = join(app.config.dataDir, 'secret');
    await writeFile(secret, 'secret');
    await using server = await openServer(app);
    for (const target of [secret, '/etc/passwd', join(attemptDir, '..'), '/proc/self/environ']) {
      await rm(file, { force: true });
      await symlink(target, file);
      expect(await server.send(url), target).toMatchObject(gone);
    }
  });

  test('is gone when a link to a folder beside has taken the place of its folder', async ({
    app,
  }) => {
    const { url, attemptDir } = await makeLeft(app, 'sub/file', null);
    // A sibling whose name begins like the folder itself.
    await mkdir(`${attemptDir}0`, { recursive: true });
    await writeFile(join(`${attemptDir}0`, 'file'), 'secret');
    await rm(join(attemptDir, 'sub'), { recursive: true });
    await symlink(`${attemptDir}0`, join(attemptDir, 'sub'));
    await using server = await openServer(app);
    expect(await server.send(url)).toMatchObject(gone);
  });

  test('is gone when a folder or a FIFO has taken its place', async ({ app }) => {
    const { url, file } = await makeLeft(app, 'odd', null);
    await using server = await openServer(app);
    execFileSync('mkfifo', [file]);
    expect(await server.send(url)).toMatchObject(gone);
    await rm(file);
    await mkdir(file);
    expect(await server.send(url)).toMatchObject(gone);
  });
});
