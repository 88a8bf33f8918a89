import type { App } from '../app.ts';
import { makeDataset, makeRun } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { readMarkers } from './markers.ts';
import { readMetricsAfter, readSeries, type SeriesQuery } from './metricsRead.ts';
import { progressOf } from './progress.ts';

const ALL: SeriesQuery = {
  names: null,
  maxPoints: 100,
  fromStep: 0,
  toStep: 2 ** 31 - 1,
  attempt: null,
};

const newRun = async (app: App, data: Parameters<typeof makeRun>[2] = {}) =>
  makeRun(app, (await makeDataset(app)).id, data);

type Point = { name?: string; step: number; attempt?: number; value: number; at?: Date };

/** As the writer stores them, because Prisma writes an infinity as NaN. */
const store = async (app: App, runId: string, points: Point[], from = 0) => {
  await app.sql.query(
    `INSERT INTO metric_points (run_id, seq, name, step, attempt, value, at)
     SELECT $1, $2::int + n, name, step, attempt, value, at
     FROM unnest($3::text[], $4::int[], $5::int[], $6::float8[], $7::timestamptz[])
       WITH ORDINALITY AS point (name, step, attempt, value, at, n)`,
    [
      runId,
      from,
      points.map(({ name = 'train/loss' }) => name),
      points.map(({ step }) => step),
      points.map(({ attempt = 1 }) => attempt),
      points.map(({ value }) => value),
      points.map(({ at }, index) => at ?? new Date(1_800_000_000_000 + index * 500)),
    ],
  );
};

const curve = (length: number, valueAt: (step: number) => number, rest: Partial<Point> = {}) =>
  Array.from({ length }, (_, index) => ({ step: index + 1, value: valueAt(index + 1), ...rest }));

describe('readSeries', () => {
  test('takes each step from the newest attempt that reported it', async ({ app }) => {
    const { id } = await newRun(app);
    await store(
      app,
      id,
      curve(6, () => 1),
    );
    await store(app, id, curve(4, () => 2, { attempt: 2 }).slice(2), 6);
    await store(app, id, [{ step: 3, value: 3, attempt: 0 }], 8);
    const points = (await readSeries(app.sql, id, ALL)).get('train/loss') ?? [];
    expect(points.map(({ step, value, attempt }) => [step, value, attempt])).toEqual([
      [1, 1, 1],
      [2, 1, 1],
      [3, 2, 2],
      [4, 2, 2],
      [5, 1, 1],
      [6, 1, 1],
    ]);
  });

  test('takes of one attempt all that it reported, thinned by its own steps', async ({ app }) => {
    const { id } = await newRun(app);
    // The first attempt failed at step 1 000; the second went on from 500 and takes its place.
    await store(
      app,
      id,
      curve(1_000, (step) => (step === 777 ? 1e30 : 1)),
    );
    await store(app, id, curve(2_000, () => 2, { attempt: 2 }).slice(500), 1_000);
    const of = async (attempt: number) =>
      (await readSeries(app.sql, id, { ...ALL, maxPoints: 20, attempt })).get('train/loss') ?? [];
    const [first, second] = [await of(1), await of(2)];
    expect(first.every(({ attempt }) => attempt === 1)).toBe(true);
    expect([first[0]?.step, first.at(-1)?.step]).toEqual([1, 1_000]);
    expect(first.find(({ step }) => step === 777)?.value).toBe(1e30);
    expect(second.every(({ attempt, value }) => attempt === 2 && value === 2)).toBe(true);
    expect([second[0]?.step, second.at(-1)?.step]).toEqual([501, 2_000]);
    expect(await of(3)).toEqual([]);
    expect((await readSeries(app.sql, id, { ...ALL, attempt: 3 })).size).toBe(0);
  });

  test('keeps the first, the last and every spike of a long series', async ({ app }) => {
    const { id } = await newRun(app);
    const spikes = new Map([
      [777, 1e30],
      [778, -1e30],
      [5_003, 2],
    ]);
    await store(
      app,
      id,
      curve(10_000, (step) => spikes.get(step) ?? Math.sin(step / 50)),
    );
    const points = (await readSeries(app.sql, id, ALL)).get('train/loss') ?? [];
    expect(points.length).toBeGreaterThan(90);
    expect(points.length).toBeLessThanOrEqual(102);
    const steps = points.map(({ step }) => step);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect([steps[0], steps.at(-1)]).toEqual([1, 10_000]);
    expect(steps).toEqual(expect.arrayContaining([...spikes.keys()]));
  });

  test('has of each stretch the smallest and the greatest value', async ({ app }) => {
    const { id } = await newRun(app);
    const values = curve(1_000, () => Math.random());
    await store(app, id, values);
    const points = (await readSeries(app.sql, id, { ...ALL, maxPoints: 20 })).get('train/loss');
    for (let stretch = 0; stretch < 10; stretch++) {
      const inside = values.slice(stretch * 100, (stretch + 1) * 100);
      const [least, greatest] = [Math.min, Math.max].map((pick) =>
        pick(...inside.map(({ value }) => value)),
      );
      const kept = points?.filter(({ step }) => Math.ceil(step / 100) === stretch + 1) ?? [];
      expect(kept.map(({ value }) => value)).toEqual(expect.arrayContaining([least, greatest]));
    }
  });

  test('keeps whatever is not finite, beside the extremes of its stretch', async ({ app }) => {
    const { id } = await newRun(app);
    const strange = new Map([
      [40, Number.NaN],
      [41, Number.NaN],
      [42, Infinity],
      [43, -Infinity],
    ]);
    const spike = 44;
    await store(
      app,
      id,
      curve(1_000, (step) => strange.get(step) ?? (step === spike ? 9 : 0)),
    );
    const points = (await readSeries(app.sql, id, { ...ALL, maxPoints: 10 })).get('train/loss');
    const byStep = new Map(points?.map(({ step, value }) => [step, value]));
    for (const [step, value] of strange) expect(byStep.get(step)).toBe(value);
    expect(byStep.get(spike)).toBe(9);
  });

  test('gives a series whole that has no more than maxPoints', async ({ app }) => {
    const { id } = await newRun(app);
    await store(
      app,
      id,
      curve(100, () => 1),
    );
    await store(
      app,
      id,
      curve(100, () => 1).map((p) => ({ ...p, name: 'eval/loss', step: p.step * 70 })),
      100,
    );
    const series = await readSeries(app.sql, id, ALL);
    expect([...series.keys()]).toEqual(['eval/loss', 'train/loss']);
    for (const points of series.values()) expect(points).toHaveLength(100);
  });

  test('reads only the names and steps that are asked for', async ({ app }) => {
    const { id } = await newRun(app);
    await store(
      app,
      id,
      curve(50, () => 1),
    );
    await store(
      app,
      id,
      curve(50, () => 1, { name: 'eval/loss' }),
      50,
    );
    const window = {
      ...ALL,
      names: ['train/loss', 'nothing', 'train/loss'],
      fromStep: 10,
      toStep: 12,
    };
    const series = await readSeries(app.sql, id, window);
    expect([...series.keys()]).toEqual(['train/loss']);
    expect(series.get('train/loss')?.map(({ step }) => step)).toEqual([10, 11, 12]);
    expect((await readSeries(app.sql, id, { ...ALL, fromStep: 51 })).size).toBe(0);
  });

  test('has nothing of a run without points, nor of another run', async ({ app }) => {
    const { id } = await newRun(app);
    const other = await newRun(app);
    await store(
      app,
      other.id,
      curve(3, () => 1),
    );
    expect((await readSeries(app.sql, id, ALL)).size).toBe(0);
    expect(await readMetricsAfter(app.sql, id, 0)).toEqual([]);
  });
});

describe('readMarkers', () => {
  test('marks checkpoints, restarts, answered items and the wish to stop', async ({ app }) => {
    const { id } = await newRun(app);
    const at = (minute: number) => new Date(Date.UTC(2027, 0, 1, 0, minute));
    await store(app, id, [
      { step: 1, value: 1, at: at(1) },
      { step: 5, value: 1, at: at(5) },
      { step: 9, value: 1, at: at(9) },
    ]);
    const events = [
      ['RESTORED', 1, 0, { step: 0 }],
      ['CHECKPOINT', 1, 4, { step: 4 }],
      ['PREDICTIONS', 1, 5, { step: 4, split: 'eval', done: 2, total: 2 }],
      ['PREDICTIONS', 1, 5, { split: 'test', done: 2, total: 2 }],
      ['RESTORED', 2, 6, { step: 4 }],
      ['CANCEL_REQUESTED', 2, 8, { mode: 'SAVE' }],
      ['CANCELLED', 2, 9, {}],
    ] as const;
    await app.db.runEvent.createMany({
      data: events.map(([kind, attempt, minute, data], index) => ({
        runId: id,
        seq: index + 1,
        kind,
        attempt,
        data,
        createdAt: at(minute),
      })),
    });
    const markers = await readMarkers(app.sql, id);
    expect(markers.map(({ kind, step, attempt, label }) => [kind, step, attempt, label])).toEqual([
      ['CHECKPOINT', 4, 1, 'Checkpoint of step 4'],
      ['EVALUATION', 4, 1, 'EVAL items answered at step 4'],
      ['RESTART', 4, 2, 'Attempt 2 goes on from step 4'],
      ['CANCEL', 5, 2, 'Asked to stop after a checkpoint'],
    ]);
    expect(markers[0]?.at).toEqual(at(4));
  });

  test('marks nothing where nothing happened', async ({ app }) => {
    expect(await readMarkers(app.sql, (await newRun(app)).id)).toEqual([]);
  });
});

describe('progressOf', () => {
  const begun = (data: Parameters<typeof makeRun>[2]) => ({ step: 60, totalSteps: 100, ...data });

  test('has speeds and a remaining time from the last steps of a run at work', async ({ app }) => {
    const startedAt = new Date(Date.now() - 60_000);
    const run = await newRun(app, begun({ status: 'RUNNING', startedAt }));
    // Two steps a second; the first ones, and the attempt before, were slower.
    await store(
      app,
      run.id,
      curve(60, () => 1),
    );
    await store(
      app,
      run.id,
      curve(60, (s) => (s <= 10 ? 1 : 500), { name: 'train/tokens_per_second' }),
      60,
    );
    const progress = await progressOf(app.sql, run);
    expect(progress).toMatchObject({
      step: 60,
      totalSteps: 100,
      percent: 60,
      tokensPerSecond: 500,
    });
    expect(progress?.stepsPerSecond).toBeCloseTo(2);
    expect(progress?.etaSeconds).toBeCloseTo(20);
    expect(progress?.elapsedSeconds).toBeGreaterThan(59);
    expect(progress?.elapsedSeconds).toBeLessThan(90);
  });

  test('has the time it took, and no speed, once a run has ended', async ({ app }) => {
    const [startedAt, finishedAt] = [new Date(1_000_000), new Date(1_042_000)];
    const run = await newRun(app, begun({ startedAt, finishedAt }));
    await store(
      app,
      run.id,
      curve(60, () => 1),
    );
    expect(await progressOf(app.sql, run)).toMatchObject({
      stepsPerSecond: null,
      tokensPerSecond: null,
      etaSeconds: null,
      elapsedSeconds: 42,
    });
  });

  test('knows its step before it began, as a resume does', async ({ app }) => {
    const run = await newRun(app, begun({ status: 'PENDING' }));
    expect(await progressOf(app.sql, run)).toMatchObject({ percent: 60, elapsedSeconds: null });
  });

  test('is null before the steps are known', async ({ app }) => {
    expect(await progressOf(app.sql, await newRun(app))).toBeNull();
  });
});
