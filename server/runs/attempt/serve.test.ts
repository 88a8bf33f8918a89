import { drainRunner } from '../../runners/drain.ts';
import { makeRunner } from '../../test/makeRunner.ts';
import { behave, queueRun, until, withStandIn } from '../../test/rig.ts';
import { expect, test } from '../../test/test.ts';
import { cancelRun } from '../cancel.ts';
import { serveRuns } from './serve.ts';

test('a runner has as many runs as slots, leaves the next to others, and goes on when one ends', async ({
  app: base,
}) => {
  const app = await withStandIn(base);
  await behave(app, { steps: 1000, at: { step: 1, do: 'hang' } });
  const runs = [await queueRun(app), await queueRun(app), await queueRun(app), await queueRun(app)];
  const [first, second, third, fourth] = runs.map(({ id }) => id) as [
    string,
    string,
    string,
    string,
  ];
  const statusOf = async (id: string) =>
    (await app.db.run.findUniqueOrThrow({ where: { id } })).status;
  const runner = await makeRunner(app, { slots: 2 });
  const shutdown = new AbortController();
  const serving = serveRuns(app, { id: runner.id, shutdown: shutdown.signal }, 2);
  await until(async () => (await statusOf(second)) === 'RUNNING');
  expect(await Promise.all([first, third, fourth].map(statusOf))).toEqual([
    'RUNNING',
    'PENDING',
    'PENDING',
  ]);

  const other = await makeRunner(app);
  const stop = new AbortController();
  const alsoServing = serveRuns(app, { id: other.id, shutdown: stop.signal }, 1);
  await until(async () => (await statusOf(third)) === 'RUNNING');

  await cancelRun(app, first, 'NOW');
  await until(async () => (await statusOf(fourth)) === 'RUNNING');
  const attempts = await app.db.runAttempt.findMany({ orderBy: { startedAt: 'asc' } });
  expect(attempts.map(({ runnerId }) => runnerId)).toEqual([
    runner.id,
    runner.id,
    other.id,
    runner.id,
  ]);

  shutdown.abort();
  stop.abort();
  await Promise.all([serving, alsoServing]);
  // Stopped in order, each gave back what it had.
  expect(await Promise.all([second, third, fourth].map(statusOf))).toEqual([
    'PENDING',
    'PENDING',
    'PENDING',
  ]);
});

test('a runner that drains finishes what it has, and takes the next as soon as it may', async ({
  app: base,
}) => {
  const app = await withStandIn(base);
  await app.sql.query(
    `UPDATE runs SET status = 'CANCELLED', finished_at = now() WHERE status = 'PENDING'`,
  );
  await behave(app, { steps: 30, stepMs: 10 });
  const runner = await makeRunner(app);
  const shutdown = new AbortController();
  const serving = serveRuns(app, { id: runner.id, shutdown: shutdown.signal }, 1);
  const { id } = await queueRun(app);
  const next = await queueRun(app);
  const find = (runId: string) => app.db.run.findUniqueOrThrow({ where: { id: runId } });
  await until(async () => (await find(id)).status === 'RUNNING');
  await drainRunner(app, runner.id, true);
  await until(async () => (await find(id)).status === 'COMPLETED');
  // A look that found nothing: it has a free slot and takes nothing.
  await queueRun(app, { priority: 1 });
  expect(await find(next.id)).toMatchObject({ status: 'PENDING', epoch: 0 });
  await drainRunner(app, runner.id, false);
  await until(async () => (await find(next.id)).status === 'COMPLETED');
  shutdown.abort();
  await serving;
});
