import { makeDatasetOf } from '../../test/makeItems.ts';
import { behave, withStandIn } from '../../test/rig.ts';
import { describe, expect, test } from '../../test/test.ts';
import { checkDataset } from './check.ts';
import { openLengths, readTokenLengths } from './lengths.ts';
import { requestDatasetCheck } from './request.ts';

const running = new AbortController().signal;

describe('openLengths', () => {
  test('counts how many items of a side have how many tokens', () => {
    const lengths = openLengths();
    for (const length of [9, 2, 9]) lengths.add('TRAIN', length);
    lengths.add('EVAL', 10);
    expect(lengths.list).toEqual({
      TRAIN: [
        [2, 1],
        [9, 2],
      ],
      EVAL: [[10, 1]],
    });
  });
});

describe('readTokenLengths', () => {
  test('has what the newest check counted with the tokenizer of the model', async ({ app }) => {
    const rig = await withStandIn(app);
    await behave(rig, {});
    const dataset = await makeDatasetOf(app, [
      { prompt: 'Name a bay.', split: 'TRAIN' },
      { prompt: 'Name a cape of some other land.', split: 'TRAIN' },
      { prompt: 'Name a gulf.', split: 'EVAL' },
    ]);
    expect(await readTokenLengths(app.db, dataset.id, 'qwen3-tiny')).toBeNull();
    const check = async (on: typeof app) => {
      const { id } = await requestDatasetCheck(app, { datasetKey: dataset.key });
      await checkDataset(on, id, running);
    };
    await check(rig);
    const counted = await readTokenLengths(app.db, dataset.id, 'qwen3-tiny');
    const sum = (pairs: [number, number][] = []) =>
      pairs.reduce((all, [, items]) => all + items, 0);
    expect([sum(counted?.TRAIN), sum(counted?.EVAL)]).toEqual([2, 1]);
    const lengths = counted?.TRAIN.map(([length]) => length) ?? [];
    expect((lengths[1] ?? 0) - (lengths[0] ?? 0)).toBe(4);
    expect(await readTokenLengths(app.db, dataset.id, 'Qwen/Qwen3-0.6B')).toBeNull();
    // One that could not count is passed over.
    await behave(rig, { tokens: 'fail' });
    await check(rig);
    expect(await readTokenLengths(app.db, dataset.id, 'qwen3-tiny')).toEqual(counted);
  });
});
