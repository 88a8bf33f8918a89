import type { App } from '../app.ts';
import { ConflictError } from '../errors.ts';
import { makeDataset, makePayload } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { createTraces } from '../traces/create.ts';
import { buildDataset } from './build.ts';
import { type Build, beginBuild, followBuild, readBuild } from './progress.ts';

const store = (app: App, source: string) =>
  createTraces(app, { traces: [makePayload(), makePayload()], mode: 'ALL_OR_NOTHING', source });

/** All that a follower hears. */
async function heard(stream: AsyncIterable<Build>): Promise<Build[]> {
  const builds: Build[] = [];
  for await (const build of stream) builds.push(build);
  return builds;
}

const age = (app: App, key: string, seconds: number) =>
  app.sql.query(
    'UPDATE dataset_builds SET updated_at = updated_at - make_interval(secs => $2) WHERE key = $1',
    [key, seconds],
  );

const phases = (builds: Build[]) => builds.map(({ phase, done, total }) => [phase, done, total]);

describe('the build of a dataset', () => {
  test('is heard from before it begins to its end', async ({ app }) => {
    await store(app, 'waited for');
    const following = heard(followBuild(app, 'waited-1'));
    await expect.poll(() => app.bell.listeners).toBe(1);
    const filter = { sources: ['waited for'] };
    const { id } = await buildDataset(app, { name: 'waited', version: '1', filter });
    const builds = await following;
    expect(phases(builds).at(-1)).toEqual(['COMPLETED', 2, 2]);
    expect(builds.at(-1)).toMatchObject({ datasetId: id, error: null, interrupted: false });
    expect(await readBuild(app.sql, 'waited-1')).toMatchObject({
      phase: 'COMPLETED',
      datasetId: id,
    });
  });

  test('shows each step while it is at work', async ({ app }) => {
    using progress = await beginBuild(app, 'steps-1');
    const stream = followBuild(app, 'steps-1');
    const next = async () => (await stream.next()).value as Build;
    expect(await next()).toMatchObject({ phase: 'SELECTING', done: 0, total: null });
    await progress?.writing(0, 30);
    expect(await next()).toMatchObject({ phase: 'WRITING', done: 0, total: 30 });
    await progress?.writing(20, 30);
    expect(await next()).toMatchObject({ phase: 'WRITING', done: 20, total: 30 });
    await progress?.failed('It broke.');
    expect(await next()).toMatchObject({ phase: 'FAILED', done: 20, error: 'It broke.' });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  test('that finds nothing has failed, and its key can be built again', async ({ app }) => {
    const input = { name: 'empty', version: '1', filter: { sources: ['comes later'] } };
    await expect(buildDataset(app, input)).rejects.toThrow('No trace matches');
    expect(await readBuild(app.sql, 'empty-1')).toMatchObject({
      phase: 'FAILED',
      error: expect.stringContaining('No trace matches'),
    });
    await store(app, 'comes later');
    await buildDataset(app, input);
    expect(await readBuild(app.sql, 'empty-1')).toMatchObject({ phase: 'COMPLETED', error: null });
  });

  test('passes over the failure of an earlier try, not over a fresh one', async ({ app }) => {
    const input = { name: 'retried', version: '1', filter: { sources: ['retried'] } };
    await expect(buildDataset(app, input)).rejects.toThrow();
    expect(phases(await heard(followBuild(app, 'retried-1')))).toEqual([['FAILED', 0, null]]);
    await age(app, 'retried-1', 11);
    const following = heard(followBuild(app, 'retried-1'));
    await expect.poll(() => app.bell.listeners).toBe(1);
    await store(app, 'retried');
    await buildDataset(app, input);
    const builds = await following;
    expect(builds.at(-1)).toMatchObject({ phase: 'COMPLETED' });
    expect(builds.some(({ phase }) => phase === 'FAILED')).toBe(false);
  });

  test('is interrupted when nothing is heard of it, and can be taken over', async ({ app }) => {
    await store(app, 'silent');
    using lost = await beginBuild(app, 'silent-1');
    expect(await readBuild(app.sql, 'silent-1')).toMatchObject({ interrupted: false });
    const input = { name: 'silent', version: '1', filter: { sources: ['silent'] } };
    await expect(buildDataset(app, input)).rejects.toThrow(ConflictError);
    await expect(buildDataset(app, input)).rejects.toThrow('is being built right now');
    await age(app, 'silent-1', 31);
    expect(await readBuild(app.sql, 'silent-1')).toMatchObject({ interrupted: true });
    await buildDataset(app, input);
    // What the lost one still says is not about this build.
    await lost?.failed('too late');
    expect(await readBuild(app.sql, 'silent-1')).toMatchObject({ phase: 'COMPLETED', error: null });
  });

  test('of a dataset from before there was a record is complete', async ({ app }) => {
    const dataset = await makeDataset(app);
    const builds = await heard(followBuild(app, dataset.key));
    expect(phases(builds)).toEqual([['COMPLETED', 5, 5]]);
    expect(builds[0]).toMatchObject({ datasetId: dataset.id });
  });

  test('that never was is null, and nobody waits for it after leaving', async ({ app }) => {
    expect(await readBuild(app.sql, 'never-1')).toBeNull();
    const stream = followBuild(app, 'never-1');
    const next = stream.next();
    await expect.poll(() => app.bell.listeners).toBe(1);
    await stream.return();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(app.bell.listeners).toBe(0);
  });
});
