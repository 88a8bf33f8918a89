import { once } from 'node:events';
import { json } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { mersenne } from '../server/lib/mersenne.ts';
import { bootstrapMean } from '../server/lib/statistics/bootstrap.ts';
import { holm } from '../server/lib/statistics/holm.ts';
import { mcnemarExact } from '../server/lib/statistics/mcnemar.ts';
import { normalQuantile } from '../server/lib/statistics/normal.ts';
import { wilsonInterval } from '../server/lib/stats.ts';
import { pythonWith } from './python.ts';

type Answers = {
  tables: number[];
  proportions: [number, number][];
  samples: [number, number][];
  quantiles: number[];
  families: number[][];
};

async function askSciPy(given: object): Promise<Answers> {
  const python = await pythonWith();
  const child = python.start(['e2e/python/statistics.py'], '.');
  child.stderr?.pipe(process.stderr);
  child.stdin?.end(JSON.stringify(given));
  const [answers, [code]] = await Promise.all([
    json(child.stdout as NodeJS.ReadableStream) as Promise<Answers>,
    once(child, 'exit'),
  ]);
  expect(code).toBe(0);
  return answers;
}

test('the statistics of the gate are those of SciPy and NumPy', async () => {
  const { below, random } = mersenne(20_261);
  const many = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => make(index));
  const tables = [
    [8, 3],
    [0, 0],
    [3000, 3200],
    ...many(300, (index) => [below(index + 2), below(index + 2)]),
  ] as [number, number][];
  const proportions = many(300, (index) => {
    const total = 1 + below(10 * index + 2);
    return [below(total + 1), total] as [number, number];
  });
  const samples = many(20, (index) => ({
    values: many(5 + below(200), () => (index % 2 ? below(3) - 1 : random())),
    alpha: [0.01, 0.05, 0.2][index % 3] ?? 0.05,
    seed: below(2 ** 31),
    resamples: 1000,
  }));
  const quantiles = many(200, () => random());
  const families = many(200, () => many(1 + below(12), random));

  const answers = await askSciPy({ tables, proportions, samples, quantiles, families });

  for (const [index, [worse, better]] of tables.entries()) {
    expect(mcnemarExact(worse, better)).toBeCloseTo(answers.tables[index] ?? Number.NaN, 10);
  }
  for (const [index, [successes, total]] of proportions.entries()) {
    const { low, high } = wilsonInterval(successes, total) ?? { low: Number.NaN, high: Number.NaN };
    expect(low).toBeCloseTo(answers.proportions[index]?.[0] ?? Number.NaN, 10);
    expect(high).toBeCloseTo(answers.proportions[index]?.[1] ?? Number.NaN, 10);
  }
  for (const [index, { values, alpha, seed, resamples }] of samples.entries()) {
    const interval = bootstrapMean(values, alpha, mersenne(seed).random, resamples);
    expect(interval?.low).toBeCloseTo(answers.samples[index]?.[0] ?? Number.NaN, 12);
    expect(interval?.high).toBeCloseTo(answers.samples[index]?.[1] ?? Number.NaN, 12);
  }
  for (const [index, p] of quantiles.entries()) {
    expect(Math.abs(normalQuantile(p) - (answers.quantiles[index] ?? Number.NaN))).toBeLessThan(
      1e-8,
    );
  }
  for (const [index, family] of families.entries()) {
    for (const [place, p] of holm(family).entries()) {
      expect(p).toBeCloseTo(answers.families[index]?.[place] ?? Number.NaN, 12);
    }
  }
});
