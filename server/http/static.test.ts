import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test as base, describe, expect } from 'vitest';
import { serveClient } from './static.ts';

type Get = (path: string) => Promise<{
  status: number;
  headers: Record<string, string | undefined>;
  body: string;
}>;

/** A server of a built UI beside files that are none of its business. */
const test = base.extend<{ $file: { get: Get } }>({
  get: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixtures from the pattern.
    async ({}, use: (get: Get) => Promise<void>) => {
      const dir = await mkdtemp(join(tmpdir(), 'tunix-rt-client-'));
      const root = join(dir, 'dist');
      await mkdir(join(root, 'assets'), { recursive: true });
      await mkdir(join(dir, 'dist-other'));
      await writeFile(join(root, 'index.html'), '<title>the UI</title>');
      await writeFile(join(root, 'favicon.svg'), '<svg/>');
      await writeFile(join(root, '.secret'), 'secret');
      await writeFile(join(root, 'assets/app-1a2b.js'), 'run()');
      await writeFile(join(dir, 'secret.json'), 'secret');
      await writeFile(join(dir, 'dist-other/secret.json'), 'secret');
      const server = createServer((incoming, response) => {
        const { pathname } = new URL(incoming.url ?? '/', 'http://localhost');
        serveClient(incoming, response, pathname, root);
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      await use(async (path) => {
        const sent = request({ host: '127.0.0.1', port, path }).end();
        const [answer] = await once(sent, 'response');
        return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
      });
      server.close();
      server.closeAllConnections();
      await rm(dir, { recursive: true });
    },
    { scope: 'file' },
  ],
});

describe('the UI', () => {
  test.for([
    '/',
    '/runs/7',
    '/datasets/gsm8k-1.0',
    '/traces?text=x.js',
    '/assets',
    '/no/such/page',
  ])('is one page at %s', async (path, { get }) => {
    const answer = await get(path);
    expect(answer).toMatchObject({ status: 200, body: '<title>the UI</title>' });
    expect(answer.headers['content-type']).toMatch(/^text\/html/);
    expect(answer.headers['cache-control']).not.toContain('immutable');
  });

  test('has assets that are kept for good', async ({ get }) => {
    const answer = await get('/assets/app-1a2b.js');
    expect(answer).toMatchObject({ status: 200, body: 'run()' });
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(answer.headers['content-type']).toMatch(/^text\/javascript/);
  });

  test('has files beside the assets', async ({ get }) => {
    expect(await get('/favicon.svg')).toMatchObject({ status: 200, body: '<svg/>' });
  });

  test.for([
    '/assets/gone-3c4d.js',
    '/assets/',
    '/robots.txt',
    '/.secret',
    '/../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/assets/..%2f..%2fsecret.json',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.json',
    '/..%5csecret.json',
    '/..\\secret.json',
    '/..%2fdist-other%2fsecret.json',
    '/assets/app-1a2b.js%00.html',
    '/%00.html',
    '/%ff.html',
    '/%.html',
  ])('has nothing at %s', async (path, { get }) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });

  test('lets no page run what is not its own', async ({ get }) => {
    for (const path of ['/', '/assets/app-1a2b.js', '/assets/gone.js']) {
      const { headers } = await get(path);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['content-security-policy']).toMatch(/^default-src 'self';/);
      expect(headers['content-security-policy']).not.toMatch(/script-src|unsafe-eval|\*/);
      expect(headers['content-security-policy']).toContain("frame-ancestors 'self'");
    }
  });
});
