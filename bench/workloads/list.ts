/** c: pages of a list of a million traces through the API, against keyset reads without it. */
import type { Pool } from 'pg';
import { requestBytes } from '../lib/connection.ts';
import { closedLoop, type Target } from '../lib/load.ts';
import { metered } from '../lib/meter.ts';
import { ask, targetOf } from '../lib/repeat.ts';
import type { Measurement } from '../lib/report.ts';
import { createdAt, seedTraces } from '../lib/seed.ts';
import { type Server, startApi, startPlain } from '../lib/server.ts';
import { PLANTED } from '../lib/traces.ts';
import { type Bench, same, type Workload, WrongResult } from '../lib/workload.ts';
import { pgbench } from '../peers/pgbench.ts';
import { predecessorFault, startPredecessor } from '../peers/predecessor.ts';
import { type ListCase, listCases, type Row } from './listCases.ts';

const PAGE = 50;

const QUERY = `query Bench_Traces($filter: TraceFilter, $orderBy: TraceOrder, $after: String) {
  traces(filter: $filter, orderBy: $orderBy, first: ${PAGE}, after: $after) {
    edges { cursor node {
      id promptPreview answerPreview stepCount totalChars source tags createdAt
    } }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** Asks once, compares the ids with those of plain SQL, and answers the load for it. */
async function prepare(api: Server, sql: Pool, one: ListCase): Promise<Target> {
  const url = new URL('/graphql', api.url);
  const { variables } = one;
  const request = requestBytes(url, 'POST', JSON.stringify({ query: QUERY, variables }));
  const { body } = await ask(url, request);
  const { data, errors } = JSON.parse(body.toString('utf8'));
  if (!data?.traces) throw new WrongResult(`${one.name}: ${JSON.stringify(errors)}`);
  const found = data.traces.edges.map(
    ({ node }: { node: { id: string } }) => Buffer.from(node.id, 'base64').toString().split(':')[1],
  );
  if (one.sql !== null) {
    const { rows } = await sql.query(`SELECT id FROM traces ${one.sql} LIMIT ${PAGE}`);
    same(
      one.name,
      found,
      rows.map(({ id }) => id),
    );
  } else {
    const { rows } = await sql.query(
      `SELECT count(*)::int AS count FROM trace_search
       WHERE trace_id = ANY($1) AND document @@ websearch_to_tsquery('english', $2)`,
      [found, variables.filter?.text],
    );
    same(one.name, [new Set(found).size, rows[0].count], [found.length, found.length]);
  }
  return targetOf(url, request, body);
}

export const list: Workload = {
  letter: 'c',
  name: 'list',
  async open(bench) {
    const count = bench.quick ? 20_000 : 1_000_000;
    const seconds = bench.quick ? 0.3 : 2;
    await using stack = new AsyncDisposableStack();
    const database = stack.use(await bench.postgres.openDatabase(`bench_list_${count}`));
    const { sql, url } = database;
    await seedTraces(sql, count, bench.log);
    const api = stack.use(await startApi(url, bench));
    const plain = stack.use(await startPlain(url));
    const rowAt = async (order: string, rank: number): Promise<Row> => {
      const { rows } = await sql.query(`SELECT * FROM traces ${order} OFFSET ${rank} LIMIT 1`);
      return rows[0];
    };
    const cases = await listCases(count, rowAt);
    const ours = new Map<string, Target>();
    for (const one of cases) ours.set(one.name, await prepare(api, sql, one));
    const floor = await plainTargets(plain, cases, rowAt, count);
    const fault = await predecessorFault(bench.predecessor);
    const peer = fault ? new Map<string, Target>() : await openPeer(bench, stack, cases, count);
    const servers = [
      { name: 'ours', targets: ours, server: api },
      { name: 'floor: http + pg', targets: floor, server: plain },
      { name: 'peer: predecessor', targets: peer, server: null },
    ];
    const watched = { postgres: bench.postgres, sql };
    const first = ours.get('first page');
    if (first) await closedLoop(first, { clients: 8, seconds: seconds * 2 }); // warm

    const opened = stack.move();
    return {
      what: `${count} traces, pages of ${PAGE}, ${seconds} s for each case`,
      skipped: [
        ...(fault ? [fault] : []),
        ...(bench.postgres.pgbench ? [] : ['pgbench: not installed']),
      ],
      checks: new Set([
        'every page has the ids that plain SQL gives for its place, in that order',
        'every answer under load is byte for byte the first one',
        `searches know ${Object.values(PLANTED).length} planted words in exactly the planted traces`,
      ]),
      headlineOf: (name) =>
        name.startsWith('depth')
          ? { figure: 'ratio', better: 'lower' }
          : name.endsWith(', 1 client')
            ? { figure: 'p50Ms', better: 'lower' }
            : { figure: 'perSecond', better: 'higher' },
      async round() {
        const all: Measurement[] = [];
        for (const { name, clients: levels } of cases) {
          for (const clients of levels) {
            const label = `${name}, ${clients} client${clients > 1 ? 's' : ''}`;
            for (const { name: subject, targets, server } of servers) {
              const target = targets.get(name);
              if (!target) continue;
              const sample = await metered({ ...watched, server }, () =>
                closedLoop(target, { clients, seconds }),
              );
              all.push({ case: label, subject, sample });
            }
            const program = bench.postgres.pgbench;
            if (!program || name !== 'first page') continue;
            const sample = await metered({ ...watched, server: null }, () =>
              pgbench({
                program,
                url,
                script: scriptOf(count),
                clients,
                seconds: Math.ceil(seconds),
              }),
            );
            all.push({ case: label, subject: 'floor: pgbench, any rank', sample });
          }
        }
        return [...all, ...depthOf(all, cases)];
      },
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    };
  },
};

/** How much slower the last page is than the first: 1 when depth costs nothing. */
function depthOf(all: Measurement[], cases: ListCase[]): Measurement[] {
  const p50 = (name: string | undefined) =>
    all.find((m) => m.subject === 'ours' && m.case === `${name}, 1 client`)?.sample.p50Ms;
  const [first, , last] = cases;
  const [a, b] = [p50(first?.name), p50(last?.name)];
  if (a === undefined || b === undefined) return [];
  return [{ case: 'depth: last page / first page', subject: 'ours', sample: { ratio: b / a } }];
}

async function plainTargets(
  plain: Server,
  cases: ListCase[],
  rowAt: (order: string, rank: number) => Promise<Row>,
  count: number,
): Promise<Map<string, Target>> {
  const targets = new Map<string, Target>();
  for (const [index, rank] of ranksOf(count).entries()) {
    const name = cases[index]?.name ?? '';
    const url = new URL('/traces', plain.url);
    if (rank > 0) {
      const row = await rowAt('ORDER BY created_at DESC, id DESC', rank - 1);
      url.searchParams.set('after', `${row.created_at.toISOString()},${row.id}`);
    }
    const request = requestBytes(url, 'GET');
    targets.set(name, targetOf(url, request, (await ask(url, request)).body));
  }
  return targets;
}

/** Of the first three cases. */
const ranksOf = (count: number) => [0, Math.floor(count / 2), Math.floor(count * 0.999)];

/** A page from anywhere, by the order that the API reads it in. */
const scriptOf = (count: number) => `\\set n random(1, ${Math.floor(count / 3)})
SELECT id, prompt_preview, answer_preview, step_count, total_chars, source, tags, created_at
FROM traces WHERE created_at < timestamptz '${createdAt(0).toISOString()}' + :n * interval '20 s'
ORDER BY created_at DESC, id DESC LIMIT ${PAGE};
`;

/** The predecessor pages by offset; its rows are as many and about as large. */
async function openPeer(
  bench: Bench,
  stack: AsyncDisposableStack,
  cases: ListCase[],
  count: number,
): Promise<Map<string, Target>> {
  const name = `bench_peer_${count}`;
  const database = stack.use(await bench.postgres.openDatabase(name, { migrated: false }));
  const server = stack.use(await startPredecessor(bench.predecessor ?? '', database.url));
  await database.sql.query('TRUNCATE traces CASCADE');
  await database.sql.query(
    `INSERT INTO traces (id, created_at, trace_version, payload)
     SELECT gen_random_uuid(), now() - i * interval '1 s', '1.0',
            json_build_object('prompt', repeat(md5(i::text), 8), 'final_answer', i::text,
                              'steps', json_build_array(json_build_object('i', 0, 'type', 'think',
                                'content', md5(i::text))))
     FROM generate_series(1, $1::int) AS i`,
    [count],
  );
  await database.sql.query('VACUUM ANALYZE traces');
  const targets = new Map<string, Target>();
  for (const [index, rank] of ranksOf(count).entries()) {
    const url = new URL(`/api/traces?limit=${PAGE}&offset=${rank}`, server.url);
    const request = requestBytes(url, 'GET');
    targets.set(cases[index]?.name ?? '', targetOf(url, request, (await ask(url, request)).body));
  }
  return targets;
}
