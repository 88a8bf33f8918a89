/**
 * The floor of the API: `node:http` and `pg` doing what must be done and nothing else, no validation,
 * no GraphQL, no ORM. POST /traces parses, hashes and inserts one trace; GET /traces?after= lists 50
 * by keyset.
 */
import { createHash, randomUUIDv7 } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { baselineScore } from '../../server/traces/score.ts';

const INSERT = `
  INSERT INTO traces (id, content_hash, prompt_hash, trace_version, prompt_preview, answer_preview,
                      step_count, total_chars, baseline_score, source, tags, payload)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
  ON CONFLICT (content_hash) DO NOTHING`;

const COLUMNS =
  'id, prompt_preview, answer_preview, step_count, total_chars, source, tags, created_at';
const FIRST = `SELECT ${COLUMNS} FROM traces ORDER BY created_at DESC, id DESC LIMIT 50`;
const NEXT = `SELECT ${COLUMNS} FROM traces WHERE (created_at, id) < ($1, $2)
              ORDER BY created_at DESC, id DESC LIMIT 50`;

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 20 });
const sha256 = (content: Buffer | string) => createHash('sha256').update(content).digest('hex');

async function read(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
}

async function create(request: IncomingMessage): Promise<unknown> {
  const body = await read(request);
  const trace = JSON.parse(body.toString('utf8'));
  const { score, stepChars } = baselineScore(trace.steps);
  const id = randomUUIDv7();
  await pool.query({
    name: 'insert',
    text: INSERT,
    values: [
      id,
      sha256(body),
      sha256(trace.prompt),
      trace.trace_version,
      trace.prompt.slice(0, 200),
      trace.final_answer.slice(0, 200),
      trace.steps.length,
      trace.prompt.length + trace.final_answer.length + stepChars,
      score,
      trace.meta.source,
      [],
      JSON.stringify(trace),
    ],
  });
  return { id, created: true };
}

async function list(query: URLSearchParams): Promise<unknown> {
  const [time, id] = query.get('after')?.split(',') ?? [];
  const { rows } = await pool.query(
    time
      ? { name: 'next', text: NEXT, values: [time, id] }
      : { name: 'first', text: FIRST, values: [] },
  );
  return rows;
}

function reply(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': body.length });
  response.end(body);
}

const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const work = request.method === 'POST' ? create(request) : list(searchParams);
  work.then(
    (value) => reply(response, 200, value),
    (error: unknown) => reply(response, 500, { error: String(error) }),
  );
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
process.once('SIGTERM', () => {
  server.closeAllConnections();
  server.close(() => void pool.end().then(() => process.disconnect?.()));
});
