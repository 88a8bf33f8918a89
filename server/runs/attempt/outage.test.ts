import { connect } from 'node:net';
import { openHttp } from '../../http/server.ts';
import { registerRunner } from '../../runners/register.ts';
import { runOn } from '../../test/database.ts';
import { behave, queueRun, storedLog, until, withStandIn } from '../../test/rig.ts';
import { describe, expect, test } from '../../test/test.ts';
import { startWork } from '../../work.ts';
import { executeRun } from './execute.ts';

describe('a run whose database connections are ended again and again', () => {
  test('completes in its first attempt, with every line, event and point', async ({
    app: base,
  }) => {
    const app = await withStandIn(base);
    const runnerId = await registerRunner(app);
    await behave(app, { steps: 300, stepMs: 10 });
    const { id } = await queueRun(app);
    const url = app.sql.options.connectionString ?? '';
    let over = false;
    const running = executeRun(app, { id: runnerId, shutdown: new AbortController().signal }, id);
    const ended = running.finally(() => {
      over = true;
    });
    await until(async () => (await app.db.metricPoint.count({ where: { runId: id } })) > 0);
    let cuts = 0;
    await until(async () => {
      await runOn(
        url,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      );
      cuts += 1;
      return over;
    }, 500);
    await ended;
    expect(cuts).toBeGreaterThan(2);
    // The last cut may have left ended connections in our own pool.
    const run = await until(() =>
      app.db.run
        .findUnique({ where: { id }, include: { events: { orderBy: { seq: 'asc' } } } })
        .catch(() => null),
    );
    expect(run).toMatchObject({ status: 'COMPLETED', epoch: 1, error: null });
    const { stdout } = await storedLog(app, id);
    const steps = Array.from({ length: 300 }, (_, index) => `step ${index + 1}\n`);
    expect(stdout.toString()).toBe(steps.join(''));
    expect(await app.db.metricPoint.count({ where: { runId: id } })).toBe(300);
    const checkpoints = run.events.filter((event) => event.kind === 'CHECKPOINT');
    // Those that newer ones had replaced before they could be stored are left out; none comes twice.
    const announced = checkpoints.map(({ data }) => (data as { step: number }).step);
    expect(announced).toEqual([...new Set(announced)].toSorted((a, b) => a - b));
    expect(announced.slice(-2)).toEqual([299, 300]);
    expect(run.events.map(({ seq }) => Number(seq))).toEqual(run.events.map((_, i) => i + 1));
  });
});

describe('a runner that is stopped', () => {
  test('gives its run back, and the next one resumes it', async ({ app: base }) => {
    const app = await withStandIn(base);
    await behave(app, { steps: 2000, stepMs: 5 });
    const work = await startWork(app);
    const { id } = await queueRun(app);
    await until(async () => (await app.db.metricPoint.count({ where: { runId: id } })) > 3);
    await work.stop();
    const released = await app.db.run.findUniqueOrThrow({
      where: { id },
      include: { attempts: true },
    });
    expect(released).toMatchObject({ status: 'PENDING', failedAttempts: 0 });
    expect(released.attempts).toMatchObject([{ status: 'RELEASED' }]);

    await behave(app, { steps: 20, stepMs: 1 });
    const next = await startWork(app);
    await until(async () => (await app.db.run.findUniqueOrThrow({ where: { id } })).epoch === 2);
    await until(async () => {
      const { status } = await app.db.run.findUniqueOrThrow({ where: { id } });
      return status === 'COMPLETED';
    });
    await next.stop();
  });
});

describe('a WebSocket that is refused and reset', () => {
  test('does not end the process', async ({ app }) => {
    const http = await openHttp({
      ...app,
      config: { ...app.config, http: { ...app.config.http, port: 0 } },
    });
    const { hostname, port } = new URL(http.url);
    for (let i = 0; i < 50; i++) {
      const socket = connect(Number(port), hostname);
      await new Promise((resolve) => socket.once('connect', resolve));
      socket.on('error', () => {});
      socket.write(
        `GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
      );
      socket.resetAndDestroy();
    }
    const answer = await fetch(`${http.url}/health`);
    expect(answer.status).toBe(200);
    await http.close();
  });
});
