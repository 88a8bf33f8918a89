/** a: one file through POST /import/traces, against COPY of the same rows and a parse-and-hash loop. */
import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import {
  bytesOf,
  checksumOf,
  type Expected,
  expectedOf,
  makeFile,
  TABLE_CHECKSUM,
  type TraceFile,
  traceAt,
} from '../lib/file.ts';
import { metered } from '../lib/meter.ts';
import type { Measurement } from '../lib/report.ts';
import { copyTraces } from '../lib/rows.ts';
import { startApi } from '../lib/server.ts';
import type { Sample } from '../lib/stats.ts';
import { type Bench, same, type Workload } from '../lib/workload.ts';
import { predecessorFault } from '../peers/predecessor.ts';
import { copyChunks, LINE_BYTES, openPeer, parseAndHash, SEED, SESSION } from './importFloors.ts';

const SEARCHABLE_MS = 600_000;

type Answer = {
  status: string;
  lines: number;
  stored: number;
  duplicates: number;
  rejected: number;
  bytes: number;
  report: { line: number }[];
};

/** Lines and passes: a larger file is the same lines again with other digits in them. */
function sizeOf({ quick, size }: Bench): { lines: number; passes: number } {
  const lines = quick ? 5_000 : 100_000;
  if (size === undefined) return { lines, passes: 1 };
  const gigabytes = Number(/^(\d+)g$/.exec(size)?.[1]);
  if (!gigabytes) throw new Error('--size is a number of gigabytes, such as 1g.');
  return { lines, passes: Math.ceil((gigabytes * 1e9) / (lines * LINE_BYTES)) };
}

export const importFile: Workload = {
  letter: 'a',
  name: 'import',
  async open(bench) {
    const { lines, passes } = sizeOf(bench);
    const file = makeFile(SEED, lines, LINE_BYTES);
    const expected = expectedOf(file, passes);
    const digest = passes === 1 ? checksumOf(SEED, lines, LINE_BYTES) : null;
    const rows = passes === 1 ? copyChunks(lines) : null;
    const fault = passes === 1 ? await predecessorFault(bench.predecessor) : 'only ours: --size';

    await using stack = new AsyncDisposableStack();
    const database = stack.use(await bench.postgres.openDatabase('bench_import'));
    const api = stack.use(await startApi(database.url, bench));
    const peer = fault ? null : stack.use(await openPeer(bench, lines));
    const checks = new Set<string>();
    const { sql } = database;
    const watched = { postgres: bench.postgres, sql };

    const ours = async (): Promise<Sample> => {
      await empty(sql);
      const sample = await metered({ ...watched, server: api }, async () => {
        const start = performance.now();
        const answer = await upload(`${api.url}/import/traces?name=bench.jsonl`, file, passes);
        const seconds = (performance.now() - start) / 1000;
        checkAnswer(answer, expected, file.bytes * passes);
        return {
          seconds,
          count: expected.stored,
          perSecond: expected.stored / seconds,
          mbPerSecond: answer.bytes / seconds / 1e6,
        };
      });
      checks.add(
        `the answer counts ${expected.stored} stored, ${expected.duplicates} duplicates and
        exactly the ${expected.badLines.length} planted bad lines`.replace(/\s+/g, ' '),
      );
      await checkTable(sql, expected, digest);
      checks.add('the table holds every valid trace once, by the digest of all content hashes');
      await checkPayloads(sql, lines);
      checks.add('a sample of payloads reads back as it was sent');
      return passes > 1 ? sample : { ...sample, searchableS: await untilSearchable(sql) };
    };

    const copy = async (): Promise<Sample> => {
      await empty(sql);
      await sql.query('INSERT INTO import_sessions (id, name) VALUES ($1, $2)', [SESSION, 'copy']);
      const client = await sql.connect();
      try {
        const sample = await metered({ ...watched, server: null }, async () => {
          await copyTraces(client, rows ?? []);
          return { count: expected.stored };
        });
        await checkTable(sql, expected, digest);
        return { ...sample, perSecond: expected.stored / (sample.seconds ?? Number.NaN) };
      } finally {
        client.release();
      }
    };

    const opened = stack.move();
    return {
      what:
        `${expected.lines} lines, ${Math.round((file.bytes * passes) / 1e6)} MB, ` +
        `${expected.duplicates} duplicates, ${expected.badLines.length} bad lines; perSecond counts stored traces`,
      skipped: fault ? [fault] : [],
      checks,
      headlineOf: () => ({ figure: 'perSecond', better: 'higher' }),
      async round() {
        const all: Measurement[] = [{ case: 'file', subject: 'ours', sample: await ours() }];
        if (rows) all.push({ case: 'file', subject: 'floor: COPY', sample: await copy() });
        if (rows) {
          const sample = await metered({ ...watched, server: null }, async () =>
            parseAndHash(file),
          );
          all.push({ case: 'file', subject: 'floor: parse + sha256', sample });
        }
        if (peer)
          all.push({ case: 'file', subject: 'peer: predecessor', sample: await peer.run() });
        await empty(sql);
        return all;
      },
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    };
  },
};

const empty = (sql: Pool) =>
  sql.query('TRUNCATE traces, import_sessions, search_backlog CASCADE').then(() => undefined);

/** Sends the file and reads the answer, waiting whenever the server does not take more. */
async function upload(url: string, file: TraceFile, passes: number): Promise<Answer> {
  const request = httpRequest(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-ndjson' },
  });
  const answered = new Promise<Answer>((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        if (response.statusCode === 200) resolve(JSON.parse(text) as Answer);
        else reject(new Error(`the import answered ${response.statusCode}: ${text.slice(0, 500)}`));
      });
    });
  });
  const [answer] = await Promise.all([
    answered,
    pipeline(Readable.from(bytesOf(file, passes)), request),
  ]);
  return answer;
}

function checkAnswer(answer: Answer, expected: Expected, bytes: number): void {
  const { status, lines, stored, duplicates, rejected } = answer;
  same(
    'the answer',
    { status, lines, stored, duplicates, rejected, bytes: answer.bytes },
    {
      status: 'COMPLETED',
      lines: expected.lines,
      stored: expected.stored,
      duplicates: expected.duplicates,
      rejected: expected.badLines.length,
      bytes,
    },
  );
  const reported = answer.report.map(({ line }) => line);
  same('the reported lines', reported, expected.badLines.slice(0, 1000));
}

async function checkTable(sql: Pool, expected: Expected, digest: string | null): Promise<void> {
  if (digest === null) {
    const { rows } = await sql.query('SELECT count(*)::int AS count FROM traces');
    same('rows', rows[0].count, expected.stored);
    return;
  }
  const { rows } = await sql.query(TABLE_CHECKSUM);
  same('the table', rows[0], { count: expected.stored, digest });
}

async function checkPayloads(sql: Pool, lines: number): Promise<void> {
  for (let index = 1; index < lines; index += Math.ceil(lines / 20)) {
    const trace = traceAt(SEED, index, LINE_BYTES);
    if (!trace) continue;
    const { rowCount } = await sql.query(
      `SELECT FROM traces WHERE payload = $1 AND payload->'meta'->>'index' = $2`,
      [JSON.stringify(trace), String(trace.meta?.index)],
    );
    same(`traces equal to line ${index + 1}`, rowCount, 1);
  }
}

/** Seconds from the end of the import until full-text search knows every trace. */
async function untilSearchable(sql: Pool): Promise<number> {
  const start = performance.now();
  for (;;) {
    const { rows } = await sql.query('SELECT NOT EXISTS (SELECT FROM search_backlog) AS done');
    const seconds = (performance.now() - start) / 1000;
    if (rows[0].done) {
      const counts = await sql.query(
        'SELECT (SELECT count(*) FROM traces) = (SELECT count(*) FROM trace_search) AS all',
      );
      return counts.rows[0].all ? seconds : Number.NaN;
    }
    if (seconds * 1000 > SEARCHABLE_MS) throw new Error('not searchable after 10 minutes');
    await delay(100);
  }
}
