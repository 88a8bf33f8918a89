/** What an import is compared with: COPY of the same rows, a parse-and-hash loop, the predecessor. */
import { createHash } from 'node:crypto';
import { type TraceFile, traceAt } from '../lib/file.ts';
import { metered } from '../lib/meter.ts';
import { lineOf } from '../lib/rows.ts';
import type { Sample } from '../lib/stats.ts';
import { type Bench, same } from '../lib/workload.ts';
import { startPredecessor } from '../peers/predecessor.ts';

export const SEED = 1;
export const LINE_BYTES = 2048;
/** The import that the rows of COPY name. */
export const SESSION = '01900000-0000-7000-8000-000000000001';

/** The rows that the import would store, as COPY text made beforehand. */
export function copyChunks(lines: number): Buffer[] {
  const chunks: Buffer[] = [];
  let text: string[] = [];
  const seen = new Set<unknown>();
  for (let index = 0; index < lines; index += 1) {
    const trace = traceAt(SEED, index, LINE_BYTES);
    if (!trace || seen.has(trace.meta?.index)) continue;
    seen.add(trace.meta?.index);
    const createdAt = new Date(1_760_000_000_000 + index);
    text.push(
      lineOf(trace, {
        source: 'bench',
        tags: [],
        importSessionId: SESSION,
        importLine: index + 1,
        createdAt,
      }),
    );
    if (text.length < 500) continue;
    chunks.push(Buffer.from(text.join('')));
    text = [];
  }
  chunks.push(Buffer.from(text.join('')));
  return chunks;
}

/** One thread of Node that only parses and hashes each line. */
export function parseAndHash(file: TraceFile): Sample {
  const start = performance.now();
  let count = 0;
  for (const { bytes } of file.chunks) {
    for (let at = 0; at < bytes.length; ) {
      const end = bytes.indexOf(10, at);
      const line = bytes.subarray(at, end);
      at = end + 1;
      try {
        JSON.parse(line.toString('utf8'));
      } catch {
        continue; // a planted bad line
      }
      createHash('sha256').update(line).digest('hex');
      count += 1;
    }
  }
  const seconds = (performance.now() - start) / 1000;
  return { count, seconds, perSecond: count / seconds };
}

/** The predecessor takes at most 1000 traces at once and refuses all for one bad one. */
export async function openPeer(bench: Bench, lines: number) {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await bench.postgres.openDatabase('bench_peer', { migrated: false }));
  const server = stack.use(await startPredecessor(bench.predecessor ?? '', database.url));
  const traces = Array.from({ length: lines }, (_, index) => traceAt(SEED, index, LINE_BYTES));
  const valid = traces.filter((trace) => trace !== undefined);
  const bodies: string[] = [];
  for (let at = 0; at < valid.length; at += 1000) {
    bodies.push(JSON.stringify(valid.slice(at, at + 1000)));
  }
  const { sql } = database;
  const opened = stack.move();
  return {
    async run(): Promise<Sample> {
      await sql.query('TRUNCATE traces CASCADE');
      const sample = await metered({ server, postgres: bench.postgres, sql }, async () => {
        for (const body of bodies) {
          const headers = { 'Content-Type': 'application/json' };
          const response = await fetch(`${server.url}/api/traces/batch`, {
            method: 'POST',
            headers,
            body,
          });
          if (response.status !== 201)
            throw new Error(`the predecessor answered ${response.status}`);
          await response.arrayBuffer();
        }
        return { count: valid.length };
      });
      const { rows } = await sql.query('SELECT count(*)::int AS count FROM traces');
      same('rows of the predecessor', rows[0].count, valid.length);
      return { ...sample, perSecond: valid.length / (sample.seconds ?? Number.NaN) };
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
