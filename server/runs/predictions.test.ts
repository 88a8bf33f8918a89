import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDataset, makeEvaluationSet, makeRun } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { readPredictions, storePredictions } from './predictions.ts';

const ITEM = '01a1fb81-3a6f-7941-a8ea-121b9f8ec01f';
const line = (over: object = {}) => ({
  id: ITEM,
  split: 'test',
  expected: '1',
  text: 'Answer: 1',
  tokens: 3,
  ...over,
});

/** What is read of a file with these lines. */
async function read(lines: object[], setItems: Map<string, string> | null = null) {
  const dir = await mkdtemp(join(tmpdir(), 'tunix-rt-predictions-'));
  try {
    const file = join(dir, 'predictions.jsonl');
    await writeFile(file, lines.map((each) => `${JSON.stringify(each)}\n`).join(''));
    return await readPredictions(file, setItems);
  } finally {
    await rm(dir, { recursive: true });
  }
}

describe('readPredictions', () => {
  test('reads what was written for traces', async () => {
    expect(await read([line(), line({ split: 'eval', error: 'too long' })])).toMatchObject([
      { traceId: ITEM, split: 'TEST', setItemId: null, text: 'Answer: 1', tokens: 3 },
      { traceId: ITEM, split: 'EVAL', setItemId: null, error: 'too long' },
    ]);
  });

  test('finds the items of an evaluation set by the ids their author gave', async () => {
    const setItems = new Map([['eval-001', ITEM]]);
    expect(await read([line({ id: 'eval-001' }), line({ split: 'eval' })], setItems)).toMatchObject(
      [
        { traceId: null, split: null, setItemId: ITEM },
        { traceId: ITEM, split: 'EVAL', setItemId: null },
      ],
    );
  });

  test.for([
    ['an id that no item of the set has', line({ id: 'eval-002' }), new Map([['eval-001', ITEM]])],
    ['an id that no trace has', line({ id: 'eval-001' }), null],
    ['an id of the set on another side', line({ id: 'x', split: 'eval' }), new Map([['x', ITEM]])],
    ['no text', line({ text: undefined }), null],
    ['no side', line({ split: 'other' }), null],
  ] as const)('refuses %s and names the line', async ([, bad, setItems]) => {
    const good = line({ split: 'eval' });
    const reading = read([good, bad], setItems as Map<string, string> | null);
    await expect(reading).rejects.toThrow('predictions.jsonl line 2');
  });
});

describe('storePredictions', () => {
  test('stores predictions on traces and on items of a set', async ({ app }) => {
    const dataset = await makeDataset(app);
    const set = await makeEvaluationSet(app);
    const run = await makeRun(app, dataset.id, { evaluationSetId: set.id });
    const traceId = dataset.items[2]?.traceId ?? '';
    const setItemId = set.items[0]?.id ?? '';
    const said = { expected: '1', text: 'a\0', tokens: null };
    await app.db.$transaction((tx) =>
      storePredictions(tx, run.id, [
        { ...said, traceId, split: 'EVAL', setItemId: null },
        { ...said, traceId: null, split: null, setItemId },
      ]),
    );
    const stored = await app.db.prediction.findMany({
      where: { runId: run.id },
      orderBy: { split: { sort: 'asc', nulls: 'last' } },
    });
    expect(stored).toMatchObject([
      { traceId, split: 'EVAL', setItemId: null, text: 'a\uFFFD' },
      { traceId: null, split: null, setItemId },
    ]);
  });
});
