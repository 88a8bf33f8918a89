/** `GET /artifacts/{id}` and `GET /artifacts/{id}/preview`: files that trainings made, from either store. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { create as contentDisposition } from 'content-disposition';
import { localId } from '../../schema/ids.ts';
import type { App } from '../app.ts';
import { openPicture } from '../artifacts/preview.ts';
import { isReadable, openArtifact } from '../artifacts/read.ts';
import { UnavailableError } from '../errors.ts';
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

/** Whether `If-None-Match` names what we would send; weak and strong tags are the same for it. */
const hasIt = (header: string | undefined, etag: string): boolean =>
  header === '*' ||
  (header ?? '').split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);

/** What every answer with bytes of a training says: nothing in it may run in our origin. */
export const SAFE = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'",
  'cross-origin-resource-policy': 'same-origin',
};

/**
 * One file, always as a download, whatever it contains: a page or picture made by a training must not
 * run in our origin.
 */
export async function downloadArtifact(
  app: App,
  request: IncomingMessage,
  response: ServerResponse,
  globalId: string,
): Promise<void> {
  await withArtifact(app, response, globalId, async (artifact) => {
    const size = Number(artifact.size);
    const etag = `"${artifact.sha256}"`;
    if (hasIt(request.headers['if-none-match'], etag)) {
      response.writeHead(304, { etag, ...SAFE }).end();
      return;
    }
    const { 'if-range': ifRange } = request.headers;
    const wanted = ifRange === undefined || ifRange === etag ? request.headers.range : undefined;
    const range = parseRange(wanted, size);
    if (range === 'unsatisfiable') {
      response.setHeader('content-range', `bytes */${size}`);
      fail(response, 416, 'BAD_RANGE', `The file has ${size} bytes.`);
      return;
    }
    const isBodyless = request.method === 'HEAD' || size === 0;
    const body = isBodyless ? null : await openArtifact(app, artifact, range ?? undefined);
    if (isBodyless ? !(await isReadable(app, artifact)) : !body) {
      gone(response);
      return;
    }
    const { start, end } = range ?? { start: 0, end: size - 1 };
    response.writeHead(range ? 206 : 200, {
      ...SAFE,
      'content-type': 'application/octet-stream',
      'content-length': size === 0 ? 0 : end - start + 1,
      'content-disposition': contentDisposition(basename(artifact.path)),
      'accept-ranges': 'bytes',
      // It never changes; but when its bytes are given up, a cache should not keep them for ever.
      'cache-control': 'private, no-cache',
      'repr-digest': `sha-256=:${Buffer.from(artifact.sha256, 'hex').toString('base64')}:`,
      etag,
      ...(range && { 'content-range': `bytes ${start}-${end}/${size}` }),
    });
    await sendBody(response, body);
  });
}

/** A picture for a page to show, known by its first bytes and not by its name. */
export async function previewArtifact(
  app: App,
  request: IncomingMessage,
  response: ServerResponse,
  globalId: string,
): Promise<void> {
  await withArtifact(app, response, globalId, async (artifact) => {
    const picture = await openPicture(app, artifact);
    if (!picture) {
      const said = 'Only PNG, JPEG, GIF and WebP pictures of at most 10 MB are shown. Download it.';
      fail(response, 415, 'NO_PREVIEW', said);
      return;
    }
    response.writeHead(200, {
      ...SAFE,
      'content-type': picture.mediaType,
      'content-length': String(artifact.size),
      'content-disposition': 'inline',
      'cache-control': 'private, no-cache',
    });
    if (request.method === 'HEAD') picture.body.destroy();
    await sendBody(response, request.method === 'HEAD' ? null : picture.body);
  });
}

type Artifact = NonNullable<Awaited<ReturnType<App['db']['artifact']['findUnique']>>>;

/** Answers for what is no artifact, was given up, or lies in a store that is away. */
async function withArtifact(
  app: App,
  response: ServerResponse,
  globalId: string,
  send: (artifact: Artifact) => Promise<void>,
): Promise<void> {
  const id = localId('Artifact', globalId);
  const artifact = id ? await app.db.artifact.findUnique({ where: { id } }) : null;
  if (!artifact) {
    fail(response, 404, 'NOT_FOUND', 'There is no such artifact. Copy the address from its run.');
  } else if (artifact.deletedAt) {
    const when = artifact.deletedAt.toISOString().slice(0, 10);
    fail(response, 410, 'GIVEN_UP', `The bytes of this file were given up on ${when}.`);
  } else await fromStore(app, response, { artifact: id }, () => send(artifact));
}

/** Sends what comes from the store, or says that it does not answer; `about` is for the log. */
export async function fromStore(
  app: App,
  response: ServerResponse,
  about: object,
  send: () => Promise<void>,
): Promise<void> {
  try {
    await send();
  } catch (error) {
    if (!(error instanceof UnavailableError) || response.headersSent) throw error;
    app.log.error({ err: error, ...about }, 'artifact could not be read');
    // Where the store is and what it said is for the log.
    response.setHeader('retry-after', '10');
    fail(response, 503, 'UNAVAILABLE', 'The artifact store does not answer. Try again later.');
  }
}

export const gone = (response: ServerResponse) =>
  fail(response, 410, 'GONE', 'The bytes of this artifact are gone from the store.');

async function sendBody(response: ServerResponse, body: Readable | null): Promise<void> {
  if (body) await pipeline(body, response);
  else response.end();
}
