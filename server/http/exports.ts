import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { create as contentDisposition } from 'content-disposition';
import { localId } from '../../schema/ids.ts';
import type { App } from '../app.ts';
import { writeManifest } from '../datasets/manifest.ts';
import { readItems } from '../datasets/read.ts';
import { type ExportFormat, exportLine } from '../datasets/render.ts';
import { ValidationError } from '../errors.ts';
import { readAll } from '../logs/read.ts';
import { readUngarTraces } from '../ungar/read.ts';
import { fail } from './respond.ts';

export const FORMATS = [
  'trace',
  'tunix_sft',
  'training_example',
] as const satisfies readonly ExportFormat[];
const STREAMS: readonly string[] = ['stdout', 'stderr', 'system'];
const SPLITS: readonly string[] = ['TRAIN', 'EVAL', 'TEST'];
export const NDJSON = 'application/x-ndjson; charset=utf-8';

/** Sends a file as it is read; of a HEAD request the head. */
export async function stream(
  response: ServerResponse,
  name: string,
  type: string,
  parts: AsyncIterable<string | Buffer>,
): Promise<void> {
  response.writeHead(200, {
    'content-type': type,
    'content-disposition': contentDisposition(name),
    'x-content-type-options': 'nosniff',
  });
  // Nobody reads it, and it may be long.
  if (response.req.method === 'HEAD') response.end();
  else await pipeline(Readable.from(parts), response);
}

/** `GET /export/datasets/{key}.jsonl?format=&split=`: the items in order, the same bytes each time. */
export async function exportDataset(
  app: App,
  response: ServerResponse,
  key: string,
  query: URLSearchParams,
): Promise<void> {
  const format = query.get('format') ?? 'trace';
  const split = query.get('split')?.toUpperCase() ?? null;
  if (!(FORMATS as readonly string[]).includes(format)) {
    fail(response, 400, 'VALIDATION', `format: use one of ${FORMATS.join(', ')}.`);
    return;
  }
  if (split !== null && !SPLITS.includes(split)) {
    fail(response, 400, 'VALIDATION', `split: use one of ${SPLITS.join(', ')}.`);
    return;
  }
  const dataset = await app.db.dataset.findUnique({ where: { key } });
  if (!dataset) {
    fail(response, 404, 'NOT_FOUND', 'There is no such dataset.');
    return;
  }
  const side = split as 'TRAIN' | 'EVAL' | 'TEST' | null;
  const lines = linesOf(readItems(app.sql, dataset.id, side), format as ExportFormat);
  await stream(response, `${key}.jsonl`, NDJSON, lines);
}

/** Traces as lines of an export. */
export async function* linesOf(
  rows: AsyncIterable<Parameters<typeof exportLine>[1]>,
  format: ExportFormat,
) {
  for await (const row of rows) yield exportLine(format, row);
}

/** `GET /export/datasets/{key}.manifest.json`: what the dataset is made of, the same bytes each time. */
export async function exportManifest(
  app: App,
  response: ServerResponse,
  key: string,
): Promise<void> {
  const dataset = await app.db.dataset.findUnique({ where: { key }, include: { parent: true } });
  if (!dataset) {
    fail(response, 404, 'NOT_FOUND', 'There is no such dataset.');
    return;
  }
  const type = 'application/json; charset=utf-8';
  await stream(response, `${key}.manifest.json`, type, writeManifest(app.sql, dataset));
}

/** `GET /export/ungar/high-card-duel.jsonl?limit=&traceIds=`: newest first, in the `trace` shape. */
export async function exportUngar(
  app: App,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  const limit = query.get('limit');
  const ids = query.get('traceIds');
  const input = {
    limit: limit === null ? null : Number(limit || Number.NaN),
    traceIds: ids === null ? null : ids.split(',').map((id) => localId('Trace', id) ?? id),
  };
  try {
    const rows = readUngarTraces(app.sql, input);
    await stream(response, 'high-card-duel.jsonl', NDJSON, linesOf(rows, 'trace'));
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    fail(response, 400, 'VALIDATION', error.message);
  }
}

/** The attempt that is asked for; null for none. What is no number of one is refused, undefined then. */
export function attemptOf(
  response: ServerResponse,
  query: URLSearchParams,
): number | null | undefined {
  const attempt = query.get('attempt');
  if (attempt === null) return null;
  if (/^[1-9]\d{0,8}$/.test(attempt)) return Number(attempt);
  fail(response, 400, 'VALIDATION', 'attempt: use a whole number from 1.');
  return undefined;
}

/**
 * `GET /export/runs/{number}/log.txt?attempt=&stream=`: the whole log so far, bytes as they were
 * written. With a marked gap its sentence stands in their place.
 */
export async function exportLog(
  app: App,
  response: ServerResponse,
  number: number,
  query: URLSearchParams,
): Promise<void> {
  const attempt = attemptOf(response, query);
  const source = query.get('stream');
  if (attempt === undefined) return;
  if (source !== null && !STREAMS.includes(source)) {
    fail(response, 400, 'VALIDATION', `stream: use one of ${STREAMS.join(', ')}.`);
    return;
  }
  const run = Number.isSafeInteger(number)
    ? await app.db.run.findFirst({ where: { number }, select: { id: true } })
    : null;
  if (!run) {
    fail(response, 404, 'NOT_FOUND', 'There is no such run.');
    return;
  }
  const parts = async function* () {
    for await (const part of readAll(app.sql, run.id)) {
      if (attempt !== null && part.attempt !== attempt) continue;
      if (source === null || part.stream.toLowerCase() === source) yield part.data;
    }
  };
  const name = ['run', number, attempt && `attempt-${attempt}`, source].filter(Boolean).join('-');
  await stream(response, `${name}.log.txt`, 'text/plain; charset=utf-8', parts());
}
