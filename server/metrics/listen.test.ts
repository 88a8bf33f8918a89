import { randomUUIDv7 } from 'node:crypto';
import { describe } from 'vitest';
import type { App } from '../app.ts';
import { openDb } from '../db.ts';
import { createDatabase } from '../test/database.ts';
import { makeRunner } from '../test/makeRunner.ts';
import { parseScrape } from '../test/prometheus.ts';
import { finishedRun, withRunner } from '../test/runnerRig.ts';
import { expect, test } from '../test/test.ts';
import { openRunnerPort } from './listen.ts';

const withMetrics = (app: App, over: Partial<App['config']['metrics']>): App => ({
  ...app,
  config: { ...app.config, metrics: { ...app.config.metrics, ...over } },
});

const nobody = () => null;

const read = async (url: string) => parseScrape(await (await fetch(`${url}/metrics`)).text());

const ask = async (url: string) => {
  const answer = await fetch(url);
  return { status: answer.status, body: (await answer.json()) as object };
};

/** What `/ready` says of a runner: of each part whether it is well, or what is wrong. */
async function readinessOf(app: App, runnerId: string | null) {
  await using port = await openRunnerPort(app, () => runnerId);
  const { status, body } = await ask(`${port.url}/ready`);
  const { status: said, parts } = body as {
    status: string;
    parts: { name: string; ok: boolean; message: string; required: boolean }[];
  };
  expect(parts.every(({ required }) => required)).toBe(true);
  const told = Object.fromEntries(parts.map(({ name, ok, message }) => [name, ok || message]));
  return { status, said, ...told };
}

describe('the port of a runner', () => {
  test('tells what it executed, and nothing of the system', async ({ app: base }) => {
    const { app, execute } = await withRunner(base);
    app.metrics.runner.setSlots(2);
    await finishedRun(app, execute, 2);
    await using port = await openRunnerPort(app, nobody);
    expect(port.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const seen = await read(port.url);
    expect(seen.sum('tunix_runner_slots')).toBe(2);
    expect(seen.sum('tunix_runner_slots_busy')).toBe(0);
    expect(seen.sum('tunix_runner_trainer_processes')).toBe(0);
    expect(seen.sum('tunix_runner_attempts_total', { outcome: 'completed' })).toBe(1);
    expect(seen.sum('tunix_runner_log_backlog_bytes')).toBe(0);
    for (const operation of ['append_log', 'append_metrics', 'finish_attempt']) {
      const writes = seen.sum('tunix_db_write_latency_seconds_count', { operation });
      expect(writes, operation).toBeGreaterThan(0);
    }
    expect(seen.names).not.toContain('tunix_runs_total');
    expect(seen.names).not.toContain('tunix_http_requests_total');
  });

  test('answers nothing else', async ({ app }) => {
    await using port = await openRunnerPort(app, nobody);
    expect(await ask(`${port.url}/`)).toMatchObject({
      status: 404,
      body: { error: { code: 'NOT_FOUND', message: expect.stringContaining('/ready') } },
    });
    const post = await fetch(`${port.url}/metrics`, { method: 'POST' });
    expect(post.status).toBe(404);
  });

  test('is another one where the chosen one is taken', async ({ app }) => {
    await using first = await openRunnerPort(app, nobody);
    const port = Number(new URL(first.url).port);
    await using second = await openRunnerPort(withMetrics(app, { port }), nobody);
    expect(second.url).not.toBe(first.url);
    expect((await read(second.url)).names).toContain('tunix_build_info');
  });

  test('tells health and no numbers where METRICS is false', async ({ app }) => {
    const { id } = await makeRunner(app);
    await using port = await openRunnerPort(withMetrics(app, { enabled: false }), () => id);
    expect(await ask(`${port.url}/metrics`)).toMatchObject({
      status: 404,
      body: { error: { message: expect.stringContaining('METRICS is false') } },
    });
    expect(await ask(`${port.url}/health`)).toEqual({ status: 200, body: { status: 'ok' } });
    expect((await ask(`${port.url}/ready`)).status).toBe(200);
  });

  test('fails the start with a host that is not ours', async ({ app }) => {
    const elsewhere = withMetrics(app, { host: '192.0.2.1' });
    await expect(openRunnerPort(elsewhere, nobody)).rejects.toThrow('EADDRNOTAVAIL');
  });
});

describe('a runner is ready', () => {
  test('while the database answers and has heard of it', async ({ app }) => {
    const { id } = await makeRunner(app);
    expect(await readinessOf(app, id)).toEqual({
      status: 200,
      said: 'ready',
      database: true,
      migrations: true,
      heartbeat: true,
    });
  });

  test.for([
    ['before it has registered', 'the runner has not registered yet', async () => null],
    [
      'after its heartbeats have failed for a while',
      /last heard of (59|6\d) seconds ago$/,
      async (app: App) =>
        (await makeRunner(app, { heartbeatAt: new Date(Date.now() - 60_000) })).id,
    ],
    [
      'after it has left',
      /^the runner has stopped/,
      async (app: App) => (await makeRunner(app, { stoppedAt: new Date() })).id,
    ],
  ] as const)('but not %s', async ([, message, make], { app }) => {
    const told = await readinessOf(app, await make(app));
    expect(told).toMatchObject({ status: 503, said: 'not ready', database: true });
    expect(told).toHaveProperty('heartbeat', expect.stringMatching(message));
  });

  test('but not while a migration is missing', async ({ app }) => {
    await using bare = await createDatabase({ migrated: false });
    const { sql, close } = openDb(bare.url, app.log);
    try {
      const told = await readinessOf({ ...app, sql }, randomUUIDv7());
      expect(told).toMatchObject({ status: 503, database: true });
      expect(told).toHaveProperty('migrations', expect.stringContaining('`npm run migrate`'));
    } finally {
      await close();
    }
  });

  test('but not without its database, and it still lives', async ({ app }) => {
    const { id } = await makeRunner(app);
    const { sql, close } = openDb('postgresql://ada:hidden@127.0.0.1:1/nowhere', app.log);
    await using port = await openRunnerPort({ ...app, sql }, () => id);
    try {
      const { status, body } = await ask(`${port.url}/ready`);
      expect(status).toBe(503);
      const away = { ok: false, required: true, message: 'does not answer' };
      expect(body).toEqual({
        status: 'not ready',
        parts: ['database', 'migrations', 'heartbeat'].map((name) => ({ name, ...away })),
      });
      expect((await ask(`${port.url}/health`)).status).toBe(200);
      expect((await read(port.url)).names).toContain('tunix_runner_slots');
    } finally {
      await close();
    }
  });
});
