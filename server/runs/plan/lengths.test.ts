import { randomUUIDv7 } from 'node:crypto';
import type { App } from '../../app.ts';
import { makeDataset } from '../../test/make.ts';
import { describe, expect, test } from '../../test/test.ts';
import { resolveRun } from './validate.ts';

describe('the lengths of a run', () => {
  /** A dataset of 3 + 1 items with so many characters each, and a check that counted tokens. */
  const measured = async (app: App, lengths: object | null, modelId = 'qwen3-tiny') => {
    const dataset = await makeDataset(app, { train: 3, eval: 1, test: 1 });
    const chars = [100, 200, 4_000, 600];
    for (const [position, totalChars] of chars.entries()) {
      const id = dataset.items[position]?.traceId ?? '';
      await app.db.trace.update({ where: { id }, data: { totalChars } });
    }
    if (lengths) {
      await app.db.datasetCheck.create({
        data: {
          id: randomUUIDv7(),
          datasetId: dataset.id,
          status: 'COMPLETED',
          settings: { modelId, maxTokens: 2048, maxChars: 8192 },
          summary: { found: {}, tokensChecked: true, tokensNote: null, lengths },
        },
      });
    }
    const hyperparameters = { batchSize: 2, maxSeqLength: 256 };
    return { datasetKey: dataset.key, modelId: 'qwen3-tiny', hyperparameters };
  };

  test('are a guess by characters without a check of the model', async ({ app }) => {
    const counted = { TRAIN: [[9, 3]], EVAL: [[9, 1]] };
    const input = await measured(app, counted, 'Qwen/Qwen3-0.6B');
    const { lengths, warnings } = await resolveRun(app, input);
    expect(lengths).toMatchObject({ items: 4, longest: 1000, tooLong: 1, source: 'ESTIMATE' });
    expect(warnings).toMatchObject([
      {
        code: 'LONG_ITEMS',
        message: expect.stringContaining('1 items of TRAIN and EVAL have more'),
      },
    ]);
  });

  test('are tokens where a check counted them, for any length', async ({ app }) => {
    const input = await measured(app, {
      TRAIN: [
        [20, 1],
        [200, 2],
      ],
      EVAL: [[300, 1]],
    });
    const lengthsFor = async (maxSeqLength: number) =>
      (await resolveRun(app, { ...input, hyperparameters: { batchSize: 1, maxSeqLength } }))
        .lengths;
    expect(await lengthsFor(300)).toMatchObject({
      items: 4,
      longest: 300,
      tooLong: 0,
      source: 'TOKENS',
    });
    expect(await lengthsFor(299)).toMatchObject({ tooLong: 1 });
    expect(await lengthsFor(199)).toMatchObject({ tooLong: 3 });
    const { warnings } = await resolveRun(app, input);
    expect(warnings).toMatchObject([
      {
        code: 'LONG_ITEMS',
        message: expect.stringContaining('have up to 300 tokens and do not fit'),
      },
    ]);
  });

  test('say how often the rest is learnt when the steps stay', async ({ app }) => {
    const input = await measured(app, {
      TRAIN: [
        [20, 1],
        [200, 2],
      ],
      EVAL: [[20, 1]],
    });
    const messageFor = async (more: object) => {
      const hyperparameters = { batchSize: 1, maxSeqLength: 199, numEpochs: 2, ...more };
      const resolved = await resolveRun(app, { ...input, hyperparameters });
      const { config, stepsPerEpoch, warnings } = resolved;
      const found = warnings.find(({ code }) => code === 'LONG_ITEMS');
      const { totalSteps } = config.hyperparameters;
      return { stepsPerEpoch, totalSteps, message: found?.message };
    };
    expect(await messageFor({})).toEqual({
      stepsPerEpoch: 1,
      totalSteps: 6,
      message: expect.stringContaining(
        'The 6 steps stay, so the 1 training items that fit are learnt about 6 times, not 2',
      ),
    });
    const { message } = await messageFor({ maxSteps: 2 });
    expect(message).toMatch(/counted in the run\.$/);
  });

  test('refuse a run of which too little would be left', async ({ app }) => {
    const input = await measured(app, {
      TRAIN: [
        [20, 1],
        [500, 2],
      ],
      EVAL: [[20, 1]],
    });
    const issue = {
      path: ['hyperparameters', 'maxSeqLength'],
      code: 'TOO_FEW_FIT',
      limit: '2',
      found: '1',
    };
    await expect(resolveRun(app, input)).rejects.toMatchObject({ issues: [issue] });
  });
});
