/** b: one trace at a time by the mutation `createTrace`, against plain HTTP and bare INSERTs. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { type Answer, openConnection, requestBytes } from '../lib/connection.ts';
import { closedLoop, openLoop, type Target } from '../lib/load.ts';
import { metered } from '../lib/meter.ts';
import type { Measurement } from '../lib/report.ts';
import { type Server, startApi, startPlain } from '../lib/server.ts';
import type { Sample } from '../lib/stats.ts';
import { passDigits, passOffset, traceOf } from '../lib/traces.ts';
import { type Bench, same, type Workload } from '../lib/workload.ts';
import { pgbench } from '../peers/pgbench.ts';
import { predecessorFault, startPredecessor } from '../peers/predecessor.ts';

const SEED = 2;
const TRACE_BYTES = 2048;
/** Different texts; the digits of `pass` make every request another trace. */
const TEMPLATES = 512;
const CLIENTS = [1, 8, 32];
const RATES = [250, 1000];

const MUTATION = `mutation Bench_CreateTrace($input: CreateTraceInput!) {
  createTrace(input: $input) {
    __typename
    ... on CreateTracePayload { created trace { id } }
    ... on ValidationError { message }
  }
}`;

/** A server, how a trace is sent to it, and where its rows are. */
type Subject = {
  name: string;
  server: Server;
  sql: Pool;
  path: string;
  bodyOf(trace: unknown): unknown;
  status: number;
  /** What an answer must hold. */
  sign: string;
};

/** Requests that never repeat, over the whole benchmark. */
function targetOf(subject: Subject): Target {
  const url = new URL(subject.path, subject.server.url);
  const templates = Array.from({ length: TEMPLATES }, (_, index) => {
    const body = JSON.stringify(subject.bodyOf(traceOf(SEED, index, TRACE_BYTES)));
    const bytes = requestBytes(url, 'POST', body);
    return { bytes, at: passOffset(bytes) };
  });
  let serial = 0;
  return {
    url,
    request() {
      serial += 1;
      const template = templates[serial % TEMPLATES];
      if (!template) throw new Error('no templates');
      const bytes = Buffer.from(template.bytes);
      bytes.write(passDigits(serial), template.at, 'latin1');
      return bytes;
    },
    check({ status, body }: Answer) {
      if (status !== subject.status || !body.includes(subject.sign)) {
        throw new Error(`${subject.name} answered ${status}: ${body.toString('utf8', 0, 500)}`);
      }
    },
  };
}

export const create: Workload = {
  letter: 'b',
  name: 'create',
  async open(bench) {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(await bench.postgres.openDatabase('bench_create'));
    const { sql, url } = database;
    const api = stack.use(await startApi(url, bench));
    const plain = stack.use(await startPlain(url));
    const common = { sql, status: 200, sign: '"created":true' };
    const subjects: Subject[] = [
      {
        ...common,
        name: 'ours',
        server: api,
        path: '/graphql',
        bodyOf: (trace) => ({ query: MUTATION, variables: { input: { trace } } }),
      },
      {
        ...common,
        name: 'floor: http + pg',
        server: plain,
        path: '/traces',
        bodyOf: (trace) => trace,
      },
    ];
    const fault = await predecessorFault(bench.predecessor);
    if (!fault) subjects.push(await openPeer(bench, stack));
    const loads = subjects.map((subject) => ({ subject, target: targetOf(subject) }));
    const seconds = bench.quick ? 1 : 5;
    const checks = new Set<string>();

    const measure = async (subject: Subject, load: () => Promise<Sample>): Promise<Sample> => {
      await subject.sql.query('TRUNCATE traces CASCADE');
      const watched = { server: subject.server, postgres: bench.postgres, sql: subject.sql };
      const sample = await metered(watched, load);
      const { rows } = await subject.sql.query('SELECT count(*)::int AS count FROM traces');
      same(`rows of ${subject.name}`, rows[0].count, sample.count);
      checks.add('every request was answered as created, and the table holds exactly as many rows');
      await settle(subject.sql);
      return sample;
    };
    const bare = (clients: number): Promise<Sample> =>
      metered({ server: null, postgres: bench.postgres, sql }, () =>
        pgbench({ program: bench.postgres.pgbench ?? '', url, script: SCRIPT, clients, seconds }),
      );

    for (const { target } of loads) await closedLoop(target, { clients: 8, seconds }); // warm
    await checkReadBack(api, sql);
    checks.add('a created trace reads back as it was sent');
    await settle(sql);

    const opened = stack.move();
    return {
      what: `one trace of ${TRACE_BYTES} bytes for each request, ${seconds} s for each case`,
      skipped: [
        ...(fault ? [fault] : []),
        ...(bench.postgres.pgbench ? [] : ['pgbench: not installed']),
      ],
      checks,
      headlineOf: (name) =>
        name.startsWith('open')
          ? { figure: 'p99Ms', better: 'lower' }
          : { figure: 'perSecond', better: 'higher' },
      async round() {
        const all: Measurement[] = [];
        for (const clients of CLIENTS) {
          const name = `closed, ${clients} clients`;
          for (const { subject, target } of loads) {
            const sample = await measure(subject, () => closedLoop(target, { clients, seconds }));
            all.push({ case: name, subject: subject.name, sample });
          }
          if (!bench.postgres.pgbench) continue;
          await sql.query('TRUNCATE traces CASCADE');
          all.push({ case: name, subject: 'floor: pgbench', sample: await bare(clients) });
        }
        for (const rate of RATES) {
          for (const { subject, target } of loads) {
            // What cannot keep up only queues: its latency says how long we cared to wait.
            if (subject.name.startsWith('peer') && rate > 250) continue;
            const sample = await measure(subject, () => openLoop(target, { rate, seconds }));
            all.push({ case: `open, ${rate} a second`, subject: subject.name, sample });
          }
        }
        return all;
      },
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    };
  },
};

const SETTLE_MS = 120_000;

/** Until what the writes left to be indexed is indexed, so that it does not burden who comes next. */
async function settle(sql: Pool): Promise<void> {
  const { rows } = await sql.query(`SELECT to_regclass('search_backlog') IS NOT NULL AS ours`);
  const until = performance.now() + SETTLE_MS;
  while (rows[0].ours && performance.now() < until) {
    const left = await sql.query('SELECT FROM search_backlog LIMIT 1');
    if (left.rowCount === 0) return;
    await delay(100);
  }
  await sql.query('TRUNCATE search_backlog').catch(() => {});
}

async function openPeer(bench: Bench, stack: AsyncDisposableStack): Promise<Subject> {
  const database = stack.use(await bench.postgres.openDatabase('bench_peer', { migrated: false }));
  return {
    name: 'peer: predecessor',
    server: stack.use(await startPredecessor(bench.predecessor ?? '', database.url)),
    sql: database.sql,
    path: '/api/traces',
    bodyOf: (trace) => trace,
    status: 201,
    sign: '"id"',
  };
}

async function checkReadBack(api: Server, sql: Pool): Promise<void> {
  const url = new URL('/graphql', api.url);
  const trace = traceOf(SEED, TEMPLATES + 1, TRACE_BYTES);
  using connection = await openConnection(url);
  const body = JSON.stringify({ query: MUTATION, variables: { input: { trace } } });
  const answer = await connection.send(requestBytes(url, 'POST', body));
  const id = JSON.parse(answer.body.toString('utf8')).data.createTrace.trace.id as string;
  const uuid = Buffer.from(id, 'base64').toString('utf8').split(':')[1];
  const { rowCount } = await sql.query('SELECT FROM traces WHERE id = $1 AND payload = $2', [
    uuid,
    JSON.stringify(trace),
  ]);
  same('traces that read back', rowCount, 1);
}

/** One row like theirs: a rising id, other hashes each time, and a meta that differs. */
const SCRIPT = (() => {
  // A space after each colon: pgbench takes `:name` for a variable.
  const payload = JSON.stringify(traceOf(SEED, 1, TRACE_BYTES)).replaceAll('":', '": ');
  const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
  const trace = traceOf(SEED, 1, TRACE_BYTES);
  return `\\set n random(1, 1000000000000)
INSERT INTO traces (id, content_hash, prompt_hash, trace_version, prompt_preview, answer_preview,
  step_count, total_chars, baseline_score, source, tags, payload)
VALUES ((lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
    || '7' || substr(md5(random()::text), 1, 19))::uuid,
  md5(:n::text) || md5(clock_timestamp()::text || :n::text), md5(:n::text) || md5(:n::text), '1.0',
  ${text(trace.prompt.slice(0, 200).replaceAll(':', ': '))}, ${text(trace.final_answer)},
  5, 1800, 50, 'bench', '{}',
  jsonb_set(${text(payload)}::jsonb, '{meta,pass}', to_jsonb(:n::text)))
ON CONFLICT (content_hash) DO NOTHING;
`;
})();
