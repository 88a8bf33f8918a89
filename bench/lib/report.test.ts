import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Machine } from './machine.ts';
import { rowsOf, short, tableOf, type WorkloadReport, writeResults } from './report.ts';

const measure = (name: string, subject: string, perSecond: number) => ({
  case: name,
  subject,
  sample: { perSecond },
});

const rows = rowsOf(
  [
    measure('1 client', 'ours', 100),
    measure('1 client', 'floor', 400),
    measure('8 clients', 'ours', 300),
    measure('1 client', 'ours', 200),
    measure('1 client', 'floor', 400),
    measure('8 clients', 'ours', 500),
  ],
  () => ({ figure: 'perSecond', better: 'higher' }),
);

const report: WorkloadReport = {
  name: 'x',
  what: 'a thing',
  skipped: ['the peer: not here'],
  checks: ['all rows arrived'],
  busyBefore: [0.1, 0.4],
  rows,
};

const machine: Machine = {
  cpu: 'a processor',
  cores: 2,
  memoryGb: 8,
  kernel: 'Linux 6',
  node: 'v24.0.0',
  postgres: '18',
  settings: {},
  payloadCompression: 'lz4',
  commit: 'abc1234',
};

test('rounds are grouped by case and subject, each with its rounds', () => {
  expect(rows.map((row) => [row.case, row.subject, row.rounds.length])).toEqual([
    ['1 client', 'ours', 2],
    ['1 client', 'floor', 2],
    ['8 clients', 'ours', 2],
  ]);
  expect(rows[0]?.figures.perSecond).toEqual({ median: 150, min: 100, max: 200 });
});

test('others carry how ours compares, ours carries nothing', () => {
  expect(rows[0]).not.toHaveProperty('ratio');
  expect(rows[1]?.ratio).toEqual({ median: 0.375, min: 0.25, max: 0.5 });
});

test('the table shows medians, spreads, ratios, checks, what was skipped and how busy it was', () => {
  const lines = tableOf(report).split('\n');
  expect(lines[3]).toMatch(/^1 client +ours +perSecond +150 +100–200/);
  expect(lines[4]).toMatch(/^1 client +floor +perSecond +400 +400–400 +0\.375×/);
  expect(lines).toContain('checked: all rows arrived');
  expect(lines).toContain('skipped: the peer: not here');
  expect(lines.at(-1)).toMatch(/0\.1, 0\.4$/);
});

test.each([
  [0.123456, '0.123'],
  [12.345, '12.3'],
  [123_456.7, '123 457'],
  [Number.NaN, '–'],
])('%d is printed as %s', (value, text) => {
  expect(short(value)).toBe(text);
});

test('the file names time and commit and holds every round', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'tunix-rt-bench-test-'));
  try {
    const path = await writeResults(dir, machine, { rounds: 2 }, [report]);
    expect(path).toMatch(/\d{4}-\d\d-\d\dT\d{6}-abc1234\.json$/);
    const written = JSON.parse(await readFile(path, 'utf8'));
    expect(written).toMatchObject({ machine, options: { rounds: 2 } });
    expect(written.workloads[0].rows[1].rounds).toEqual([{ perSecond: 400 }, { perSecond: 400 }]);
  } finally {
    await rm(dir, { recursive: true });
  }
});
