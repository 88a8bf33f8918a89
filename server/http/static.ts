import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import send from 'send';
import { fail } from './respond.ts';

const ROOT = fileURLToPath(new URL('../../client/dist', import.meta.url));

// Mantine sets its colours as inline styles; scripts come from our own files alone.
const POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "frame-ancestors 'self'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

/** Serves the built UI; every path that is no file is a page of it. */
export function serveClient(
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
  root = ROOT,
): void {
  const isAsset = pathname.startsWith('/assets/');
  response.setHeader('content-security-policy', POLICY);
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'same-origin');
  // Files under assets carry a hash of their content in their name.
  const options = { root, index: false, ...(isAsset && { immutable: true, maxAge: '1y' }) };
  // The key of a dataset may end like a file name, so only what stands at the top is one.
  const isFile = isAsset || /^\/[^/]*\.[a-z0-9]+$/i.test(pathname);
  send(request, isFile ? pathname : '/index.html', options)
    .on('error', () =>
      fail(response, 404, 'NOT_FOUND', 'There is no such page. Run `npm run build` for the UI.'),
    )
    .pipe(response);
}
