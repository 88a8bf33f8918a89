/** Rows of the table `traces` as COPY takes them, for floors and for seeding. */
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { TracePayload } from '../../server/traces/model.ts';
import { COLUMNS, canonicalTrace, copyLine, toRow } from '../../server/traces/row.ts';
import { below, randomOf } from './random.ts';

const COPY = `COPY traces (${COLUMNS}, created_at) FROM STDIN`;

/** What stands beside the payload. */
export type RowLabels = {
  source: string | null;
  tags: string[];
  importSessionId: string;
  importLine: number;
  createdAt: Date;
};

/** A UUIDv7 of a time, its random part drawn from `index`. */
function uuidOf(time: Date, index: number): string {
  const next = randomOf(7, index);
  const hex = (digits: number) =>
    below(next, 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  const ms = time.getTime().toString(16).padStart(12, '0');
  const variant = '89ab'[below(next, 4)];
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7${hex(3)}-${variant}${hex(3)}-${hex(6)}${hex(6)}`;
}

/** One line of COPY: what the product stores, with an id and a time that are always the same. */
export function lineOf(payload: TracePayload, labels: RowLabels): string {
  const { createdAt, ...rest } = labels;
  const row = toRow({ payload, json: canonicalTrace(payload), ...rest });
  const id = uuidOf(createdAt, labels.importLine);
  return `${copyLine({ ...row, id }).trimEnd()}\t${createdAt.toISOString()}\n`;
}

/** COPY of prepared text into `traces`; the client has nothing to do but to send. */
export async function copyTraces(client: PoolClient, chunks: Iterable<Buffer>): Promise<void> {
  const stream = client.query(copyFrom(COPY));
  await pipeline(Readable.from(chunks), stream);
}

/** Like `copyTraces` for lines that are made on the way. */
export async function copyLines(client: PoolClient, lines: Iterable<string>): Promise<void> {
  const stream = client.query(copyFrom(COPY));
  let text = '';
  for (const line of lines) {
    text += line;
    if (text.length < 1 << 18) continue;
    if (!stream.write(text)) await once(stream, 'drain');
    text = '';
  }
  stream.end(text);
  await once(stream, 'finish');
}
