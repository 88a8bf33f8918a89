import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readOomKills } from './oomKills.ts';

async function fileOf(text: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'oom-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const file = join(dir, 'memory.events');
  await writeFile(file, text);
  return file;
}

describe('readOomKills', () => {
  test('reads the counter of version 2', async () => {
    const file = await fileOf('low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\noom_group_kill 0\n');
    expect(await readOomKills([file])).toBe(2);
  });

  test('reads the counter of version 1 where there is no other', async () => {
    const file = await fileOf('oom_kill_disable 0\nunder_oom 0\noom_kill 5\n');
    expect(await readOomKills(['/nowhere', file])).toBe(5);
  });

  test('says 0 where there is none', async () => {
    expect(await readOomKills(['/nowhere', await fileOf('low 0\n')])).toBe(0);
  });

  test('reads a number from this machine', async () => {
    expect(await readOomKills()).toBeGreaterThanOrEqual(0);
  });
});
