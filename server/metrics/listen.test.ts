import { describe } from 'vitest';
import type { App } from '../app.ts';
import { parseScrape } from '../test/prometheus.ts';
import { finishedRun, withRunner } from '../test/runnerRig.ts';
import { expect, test } from '../test/test.ts';
import { listenForMetrics } from './listen.ts';

const withMetrics = (app: App, over: Partial<App['config']['metrics']>): App => ({
  ...app,
  config: { ...app.config, metrics: { ...app.config.metrics, ...over } },
});

const read = async (url: string | undefined) => parseScrape(await (await fetch(url ?? '')).text());

describe('the port of the numbers of a runner', () => {
  test('tells what it executed, and nothing of the system', async ({ app: base }) => {
    const { app, execute } = await withRunner(base);
    app.metrics.runner.setSlots(2);
    await finishedRun(app, execute, 2);
    await using listener = await listenForMetrics(app);
    expect(listener?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    const seen = await read(listener?.url);
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
    await using listener = await listenForMetrics(app);
    const other = await fetch((listener?.url ?? '').replace('/metrics', '/'));
    expect(other.status).toBe(404);
    const post = await fetch(listener?.url ?? '', { method: 'POST' });
    expect(post.status).toBe(404);
  });

  test('is another one where the chosen one is taken', async ({ app }) => {
    await using first = await listenForMetrics(app);
    const port = Number(new URL(first?.url ?? '').port);
    await using second = await listenForMetrics(withMetrics(app, { port }));
    expect(second?.url).not.toBe(first?.url);
    expect((await read(second?.url)).names).toContain('tunix_build_info');
  });

  test('stays closed where METRICS is false', async ({ app }) => {
    expect(await listenForMetrics(withMetrics(app, { enabled: false }))).toBeNull();
  });

  test('fails the start with a host that is not ours', async ({ app }) => {
    await expect(listenForMetrics(withMetrics(app, { host: '192.0.2.1' }))).rejects.toThrow(
      'EADDRNOTAVAIL',
    );
  });
});
