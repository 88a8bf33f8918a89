import { ConflictError, ValidationError } from '../errors.ts';
import { describe, expect, test } from '../test/test.ts';
import { createEvaluationSet } from './create.ts';
import { countValues, readSetRecords, type SetRecord } from './read.ts';

const lineOf = (id: string, over: object = {}) =>
  JSON.stringify({ id, prompt: `What is ${id}?`, expected_answer: '1', ...over });
const jsonlOf = (count: number, over: object = {}) =>
  Array.from({ length: count }, (_, i) => lineOf(`e-${i}`, over)).join('\n');

describe('createEvaluationSet', () => {
  test('stores the items as they are, in their order', async ({ app }) => {
    const first = { alternatives: ['one', 'uno'], category: 'c', difficulty: 'easy' };
    const jsonl = `${lineOf('b', first)}\n${lineOf('a', { section: 'core' })}`;
    const stored = await createEvaluationSet(app, { name: 'eval', version: 'v1', jsonl });
    expect(stored.key).toBe('eval-v1');
    const set = await app.db.evaluationSet.findUniqueOrThrow({
      where: { key: 'eval-v1' },
      include: { items: { orderBy: { position: 'asc' } } },
    });
    expect(set).toMatchObject({
      id: stored.id,
      name: 'eval',
      version: 'v1',
      itemCount: 2,
      contentHash: stored.contentHash,
      items: [
        {
          position: 0,
          itemId: 'b',
          prompt: 'What is b?',
          expectedAnswer: '1',
          alternatives: ['one', 'uno'],
          category: 'c',
          difficulty: 'easy',
          section: null,
        },
        { position: 1, itemId: 'a', alternatives: [], category: null, section: 'core' },
      ],
    });
  });

  test('gives the same content the same digest, and other content another', async ({ app }) => {
    const hash = async (version: string, jsonl: string) =>
      (await createEvaluationSet(app, { name: 'digest', version, jsonl })).contentHash;
    const one = await hash('1', `${lineOf('a')}\n${lineOf('b')}`);
    expect(await hash('2', `\n${lineOf('a', { section: null })}\r\n${lineOf('b')}\n`)).toBe(one);
    expect(await hash('3', `${lineOf('b')}\n${lineOf('a')}`)).not.toBe(one);
    expect(await hash('4', `${lineOf('a')}\n${lineOf('b', { alternatives: ['2'] })}`)).not.toBe(
      one,
    );
  });

  test('stores more items than one statement takes', async ({ app }) => {
    const { id } = await createEvaluationSet(app, {
      name: 'many',
      version: '1',
      jsonl: jsonlOf(4_500, { section: 'core' }),
    });
    const read: SetRecord[] = [];
    for await (const record of readSetRecords(app.sql, id)) read.push(record);
    expect(read.map((record) => record.position)).toEqual([...read.keys()]);
    expect(read.at(-1)).toMatchObject({ id: 'e-4499', prompt: 'What is e-4499?', answer: '1' });
    expect(await countValues(app.sql, id, 'section')).toEqual([{ value: 'core', count: 4_500 }]);
    expect(await countValues(app.sql, id, 'category')).toEqual([]);
  });

  test('refuses a key that is taken and names what has it', async ({ app }) => {
    const jsonl = lineOf('a');
    const { id } = await createEvaluationSet(app, { name: 'taken-1', version: '2', jsonl });
    const again = createEvaluationSet(app, { name: 'taken', version: '1-2', jsonl });
    await expect(again).rejects.toThrow(ConflictError);
    await expect(again).rejects.toMatchObject({ resource: 'EvaluationSet', existingId: id });
  });

  test('lets one of many at the same moment have the key', async ({ app }) => {
    const results = await Promise.allSettled(
      Array.from({ length: 5 }, () =>
        createEvaluationSet(app, { name: 'race', version: '1', jsonl: lineOf('a') }),
      ),
    );
    const refused = results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason] : [],
    );
    expect(refused).toHaveLength(4);
    for (const reason of refused) expect(reason).toBeInstanceOf(ConflictError);
  });

  test('refuses a bad file with the line of each error, and stores nothing', async ({ app }) => {
    const jsonl = `${lineOf('a')}\nx\n${lineOf('a', { section: 'odd' })}`;
    const input = { name: 'bad', version: '1', jsonl, minItems: 3 };
    const error = await createEvaluationSet(app, input).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ValidationError);
    expect((error as ValidationError).issues).toEqual([
      {
        path: ['jsonl', '2'],
        code: 'NOT_JSON',
        message: 'Line 2: This line is no JSON. Write one object per line.',
      },
      {
        path: ['jsonl', '3', 'id'],
        code: 'DUPLICATE_ID',
        message: 'Line 3: id: Line 1 has the same id. Give each item its own.',
      },
      {
        path: ['jsonl'],
        code: 'TOO_FEW_ITEMS',
        message: 'The set has 2 valid items, at least 3 are needed.',
      },
    ]);
    expect(await app.db.evaluationSet.count({ where: { name: 'bad' } })).toBe(0);
  });

  test.for([
    [{ name: 'a b' }, 'name', 'INVALID'],
    [{ name: '' }, 'name', 'TOO_SHORT'],
    [{ version: '../1' }, 'version', 'INVALID'],
    [{ minItems: 0 }, 'minItems', 'TOO_SMALL'],
    [{ jsonl: 'é'.repeat(5 * 1024 * 1024 + 1) }, 'jsonl', 'TOO_LONG'],
  ] as const)('refuses %o', async ([over, path, code], { app }) => {
    const input = { name: 'n', version: '1', jsonl: lineOf('a'), ...over };
    const error = await createEvaluationSet(app, input).catch((reason: unknown) => reason);
    const issues = (error as ValidationError).issues.map((issue) => [issue.path[0], issue.code]);
    expect(issues).toContainEqual([path, code]);
  });
});
