import { ValidationError } from '../../errors.ts';
import { makeDataset, makeEvaluationSet, makeTrace } from '../../test/make.ts';
import { describe, expect, test } from '../../test/test.ts';
import { createRun } from '../create.ts';
import type { CreateRunInput } from '../model.ts';
import { resolveRun } from './validate.ts';

const inputOf = (datasetKey: string, changes: Partial<CreateRunInput> = {}): CreateRunInput => ({
  datasetKey,
  modelId: 'qwen3-tiny',
  hyperparameters: { batchSize: 1, maxSeqLength: 128 },
  ...changes,
});

describe('the warnings of a run', () => {
  test('name a dataset without TEST items, unless there is an evaluation set', async ({ app }) => {
    const { key } = await makeDataset(app, { test: 0 });
    const set = await makeEvaluationSet(app);
    const { warnings } = await resolveRun(app, inputOf(key));
    expect(warnings).toMatchObject([
      { code: 'NO_TEST_ITEMS', message: expect.stringContaining('evaluation set') },
    ]);
    const judged = await resolveRun(app, inputOf(key, { evaluationSetKey: set.key }));
    expect(judged.warnings).toEqual([]);
    expect(judged.evaluationSet).toMatchObject({ id: set.id });
  });

  test('name training items that give questions of the set away', async ({ app }) => {
    const dataset = await makeDataset(app, { train: 2, eval: 1, test: 1 });
    const prompts = await app.db.trace.findMany({
      where: { id: { in: dataset.items.map(({ traceId }) => traceId) } },
    });
    const promptOf = (split: string) => {
      const item = dataset.items.find((each) => each.split === split);
      return prompts.find(({ id }) => id === item?.traceId)?.promptPreview ?? '';
    };
    const leaking = await makeEvaluationSet(app, [
      { prompt: `  ${promptOf('TRAIN').toUpperCase()} ` },
      {},
    ]);
    const input = inputOf(dataset.key, { evaluationSetKey: leaking.key });
    const refused = createRun(app, input);
    await expect(refused).rejects.toThrow(ValidationError);
    await expect(refused).rejects.toMatchObject({
      issues: [
        {
          path: ['acknowledgedWarnings'],
          code: 'EVALUATION_LEAKAGE',
          message: expect.stringContaining('1 training items'),
        },
      ],
    });
    const acknowledged = { ...input, acknowledgedWarnings: ['EVALUATION_LEAKAGE'] };
    await expect(createRun(app, acknowledged)).resolves.toMatchObject({ created: true });
    // Nothing is learnt from the other sides.
    const others = [{ prompt: promptOf('EVAL') }, { prompt: promptOf('TEST') }];
    const clean = await makeEvaluationSet(app, others);
    const { warnings } = await resolveRun(app, { ...input, evaluationSetKey: clean.key });
    expect(warnings).toEqual([]);
  });

  test('name prompts of the set that are too long, and no longer the TEST side', async ({
    app,
  }) => {
    const dataset = await makeDataset(app, { train: 2, eval: 1, test: 0 });
    const long = await makeTrace(app, { prompt: 'x'.repeat(513) });
    await app.db.datasetItem.create({
      data: { datasetId: dataset.id, position: 9, traceId: long.id, split: 'TEST' },
    });
    const codesOf = async (changes: Partial<CreateRunInput>) =>
      (await resolveRun(app, inputOf(dataset.key, changes))).warnings.map(({ code }) => code);
    expect(await codesOf({})).toContain('LONG_PROMPTS');
    const fitting = await makeEvaluationSet(app, [{ prompt: 'é'.repeat(512) }]);
    expect(await codesOf({ evaluationSetKey: fitting.key })).toEqual([]);
    const tooLong = await makeEvaluationSet(app, [{ prompt: 'é'.repeat(513) }, {}]);
    expect(await codesOf({ evaluationSetKey: tooLong.key })).toEqual(['LONG_PROMPTS']);
  });
});
