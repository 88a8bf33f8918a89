import { openServer } from '../server/test/http.ts';
import { makeDataset, makeRun } from '../server/test/make.ts';
import { expect, test } from '../server/test/test.ts';

const QUERY = `query ($number: Int!, $attempt: Int) { run(number: $number) {
  metrics(attempt: $attempt) { name points { step value kind attempt } } } }`;

test('Run.metrics has the curves of the run, or all of one attempt', async ({ app }) => {
  const run = await makeRun(app, (await makeDataset(app)).id);
  // The first attempt diverged at step 2; the second went on from step 1.
  const points = [
    [1, 1, 0.5],
    [2, 1, Number.NaN],
    [2, 2, 0.25],
  ] as const;
  await app.db.metricPoint.createMany({
    data: points.map(([step, attempt, value], index) => ({
      ...{ runId: run.id, seq: index + 1, name: 'train/loss', step, attempt, value },
      at: new Date(),
    })),
  });
  await using server = await openServer(app);
  const metrics = async (attempt?: number) => {
    const { data } = await server.ask(QUERY, { number: run.number, attempt });
    return (data as { run: { metrics: unknown } }).run.metrics;
  };
  const [first, diverged, second] = [
    { step: 1, value: 0.5, kind: 'FINITE', attempt: 1 },
    { step: 2, value: null, kind: 'NAN', attempt: 1 },
    { step: 2, value: 0.25, kind: 'FINITE', attempt: 2 },
  ];
  expect(await metrics()).toEqual([{ name: 'train/loss', points: [first, second] }]);
  expect(await metrics(1)).toEqual([{ name: 'train/loss', points: [first, diverged] }]);
  expect(await metrics(2)).toEqual([{ name: 'train/loss', points: [second] }]);
  expect(await metrics(3)).toEqual([]);
});
