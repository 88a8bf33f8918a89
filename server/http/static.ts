import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import send from 'send';
import { fail } from './respond.ts';

/** Where the build puts the UI. */
export const CLIENT = fileURLToPath(new URL('../../client/dist', import.meta.url));

/** What stands in the page for the nonce of a response; `vite.config.ts` says the same. */
const NONCE = 'NONCE-OF-THE-RESPONSE';

/** Scripts come from our own files alone; style elements carry the nonce of their page. */
const policy = (nonce: string) =>
  [
    "default-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    // Text becomes markup through the one policy of `client/lib/trustedTypes.ts`, or not at all.
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ');

/** Serves the built UI; every path that is no file is a page of it. */
export async function serveClient(
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
  root: string,
): Promise<void> {
  const isAsset = pathname.startsWith('/assets/');
  // The key of a dataset may end like a file name, so only what stands at the top is one.
  const isFile = isAsset || /^\/[^/]*\.[a-z0-9]+$/i.test(pathname);
  if (!isFile) {
    await sendPage(request, response, root);
    return;
  }
  // Files under assets carry a hash of their content in their name.
  const options = { root, index: false, ...(isAsset && { immutable: true, maxAge: '1y' }) };
  send(request, pathname, options)
    .on('error', () => notThere(response))
    .pipe(response);
}

async function sendPage(
  request: IncomingMessage,
  response: ServerResponse,
  root: string,
): Promise<void> {
  const page = await readFile(join(root, 'index.html'), 'utf8').catch(() => null);
  if (page === null) {
    notThere(response);
    return;
  }
  const nonce = randomBytes(16).toString('base64');
  const body = page.replaceAll(NONCE, nonce);
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'content-security-policy': policy(nonce),
    'cache-control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

const notThere = (response: ServerResponse) =>
  fail(response, 404, 'NOT_FOUND', 'There is no such page. Run `npm run build` for the UI.');
