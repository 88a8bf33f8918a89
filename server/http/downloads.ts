import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { create as contentDisposition } from 'content-disposition';
import { localId } from '../../schema/ids.ts';
import type { App } from '../app.ts';
import { openStored } from '../artifacts/store.ts';
import { fail } from './respond.ts';

type Range = { start: number; end: number };

/** One range of a `Range` header; null for none or a form we do not serve, then all is sent. */
function parseRange(header: string | undefined, size: number): Range | 'unsatisfiable' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (!match[1] && !match[2])) return null;
  const start = match[1] ? Number(match[1]) : Math.max(0, size - Number(match[2]));
  const end = match[1] && match[2] ? Math.min(Number(match[2]), size - 1) : size - 1;
  return start > end || start >= size ? 'unsatisfiable' : { start, end };
}

/**
 * `GET /artifacts/{id}`: one stored file, always as a download, whatever it contains: a page or
 * picture made by a training must not run in our origin.
 */
export async function downloadArtifact(
  app: App,
  request: IncomingMessage,
  response: ServerResponse,
  globalId: string,
): Promise<void> {
  const id = localId('Artifact', globalId);
  const artifact = id ? await app.db.artifact.findUnique({ where: { id } }) : null;
  const file = artifact ? await openStored(app.config.dataDir, artifact) : null;
  if (!artifact || !file) {
    fail(response, 404, 'NOT_FOUND', 'There is no such artifact, or its file is gone.');
    return;
  }
  try {
    const { size } = await file.stat();
    const range = parseRange(request.headers.range, size);
    if (range === 'unsatisfiable') {
      response.setHeader('content-range', `bytes */${size}`);
      fail(response, 416, 'BAD_RANGE', `The file has ${size} bytes.`);
      return;
    }
    const { start, end } = range ?? { start: 0, end: size - 1 };
    response.writeHead(range ? 206 : 200, {
      'content-type': 'application/octet-stream',
      'content-length': size === 0 ? 0 : end - start + 1,
      'content-disposition': contentDisposition(basename(artifact.path)),
      'accept-ranges': 'bytes',
      etag: `"${artifact.sha256}"`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'cross-origin-resource-policy': 'same-origin',
      ...(range && { 'content-range': `bytes ${start}-${end}/${size}` }),
    });
    if (request.method === 'HEAD' || size === 0) response.end();
    else await pipeline(file.createReadStream({ start, end, autoClose: false }), response);
  } finally {
    await file.close();
  }
}
