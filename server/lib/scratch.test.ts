import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, test } from '../test/test.ts';
import { openScratch, sweepEnvironments, sweepScratch } from './scratch.ts';

const HOURS = 3_600_000;

const foldersIn = async (dataDir: string) =>
  (await readdir(dataDir)).filter((name) => name.startsWith('scratch-'));

describe('a scratch folder', () => {
  test('goes with the work it is for', async ({ app }) => {
    const { dataDir } = app.config;
    {
      await using scratch = await openScratch(app.config);
      await writeFile(join(scratch.dir, 'records.jsonl'), '{}');
      expect(await foldersIn(dataDir)).toHaveLength(1);
    }
    expect(await foldersIn(dataDir)).toEqual([]);
  });

  test('of a runner that died is swept away, one in use and other folders are not', async ({
    app,
  }) => {
    const { dataDir } = app.config;
    await using used = await openScratch(app.config);
    const before = new Date(Date.now() - 3 * HOURS);
    for (const name of ['scratch-left', 'models']) {
      await mkdir(join(dataDir, name));
      await writeFile(join(dataDir, name, 'train.jsonl'), '{}');
      await utimes(join(dataDir, name), before, before);
    }
    await sweepScratch(app.config);
    expect(await foldersIn(dataDir)).toEqual([basename(used.dir)]);
    expect(await readdir(dataDir)).toContain('models');
  });

  test('need not be there to be swept', async ({ app }) => {
    await sweepScratch({ dataDir: join(app.config.dataDir, 'nothing-here') });
  });
});

describe('a Python environment', () => {
  test('that was never finished is swept away after a day, a finished one never', async ({
    app,
  }) => {
    const cacheDir = join(app.config.dataDir, 'cache');
    const names = { 'cpu-1.draft-old': 25, 'cpu-1.draft-new': 23, 'cpu-1': 1000 };
    for (const [name, hours] of Object.entries(names)) {
      const dir = join(cacheDir, 'python', name);
      const before = new Date(Date.now() - hours * HOURS);
      await mkdir(dir, { recursive: true });
      await utimes(dir, before, before);
    }
    await sweepEnvironments({ cacheDir });
    expect((await readdir(join(cacheDir, 'python'))).toSorted()).toEqual([
      'cpu-1',
      'cpu-1.draft-new',
    ]);
  });
});
