/** What bounds the storing of a log: the pipe, compressed chunks, rows; and how others store it. */
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { start } from '../../server/tunix/process.ts';
import type { Sample } from '../lib/stats.ts';
import { same } from '../lib/workload.ts';

const NEWLINE = 10;
const LINES_OF_CHUNK = 500;
/** As the predecessor's log manager commits. */
const LINES_OF_COMMIT = 50;

const compress = promisify(deflate);

async function timed(count: number, work: () => Promise<number>): Promise<Sample> {
  const begin = performance.now();
  same('lines', await work(), count);
  const seconds = (performance.now() - begin) / 1000;
  return { count, seconds, perSecond: count / seconds };
}

/** Lets `cat` write the file into a pipe and hands over what comes. */
async function readPipe(path: string, take: (bytes: Buffer) => Promise<void> | void) {
  const command = { file: 'cat', args: [path], env: { PATH: process.env.PATH ?? '' } };
  const child = start(command, tmpdir(), (_stream, bytes) => take(bytes));
  same('exit', await child.exit, { kind: 'exited', code: 0 });
}

/** The pipe alone: every line is found and thrown away. */
export const countOnly = (path: string, count: number): Promise<Sample> =>
  timed(count, async () => {
    let found = 0;
    await readPipe(path, (bytes) => {
      for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) {
        found += 1;
      }
    });
    return found;
  });

/** Lines in groups of `size`, each with the number of its first line, from 1. */
async function groups(
  path: string,
  size: number,
  take: (first: number, lines: Buffer[]) => Promise<void>,
): Promise<number> {
  let rest: Buffer = Buffer.alloc(0);
  let lines: Buffer[] = [];
  let taken = 0;
  const pass = async () => {
    const group = lines;
    lines = [];
    await take(taken + 1, group);
    taken += group.length;
  };
  await readPipe(path, async (bytes) => {
    const all = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes;
    let from = 0;
    for (let at = all.indexOf(NEWLINE); at !== -1; at = all.indexOf(NEWLINE, from)) {
      lines.push(all.subarray(from, at + 1));
      from = at + 1;
      if (lines.length === size) await pass();
    }
    rest = Buffer.from(all.subarray(from));
  });
  if (lines.length > 0) await pass();
  return taken;
}

async function withTable<T>(
  url: string,
  columns: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`DROP TABLE IF EXISTS bench_floor; CREATE TABLE bench_floor (${columns})`);
    return await work(client);
  } finally {
    await client.query('DROP TABLE IF EXISTS bench_floor');
    await client.end();
  }
}

/** Chunks of 500 lines, compressed, one INSERT each, one connection, nothing else. */
export const chunksOnly = (url: string, path: string, count: number): Promise<Sample> =>
  withTable(url, 'first_seq bigint PRIMARY KEY, last_seq bigint, data bytea', (client) =>
    timed(count, () =>
      groups(path, LINES_OF_CHUNK, async (first, lines) => {
        const data = await compress(Buffer.concat(lines), { level: 1 });
        await client.query({
          name: 'chunk',
          text: 'INSERT INTO bench_floor VALUES ($1, $2, $3)',
          values: [first, first + lines.length - 1, data],
        });
      }),
    ),
  );

/** A row for each line by one long COPY, into a table with a primary key. */
export const rowsByCopy = (url: string, path: string, count: number): Promise<Sample> =>
  withTable(url, 'seq bigint PRIMARY KEY, line text', (client) =>
    timed(count, async () => {
      const copy = client.query(copyFrom('COPY bench_floor FROM STDIN'));
      const found = await groups(path, LINES_OF_CHUNK, async (first, lines) => {
        const rows = lines.map((line, index) => `${first + index}\t${line.toString('latin1')}`);
        if (!copy.write(rows.join(''))) await once(copy, 'drain');
      });
      copy.end();
      await once(copy, 'finish');
      return found;
    }),
  );

/** A row for each line, one INSERT each, committed every 50 lines. */
export const rowsByFifty = (url: string, path: string, count: number): Promise<Sample> =>
  withTable(
    url,
    'seq bigint PRIMARY KEY, stream text, line text, created_at timestamptz',
    (client) =>
      timed(count, () =>
        groups(path, LINES_OF_COMMIT, async (first, lines) => {
          await client.query('BEGIN');
          for (const [index, line] of lines.entries()) {
            await client.query({
              name: 'line',
              text: `INSERT INTO bench_floor VALUES ($1, 'stdout', $2, clock_timestamp())`,
              values: [first + index, line.toString()],
            });
          }
          await client.query('COMMIT');
        }),
      ),
  );
