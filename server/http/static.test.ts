import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test as base, describe, expect } from 'vitest';
import { setSafeHeaders } from './headers.ts';
import { serveClient } from './static.ts';

type Get = (path: string) => Promise<{
  status: number;
  headers: Record<string, string | undefined>;
  body: string;
}>;

const PAGE = '<title>the UI</title><script nonce="NONCE-OF-THE-RESPONSE"></script>';

/** A server of a built UI beside files that are none of its business. */
const test = base.extend<{ $file: { get: Get } }>({
  get: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixtures from the pattern.
    async ({}, use: (get: Get) => Promise<void>) => {
      const dir = await mkdtemp(join(tmpdir(), 'tunix-rt-client-'));
      const root = join(dir, 'dist');
      await mkdir(join(root, 'assets'), { recursive: true });
      await mkdir(join(dir, 'dist-other'));
      await writeFile(join(root, 'index.html'), PAGE);
      await writeFile(join(root, 'favicon.svg'), '<svg/>');
      await writeFile(join(root, '.secret'), 'secret');
      await writeFile(join(root, 'assets/app-1a2b.js'), 'run()');
      await writeFile(join(dir, 'secret.json'), 'secret');
      await writeFile(join(dir, 'dist-other/secret.json'), 'secret');
      const server = createServer((incoming, response) => {
        const { pathname } = new URL(incoming.url ?? '/', 'http://localhost');
        setSafeHeaders(response);
        void serveClient(incoming, response, pathname, root);
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
    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('<title>the UI') });
    expect(answer.headers['content-type']).toMatch(/^text\/html/);
    // A nonce is for one response.
    expect(answer.headers['cache-control']).toBe('no-store');
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
    const { headers, body } = await get('/');
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toMatch(/^default-src 'self';/);
    expect(policy).not.toMatch(/script-src|unsafe|\*|https?:/);
    for (const word of ["frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'"]) {
      expect(policy).toContain(word);
    }
    const nonce = /style-src 'self' 'nonce-([\w+/]{22}==)';/.exec(policy)?.[1];
    expect(body).toContain(`<script nonce="${nonce}">`);
    expect((await get('/')).headers['content-security-policy']).not.toBe(policy);
  });

  test.for(['/', '/assets/app-1a2b.js', '/favicon.svg', '/assets/gone.js'])(
    'says to a browser what nothing may do, at %s',
    async (path, { get }) => {
      const { headers } = await get(path);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'permissions-policy': expect.stringContaining('camera=()'),
        'content-security-policy': expect.stringMatching(/^default-src '(self|none)';/),
      });
    },
  );
});
