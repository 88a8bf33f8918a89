import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testAccessibility } from './accessibility.ts';
import { startSystem } from './system.ts';

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tunix-rt-demo-'));
});

afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
});

async function demo(): Promise<string> {
  await using system = await startSystem(['--demo', '--exit'], { DATA_DIR: dir });
  expect(await system.ended, system.output()).toBe(0);
  return system.output();
}

const scores = (output: string) =>
  [...output.matchAll(/held-out answers are exact: score ([\d.]+)/g)].map((match) =>
    Number(match[1]),
  );

test('the demo learns the task with enough steps and not with a few, and the gate says so', async () => {
  const output = await demo();
  const [short = Number.NaN, long = Number.NaN] = scores(output);
  expect(short).toBeLessThan(20);
  expect(long).toBeGreaterThanOrEqual(60);
  expect(output).toContain('the long one against it: PASS');
  expect(output).toContain('run 3, cancelled while it waited for a GPU');
  expect(output).toContain('run 4, whose time limit is too short');
  expect(output).toContain('run 5, which ties with the first on the leaderboard');
  expect(output).toContain('run 6, whose learning rate grew by mistake: NAN_LOSS');
});

test('a second call finds everything in place', async () => {
  const output = await demo();
  expect(output).toContain('0 imported, 1000 were there already');
  expect(output).not.toContain('attempt started');
  expect(scores(output)).toHaveLength(2);
});

testAccessibility(() => dir);
