/** Numbers beside the rows they speak of, after requests of every kind over real HTTP. */
import { describe } from 'vitest';
import WebSocket from 'ws';
import type { App } from '../app.ts';
import { keyHeader, withAccess } from '../test/access.ts';
import { openServer, type TestServer } from '../test/http.ts';
import { makeDataset, makePayload, makeRun, makeTrace } from '../test/make.ts';
import { makeRunner } from '../test/makeRunner.ts';
import { parseScrape } from '../test/prometheus.ts';
import { until } from '../test/rig.ts';
import { expect, test } from '../test/test.ts';
import { openMetrics } from './open.ts';
import { scrapeApi } from './scrape.ts';

const scrape = async (server: TestServer) => parseScrape((await server.send('/metrics')).body);

const number = async (app: App, text: string): Promise<number> =>
  Number((await app.sql.query<{ n: string }>(`SELECT (${text}) AS n`)).rows[0]?.n);

const CREATE_RUN = `mutation CreateRun($input: CreateRunInput!) {
  createRun(input: $input) { __typename ... on ValidationError { message } } }`;

const post = (server: TestServer, path: string, body: string) =>
  server.send(path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', 'content-length': Buffer.byteLength(body) },
    body,
  });

describe('numbers of the system', () => {
  test('are those of the rows, after runs, imports and refusals of every kind', async ({ app }) => {
    await using server = await openServer(app);
    const dataset = await makeDataset(app, { train: 4, eval: 2, test: 4 });
    const hyperparameters = { batchSize: 2, numEpochs: 5 };
    const run = {
      datasetKey: dataset.key,
      modelId: 'qwen3-tiny',
      mode: 'DRY_RUN',
      hyperparameters,
    };
    for (const input of [run, run, { ...run, datasetKey: 'nowhere' }]) {
      await server.ask(CREATE_RUN, { input });
    }
    const ended = (seconds: number) => {
      const startedAt = new Date('2026-01-01T00:00:10Z');
      const finishedAt = new Date(startedAt.getTime() + seconds * 1000);
      return { createdAt: new Date('2026-01-01T00:00:00Z'), startedAt, finishedAt };
    };
    await makeRun(app, dataset.id, { status: 'COMPLETED', ...ended(60) });
    await makeRun(app, dataset.id, { status: 'COMPLETED', ...ended(90_000) });
    await makeRun(app, dataset.id, { status: 'FAILED', mode: 'DRY_RUN', ...ended(2) });
    await makeRun(app, dataset.id, { status: 'TIMEOUT', ...ended(400) });
    await makeRun(app, dataset.id, { mode: 'EXTERNAL', datasetId: null });
    const lines = [makePayload(), makePayload(), { bad: true }].map((line) => JSON.stringify(line));
    await post(server, '/import/traces', [...lines, lines[0], 'no json'].join('\n'));

    const seen = await scrape(server);
    const runs = (where: string) => number(app, `SELECT count(*) FROM runs WHERE ${where}`);
    for (const [mode, label] of [
      ['DRY_RUN', 'dry-run'],
      ['LOCAL', 'local'],
    ] as const) {
      expect(seen.sum('tunix_runs_total', { status: 'pending', mode: label })).toBe(
        await runs(`mode = '${mode}'`),
      );
    }
    for (const status of ['COMPLETED', 'FAILED', 'TIMEOUT']) {
      expect(seen.sum('tunix_runs_total', { status: status.toLowerCase() }), status).toBe(
        await runs(`status = '${status}'`),
      );
    }
    expect(seen.sum('tunix_runs', { status: 'pending' })).toBe(2);
    expect(seen.sum('tunix_queue_waiting_runs', { queue: '(any)' })).toBe(2);
    expect(seen.sum('tunix_runs_total', { mode: 'external' })).toBe(1);
    const local = { mode: 'local', status: 'completed' };
    const bucket = (le: string) => seen.sum('tunix_runs_duration_seconds_bucket', { ...local, le });
    expect([bucket('10'), bucket('60'), bucket('86400'), bucket('172800'), bucket('+Inf')]).toEqual(
      [0, 1, 1, 2, 2],
    );
    expect(seen.sum('tunix_runs_duration_seconds_sum', local)).toBe(90_060);
    expect(seen.sum('tunix_queue_latency_seconds_sum', { mode: 'local' })).toBe(30);
    expect(seen.sum('tunix_queue_latency_seconds_count')).toBe(
      await runs('started_at IS NOT NULL'),
    );
    const imported = (outcome: string) => seen.sum('tunix_import_lines_total', { outcome });
    expect([imported('stored'), imported('duplicate'), imported('rejected')]).toEqual([2, 1, 2]);
    expect(seen.sum('tunix_imports', { status: 'completed' })).toBe(
      await number(app, "SELECT count(*) FROM import_sessions WHERE status = 'COMPLETED'"),
    );
    expect(seen.sum('tunix_database_up')).toBe(1);
  });

  test('are the same from another process, and after a restart', async ({ app }) => {
    await using first = await openServer(app);
    await using second = await openServer(app);
    const of = async (server: TestServer) => (await scrape(server)).sum('tunix_runs_total');
    expect(await of(first)).toBeGreaterThan(0);
    expect(await of(second)).toBe(await of(first));
  });

  test('tell runners, lost attempts and silence', async ({ app }) => {
    const { id: datasetId } = await makeDataset(app);
    const at = (seconds: number) => new Date(Date.now() - seconds * 1000);
    const runner = await makeRunner(app, { slots: 3 });
    await makeRunner(app, { heartbeatAt: at(100) });
    await makeRunner(app, { heartbeatAt: at(100), stoppedAt: at(99) });
    await makeRunner(app, { drainingAt: at(1) });
    const lost = await makeRun(app, datasetId, { status: 'PENDING', startedAt: at(5) });
    const silent = await makeRun(app, datasetId, { status: 'RUNNING' });
    const lease = { runnerId: runner.id, epoch: 1, leaseUntil: at(-60), startedAt: at(600) };
    await app.db.runAttempt.createMany({
      data: [
        { ...lease, runId: lost.id, status: 'LOST', endedAt: at(500) },
        { ...lease, runId: silent.id, leaseUntil: at(5) },
      ],
    });
    const seen = parseScrape(await scrapeApi(app));
    const runners = (state: string) => seen.sum('tunix_runners', { state });
    expect([runners('online'), runners('draining'), runners('lost')]).toEqual([1, 1, 1]);
    expect(seen.sum('tunix_runners_slots')).toBe(3);
    expect(seen.sum('tunix_attempts_total', { outcome: 'lost' })).toBe(1);
    expect(seen.sum('tunix_attempts_lapsed')).toBe(1);
    expect(seen.sum('tunix_runs_longest_silence_seconds')).toBeGreaterThan(599);
    expect(seen.sum('tunix_runs_longest_silence_seconds')).toBeLessThan(700);
  });

  test('leave the own numbers where the database is away', async ({ app }) => {
    const away: typeof app.sql = Object.assign(Object.create(app.sql), {
      connect: () => Promise.reject(new Error('away')),
    });
    const metrics = openMetrics(app.config, away, app.rejections, () => 0);
    const seen = parseScrape(await scrapeApi({ ...app, metrics }));
    expect(seen.sum('tunix_database_up')).toBe(0);
    expect(seen.names).not.toContain('tunix_runs_total');
    expect(seen.names).toContain('process_resident_memory_bytes');
  });
});

describe('numbers of a process of the API', () => {
  test('count answers by route and status, without a name that a caller chose', async ({ app }) => {
    await using server = await openServer(app);
    const before = await scrape(server);
    await server.send('/health');
    await server.send('/artifacts/secret-name');
    await server.send('/runs/12345');
    await server.send('/health', { headers: { host: 'evil.test' } });
    await server.send('/graphql', { method: 'POST', headers: { 'content-type': 'text/plain' } });
    const seen = await scrape(server);
    const more = (route: string, status: string) => {
      const labels = { route, status };
      return (
        seen.sum('tunix_http_requests_total', labels) -
        (before.sum('tunix_http_requests_total', labels) || 0)
      );
    };
    expect(more('/health', '200')).toBe(1);
    expect(more('/artifacts/:id', '404')).toBe(1);
    expect(more('/graphql', '415')).toBe(1);
    expect(seen.values('tunix_http_requests_total', 'route')).not.toContain('/runs/12345');
    const { REFUSED_HOST } = Object.fromEntries(app.rejections.read());
    expect(REFUSED_HOST).toBeGreaterThan(0);
    expect(seen.sum('tunix_rejections_total', { reason: 'REFUSED_HOST' })).toBe(REFUSED_HOST);
  });

  test('count operations by name, type, client and outcome', async ({ app }) => {
    await using server = await openServer(app);
    const { id } = await makeTrace(app);
    const ask = (query: string, headers = {}) => {
      const body = JSON.stringify({ query, variables: { id } });
      return server.send('/graphql', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...headers,
        },
        body,
      });
    };
    await ask('query Seen { health { ok } }', { 'x-graphql-client-name': 'notebook' });
    await ask('{ health { ok } }');
    await ask('query Broken($id: ID!) { logSearch(runId: $id, text: "x") { nowhere } }');
    await ask('query Refused { traces(first: 100000) { edges { cursor } } }');
    const seen = await scrape(server);
    const count = (labels: Record<string, string>) =>
      seen.sum('tunix_graphql_operations_total', labels);
    const ok = { type: 'query', outcome: 'ok' };
    expect(count({ ...ok, operation: 'Seen', client: 'notebook' })).toBe(1);
    expect(count({ ...ok, operation: 'anonymous', client: 'unknown' })).toBe(1);
    expect(seen.values('tunix_graphql_operations_total', 'operation')).not.toContain('Broken');
    expect(count({ operation: 'Refused', outcome: 'error' })).toBe(1);
    expect(seen.sum('tunix_graphql_errors_total')).toBeGreaterThanOrEqual(2);
    expect(seen.sum('tunix_graphql_operation_duration_seconds_count', { operation: 'Seen' })).toBe(
      1,
    );
  });

  test('give strangers one name, so that they use up none', async ({ app: base }) => {
    const app = withAccess(base);
    await using server = await openServer(app);
    const headers = {
      'content-type': 'application/json',
      'x-graphql-client-name': 'a stranger',
    };
    const ask = (name: string, more: Record<string, string> = {}) =>
      server.send('/graphql', {
        ...{ method: 'POST', headers: { ...headers, ...more } },
        body: JSON.stringify({ query: `query ${name} { viewer { kind } }` }),
      });
    const key = await keyHeader(app, ['READ']);
    for (let i = 0; i < 3; i++) await ask(`Strange${i}`);
    await ask('Known', { ...key, 'x-graphql-client-name': 'ci' });
    const seen = parseScrape((await server.send('/metrics', { headers: key })).body);
    const count = (labels: Record<string, string>) =>
      seen.sum('tunix_graphql_operations_total', labels) || 0;
    expect(count({ operation: 'stranger', client: 'unknown' })).toBe(3);
    expect(count({ operation: 'Known', client: 'ci' })).toBe(1);
    const values = ['operation', 'client'].flatMap((label) =>
      seen.values('tunix_graphql_operations_total', label),
    );
    expect(values.join(' ')).not.toMatch(/Strange\d|a stranger/);
  });

  test('keep the names of operations few', async ({ app }) => {
    await using server = await openServer(app);
    const ask = (name: string) => server.ask(`query ${name} { __typename }`);
    for (let i = 0; i < 210; i++) await ask(`Op${i}`);
    const names = (await scrape(server)).values('tunix_graphql_operations_total', 'operation');
    expect(names).toHaveLength(201);
    expect(names).toContain('other');
  });

  test('count sockets and subscriptions while they are open', async ({ app }) => {
    await using server = await openServer(app);
    const open = async () => {
      const seen = await scrape(server);
      return [
        seen.sum('tunix_sockets_open'),
        seen.sum('tunix_graphql_subscriptions_open', { field: 'runsChanged' }) || 0,
      ];
    };
    const socket = new WebSocket(
      `${server.url.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
    );
    await new Promise((resolve) => socket.once('open', resolve));
    const say = (message: object) => socket.send(JSON.stringify(message));
    say({ type: 'connection_init' });
    await new Promise((resolve) => socket.once('message', resolve));
    const query = 'subscription Watch { runsChanged { __typename } }';
    say({ type: 'subscribe', id: '1', payload: { query } });
    await until(async () => (await open()).join() === '1,1');
    socket.close();
    await until(async () => (await open()).join() === '0,0');
  });

  test('time writes by what is written', async ({ app }) => {
    await using server = await openServer(app);
    const writes = async (operation: string) =>
      (await scrape(server)).sum('tunix_db_write_latency_seconds_count', { operation }) || 0;
    const before = await writes('create_trace');
    const mutation = `mutation Create($input: CreateTraceInput!) {
      createTrace(input: $input) { __typename } }`;
    await server.ask(mutation, { input: { trace: makePayload() } });
    expect(await writes('create_trace')).toBe(before + 1);
    expect(await writes('import_traces')).toBeGreaterThan(0);
    expect(await writes('create_run')).toBe(2);
  });

  test('are not there where METRICS is false', async ({ app }) => {
    const config = { ...app.config, metrics: { ...app.config.metrics, enabled: false } };
    await using server = await openServer({ ...app, config });
    const { status, body } = await server.send('/metrics');
    expect(status).toBe(404);
    expect(body).toContain('METRICS is false');
  });
});
