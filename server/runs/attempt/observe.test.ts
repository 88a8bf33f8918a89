import { describe } from 'vitest';
import { keepLog } from '../../test/logLines.ts';
import { parseScrape } from '../../test/prometheus.ts';
import { behave, queueRun, until } from '../../test/rig.ts';
import { runOf, withRunner } from '../../test/runnerRig.ts';
import { expect, test } from '../../test/test.ts';

describe('an attempt', () => {
  test('says its run and its number in every line of the log', async ({ app: base }) => {
    const { app, execute } = await withRunner(base);
    const { log, lines } = keepLog();
    await behave(app, { steps: 1 });
    const { id } = await queueRun(app);
    await execute(id, { ...app, log });
    const { number } = await runOf(app, id);
    expect(lines().map(({ msg }) => msg)).toEqual(
      expect.arrayContaining(['attempt started', 'attempt ended']),
    );
    for (const line of lines()) {
      expect(line, line.msg).toMatchObject({ runId: id, run: number, attempt: 1 });
    }
  });

  test.for([
    ['completed', { steps: 1 }],
    ['failed', { steps: 2, at: { step: 1, do: 'fail' } }],
  ] as const)('that %s is counted so', async ([outcome, behaviour], { app: base }) => {
    const { app, execute } = await withRunner(base);
    const counted = async () => {
      const seen = parseScrape(await app.metrics.runner.registry.metrics());
      return seen.sum('tunix_runner_attempts_total', { outcome }) || 0;
    };
    const before = await counted();
    await behave(app, behaviour);
    const { id } = await queueRun(app, { maxAttempts: 1 });
    await execute(id);
    expect((await runOf(app, id)).status).toBe(outcome.toUpperCase());
    expect(await counted()).toBe(before + 1);
  });

  test('that lost its run to another runner is counted as fenced', async ({ app: base }) => {
    const { app, execute } = await withRunner(base);
    await behave(app, { steps: 1_000, stepMs: 50 });
    const { id } = await queueRun(app);
    const executing = execute(id);
    await until(async () => ((await runOf(app, id)).step ?? 0) > 0);
    await app.db.run.update({ where: { id }, data: { epoch: { increment: 1 } } });
    await executing;
    const seen = parseScrape(await app.metrics.runner.registry.metrics());
    expect(seen.sum('tunix_runner_attempts_total', { outcome: 'fenced' })).toBe(1);
    expect(seen.sum('tunix_runner_slots_busy')).toBe(0);
    expect(seen.sum('tunix_runner_trainer_processes')).toBe(0);
    expect(seen.sum('tunix_runner_log_backlog_bytes')).toBe(0);
  });
});
