import type { App } from '../app.ts';
import { claimRun } from '../runs/lease.ts';
import { makeDataset, makeRun } from '../test/make.ts';
import { makeRunner } from '../test/makeRunner.ts';
import { expect, test } from '../test/test.ts';
import { drainRunner } from './drain.ts';
import { followRunners } from './follow.ts';
import { beatHeart, leave } from './register.ts';

const silence = (app: App, id: string) =>
  app.sql.query(`UPDATE runners SET heartbeat_at = now() - interval '16 seconds' WHERE id = $1`, [
    id,
  ]);

test('runners that are online come first, then each change, and heartbeats say nothing', async ({
  app,
}) => {
  await app.sql.query('DELETE FROM runners');
  const old = await makeRunner(app, { heartbeatAt: new Date(Date.now() - 60_000) });
  const first = await makeRunner(app);
  await using stream = followRunners(app);
  const next = async () => (await stream.next()).value?.runnerId;
  expect(await next()).toBe(first.id);

  const second = await makeRunner(app);
  app.bell.ring('runs');
  expect(await next()).toBe(second.id);

  await beatHeart(app, second.id);
  await drainRunner(app, first.id, true);
  expect(await next()).toBe(first.id);

  const { id: datasetId } = await makeDataset(app);
  const run = await makeRun(app, datasetId, { status: 'PENDING' });
  await claimRun(app, run.id, second.id, 15);
  expect(await next()).toBe(second.id);

  // Nothing rings when a runner falls silent.
  await silence(app, second.id);
  expect(await next()).toBe(second.id);
  await beatHeart(app, second.id);
  expect(await next()).toBe(second.id);

  await beatHeart(app, old.id);
  expect(await next()).toBe(old.id);
  await leave(app, first.id);
  expect(await next()).toBe(first.id);
});

test('an outage of the database only delays them', async ({ app }) => {
  const { id } = await makeRunner(app);
  let failures = 1;
  const query = (text: string) =>
    failures-- > 0
      ? Promise.reject(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))
      : app.sql.query(text);
  const sql = Object.assign(Object.create(app.sql) as App['sql'], { query });
  await using stream = followRunners({ sql, bell: app.bell });
  const seen = new Set<string>();
  while (!seen.has(id)) seen.add((await stream.next()).value?.runnerId ?? '');
  expect(failures).toBeLessThan(0);
});
