import { randomUUIDv7 } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../../app.ts';
import { makeDataset } from '../../test/make.ts';
import { behave, queueRun, storedLog, withStandIn } from '../../test/rig.ts';
import { describe, expect, test } from '../../test/test.ts';
import { createRun } from '../create.ts';
import type { CreateRunInput } from '../model.ts';
import { executeRun } from './execute.ts';

let app: App;
let runnerId: string;

test.beforeAll(async ({ app: base }) => {
  app = await withStandIn(base);
  const id = randomUUIDv7();
  const runner = await app.db.runner.create({ data: { id, name: 't', host: 't', pid: 1 } });
  runnerId = runner.id;
});

test.beforeEach(() => behave(app, {}));

const dryRun = async (input: Partial<CreateRunInput>, on = app) => {
  const { id } = await queueRun(app, { mode: 'DRY_RUN', ...input });
  const shutdown = new AbortController().signal;
  await executeRun(on, { id: runnerId, shutdown }, id);
  const run = await app.db.run.findUniqueOrThrow({ where: { id } });
  const events = await app.db.runEvent.findMany({ where: { runId: id, kind: 'DATA_READY' } });
  return { run, events, log: (await storedLog(app, id)).system.toString() };
};

describe('a dry run', () => {
  test('counts the tokens of the whole data and records them', async () => {
    const { run, events, log } = await dryRun({});
    expect(run).toMatchObject({ status: 'COMPLETED', exitCode: 0, step: null });
    expect(events).toMatchObject([
      {
        attempt: 1,
        data: {
          train: 4,
          eval: 2,
          test: 4,
          dropped: { train: 0, eval: 0, test: 0 },
          // A word is a token for the stand-in: `What is 7 + 1?` and `7 + 1 = 8`, `8`.
          longest: { train: 11, eval: 11, test: 11 },
          steps_per_epoch: 2,
          total_steps: 10,
        },
      },
    ]);
    expect(log).toContain(
      'TRAIN: 4 of 4 items fit 2048 tokens, 0 are too long; the longest has 11.',
    );
    expect(log).toContain('TEST: 4 of 4 items fit');
    const left = await readdir(app.config.dataDir);
    expect(left.filter((name) => name.startsWith('scratch-'))).toEqual([]);
  });

  /** Training items with so many words; what has fewer characters than tokens is no surprise. */
  const withWords = async (words: number[]) => {
    const dataset = await makeDataset(app, { train: words.length, eval: 1, test: 1 });
    for (const [position, count] of words.entries()) {
      const id = dataset.items[position]?.traceId ?? '';
      const { payload } = await app.db.trace.findUniqueOrThrow({ where: { id } });
      const prompt = 'x '.repeat(count);
      const changed = { ...(payload as object), prompt };
      await app.db.trace.update({ where: { id }, data: { payload: changed } });
    }
    return dataset.key;
  };

  test('says how many items are too long', async () => {
    const datasetKey = await withWords([10, 10, 200, 10]);
    const hyperparameters = { batchSize: 1, maxSeqLength: 128 };
    const { run, events, log } = await dryRun({ datasetKey, hyperparameters });
    expect(run.status).toBe('COMPLETED');
    expect(events).toMatchObject([
      { data: { train: 3, dropped: { train: 1 }, steps_per_epoch: 3 } },
    ]);
    expect(log).toMatch(
      /TRAIN: 3 of 4 items fit 128 tokens, 1 are too long; the longest has 20\d\./,
    );
  });

  test('fails when what fits does not make one update', async () => {
    const datasetKey = await withWords([200, 10, 200, 200]);
    const hyperparameters = { batchSize: 2, maxSeqLength: 128 };
    const { run, events } = await dryRun({ datasetKey, hyperparameters });
    expect(run).toMatchObject({
      status: 'FAILED',
      error: expect.stringContaining('1 of 4 training items fit maxSeqLength 128'),
      failureCode: 'SEQUENCE_TOO_LONG',
    });
    expect(events).toEqual([]);
  });

  test('fails when what fits is not enough for an update of several batches', async () => {
    const datasetKey = await withWords([200, 10, 200, 10]);
    const advanced = { training_config: { gradient_accumulation_steps: 2 } };
    const hyperparameters = { batchSize: 2, maxSeqLength: 128, numEpochs: 1 };
    expect((await dryRun({ datasetKey, hyperparameters, advanced })).run.status).toBe('FAILED');
    const twice = { ...hyperparameters, numEpochs: 2 };
    expect((await dryRun({ datasetKey, hyperparameters: twice, advanced })).run.status).toBe(
      'COMPLETED',
    );
  });

  test('does the rest without Python, and says so', async () => {
    const config = {
      ...app.config,
      cacheDir: join(app.config.dataDir, 'no-cache'),
      tunix: { ...app.config.tunix, readyPython: undefined },
    };
    const { run, events, log } = await dryRun({}, { ...app, config });
    expect(run.status).toBe('COMPLETED');
    expect(events).toEqual([]);
    expect(log).toContain('Tokens were not counted: this runner has no Python environment yet');
    expect(log).toContain('data and config are in place for 10 steps');
  });

  test('does not bring a model', async () => {
    const { run, events, log } = await dryRun({ modelId: 'Qwen/Qwen3-0.6B' });
    expect([run.status, events]).toEqual(['COMPLETED', []]);
    expect(log).toContain('Qwen/Qwen3-0.6B is not on this runner yet');
  });

  test('fails when the tokens cannot be made', async () => {
    await behave(app, { tokens: 'fail' });
    expect((await dryRun({})).run).toMatchObject({
      status: 'FAILED',
      error: expect.stringContaining('bad luck'),
    });
  });

  test('goes to another runner when its own stops while it counts', async () => {
    await behave(app, { tokens: 'hang' });
    const { id } = await createRun(app, {
      datasetKey: (await makeDataset(app, { train: 2 })).key,
      modelId: 'qwen3-tiny',
      hyperparameters: { batchSize: 1 },
    });
    const shutdown = new AbortController();
    const executing = executeRun(app, { id: runnerId, shutdown: shutdown.signal }, id);
    await expect.poll(() => readdir(app.config.dataDir), { timeout: 20_000 }).toContain('hanging');
    shutdown.abort();
    await executing;
    const run = await app.db.run.findUniqueOrThrow({ where: { id } });
    expect(run).toMatchObject({ status: 'PENDING', error: null });
  });
});
