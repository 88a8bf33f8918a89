import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { create as contentDisposition } from 'content-disposition';
import type { App } from '../app.ts';
import { readItems } from '../datasets/read.ts';
import { type ExportFormat, exportRecord } from '../datasets/render.ts';
import { readLog } from '../runs/read.ts';
import { fail } from './respond.ts';

const FORMATS: readonly string[] = ['trace', 'tunix_sft', 'training_example'];
const SPLITS: readonly string[] = ['TRAIN', 'EVAL', 'TEST'];

async function stream(
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
  await pipeline(Readable.from(parts), response);
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
  if (!FORMATS.includes(format)) {
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
  const lines = async function* () {
    for await (const item of readItems(app.sql, dataset.id, side)) {
      yield `${JSON.stringify(exportRecord(format as ExportFormat, item))}\n`;
    }
  };
  await stream(response, `${key}.jsonl`, 'application/x-ndjson; charset=utf-8', lines());
}

/** `GET /export/runs/{number}/log.txt`: the whole log so far, bytes as they were written. */
export async function exportLog(app: App, response: ServerResponse, number: number): Promise<void> {
  const run = Number.isSafeInteger(number)
    ? await app.db.run.findFirst({ where: { number }, select: { id: true } })
    : null;
  if (!run) {
    fail(response, 404, 'NOT_FOUND', 'There is no such run.');
    return;
  }
  const parts = async function* () {
    let after = 0;
    for (;;) {
      const { batches, hasMore } = await readLog(app.sql, run.id, after);
      for (const batch of batches) {
        yield batch.data;
        after = batch.lastSeq;
      }
      if (!hasMore) return;
    }
  };
  await stream(response, `run-${number}.log.txt`, 'text/plain; charset=utf-8', parts());
}
