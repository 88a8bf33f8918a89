/** h: pages and ranks of the leaderboard through the API, and how soon subscribers know. */
import type { Pool } from 'pg';
import { requestBytes } from '../lib/connection.ts';
import { closedLoop, type Target } from '../lib/load.ts';
import { metered } from '../lib/meter.ts';
import { ask, targetOf } from '../lib/repeat.ts';
import type { Measurement } from '../lib/report.ts';
import { seedBoards } from '../lib/seedBoards.ts';
import { startApi } from '../lib/server.ts';
import { same, type Workload } from '../lib/workload.ts';
import { pgbench } from '../peers/pgbench.ts';
import { openBoardNews } from './leaderboardNews.ts';

const PAGE = 50;

const QUERY = `query Bench_Leaderboard($filter: LeaderboardFilter, $after: String) {
  leaderboard(filter: $filter, first: ${PAGE}, after: $after) {
    edges { node {
      rank tiedFrom tiedTo value interval { low high }
      run { id number name modelId } evaluation { id correctCount itemCount }
    } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const RANK = `query Bench_RunRank($runId: ID!) {
  runRank(runId: $runId) { rank of value tiedFrom tiedTo interval { low high } }
}`;

type Place = { board: number; value: number; run: string };

/** What is asked, and the condition on entries `e` of the same rows in SQL. */
type Case = { name: string; variables: object; where: string; offset: number };

const ENTRIES = `board_entries e JOIN boards b ON b.id = e.board_id
  WHERE e.metric = 'score' AND e.pick = 'LATEST'`;
const ORDER = 'ORDER BY e.board_id DESC, e.value DESC, e.run_id DESC';

async function placeAt(sql: Pool, rank: number): Promise<Place> {
  const { rows } = await sql.query<Place>(
    `SELECT e.board_id AS board, e.value, e.run_id AS run FROM ${ENTRIES} ${ORDER} OFFSET $1 LIMIT 1`,
    [rank],
  );
  if (!rows[0]) throw new Error(`there is no rank ${rank}`);
  return rows[0];
}

const cursorOf = ({ board, value, run }: Place) =>
  Buffer.from(JSON.stringify([board, value, run])).toString('base64url');

const WEEK = ['2026-01-08T00:00:00.000Z', '2026-01-15T00:00:00.000Z'] as const;

async function casesOf(sql: Pool, half: number): Promise<Case[]> {
  const filtered = (name: string, filter: object, where: string): Case => ({
    name,
    variables: { filter },
    where,
    offset: 0,
  });
  const dataset = `AND b.dataset_id = (SELECT id FROM datasets WHERE key = 'board-1')`;
  const [evaluatedAfter, evaluatedBefore] = WEEK;
  return [
    { name: 'top', variables: {}, where: '', offset: 0 },
    {
      name: `rank ${half}`,
      variables: { after: cursorOf(await placeAt(sql, half - 1)) },
      where: '',
      offset: half,
    },
    filtered('one dataset', { datasetKey: 'board-1' }, dataset),
    filtered('one model', { modelId: 'model-7' }, "AND e.model_id = 'model-7'"),
    filtered(
      'dataset and model',
      { datasetKey: 'board-1', modelId: 'model-7' },
      `${dataset} AND e.model_id = 'model-7'`,
    ),
    filtered(
      'one week',
      { evaluatedAfter, evaluatedBefore },
      `AND e.evaluated_at >= '${evaluatedAfter}' AND e.evaluated_at < '${evaluatedBefore}'`,
    ),
  ];
}

type Row = { rank: number; run: { id: string } };

/** Asks once, compares runs and ranks with plain SQL, and answers the load for it. */
async function preparePage(url: URL, sql: Pool, one: Case): Promise<Target> {
  const body = JSON.stringify({ query: QUERY, variables: one.variables });
  const request = requestBytes(url, 'POST', body);
  const answer = (await ask(url, request)).body;
  const { data } = JSON.parse(answer.toString('utf8'));
  const found = data.leaderboard.edges.map(({ node }: { node: Row }) => [
    localId(node.run.id),
    node.rank,
  ]);
  const { rows } = await sql.query(
    `SELECT e.run_id, 1 + (SELECT count(*)::int FROM board_entries o WHERE o.board_id = e.board_id
       AND o.metric = e.metric AND o.pick = e.pick AND o.value > e.value) AS rank
     FROM (SELECT e.* FROM ${ENTRIES} ${one.where} ${ORDER} OFFSET ${one.offset} LIMIT ${PAGE}) e ${ORDER}`,
  );
  same(
    one.name,
    found,
    rows.map((row) => [row.run_id, row.rank]),
  );
  return targetOf(url, request, answer);
}

async function prepareRank(url: URL, sql: Pool, place: Place): Promise<Target> {
  const runId = Buffer.from(`Run:${place.run}`).toString('base64');
  const request = requestBytes(url, 'POST', JSON.stringify({ query: RANK, variables: { runId } }));
  const answer = (await ask(url, request)).body;
  const [row] = JSON.parse(answer.toString('utf8')).data.runRank;
  const { rows } = await sql.query(
    `SELECT count(*) FILTER (WHERE value > $2)::int + 1 AS rank, count(*)::int AS of
     FROM board_entries WHERE board_id = $1 AND metric = 'score' AND pick = 'LATEST'`,
    [place.board, place.value],
  );
  same('rank of a run', [row.rank, row.of], [rows[0].rank, rows[0].of]);
  return targetOf(url, request, answer);
}

const localId = (id: string) => Buffer.from(id, 'base64').toString().split(':')[1];

const LARGEST = `board_id = (SELECT id FROM boards WHERE dataset_id = (
    SELECT id FROM datasets WHERE key = 'board-1')) AND metric = 'score' AND pick = 'LATEST'`;
const SCRIPTS = {
  page: `\\set n random(300, 700)
SELECT run_id, evaluation_id, value, items FROM board_entries
WHERE ${LARGEST} AND (value, run_id) < (:n / 10.0, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
ORDER BY value DESC, run_id DESC LIMIT ${PAGE};
`,
  rank: `SELECT count(*) FROM board_entries WHERE ${LARGEST} AND value > 45;
`,
};

export const leaderboard: Workload = {
  letter: 'h',
  name: 'leaderboard',
  async open(bench) {
    const count = bench.quick ? 4_000 : 100_000;
    const seconds = bench.quick ? 0.3 : 2;
    await using stack = new AsyncDisposableStack();
    const { sql, url } = stack.use(await bench.postgres.openDatabase(`bench_leaderboard_${count}`));
    await seedBoards(sql, count, bench.log);
    const api = stack.use(await startApi(url, bench));
    const graphql = new URL('/graphql', api.url);
    const half = Math.floor(count / 2);
    const targets = new Map<string, Target>();
    for (const one of await casesOf(sql, half)) {
      targets.set(one.name, await preparePage(graphql, sql, one));
    }
    targets.set('rank of a run', await prepareRank(graphql, sql, await placeAt(sql, half)));
    const watched = { postgres: bench.postgres, sql };
    const top = targets.get('top');
    if (top) await closedLoop(top, { clients: 4, seconds: seconds * 2 }); // warm
    const program = bench.postgres.pgbench;

    const opened = stack.move();
    return {
      what: `${count} evaluated runs, pages of ${PAGE}, ${seconds} s for each case`,
      skipped: program ? [] : ['pgbench: not installed'],
      checks: new Set([
        'every page has the runs and ranks that plain SQL gives by counting, in that order',
        'every answer under load is byte for byte the first one',
        'the subscriber hears of each committed evaluation, by its run',
      ]),
      headlineOf: () => ({ figure: 'p50Ms', better: 'lower' }),
      async round() {
        const all: Measurement[] = [];
        for (const [name, target] of targets) {
          const sample = await metered({ ...watched, server: api }, () =>
            closedLoop(target, { clients: 1, seconds }),
          );
          all.push({ case: name, subject: 'ours', sample });
          const script = name === 'rank of a run' ? SCRIPTS.rank : SCRIPTS.page;
          const isFloor = ['top', 'rank of a run', `rank ${half}`].includes(name);
          if (!program || !isFloor) continue;
          const floor = await metered({ ...watched, server: null }, () =>
            pgbench({ program, url, script, clients: 1, seconds: Math.ceil(seconds) }),
          );
          const subject = name === 'rank of a run' ? 'floor: pgbench, counted' : 'floor: pgbench';
          all.push({ case: name, subject, sample: floor });
        }
        // Last: what is committed here moves the ranks, and is taken back.
        await using news = await openBoardNews(api, url);
        const sample = await news.measure(bench.quick ? 5 : 50);
        return [...all, { case: 'commit to subscriber', subject: 'ours', sample }];
      },
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    };
  },
};
