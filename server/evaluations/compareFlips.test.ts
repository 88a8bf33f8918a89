import { randomUUIDv7 } from 'node:crypto';
import { makeDataset } from '../test/make.ts';
import { makeJudged, makeSetOf } from '../test/makeJudged.ts';
import { describe, expect, test } from '../test/test.ts';
import { countFlipRows, MOST_EVALUATIONS, readFlips } from './compareFlips.ts';

describe('readFlips', () => {
  test('shows the items on which evaluations disagree most first', async ({ app }) => {
    const set = await makeSetOf(app, 5);
    const copy = await makeSetOf(app, 5, undefined, { contentHash: set.contentHash });
    const a = await makeJudged(app, set, [true, true, false, true, false]);
    const b = await makeJudged(app, set, [true, false, false, null, false]);
    const c = await makeJudged(app, copy, [true, true, false, 'FAILED', true]);
    const d = await makeJudged(app, set, [true, false, false, null, false]);
    const evaluationIds = [a.id, b.id, c.id, d.id];
    const { rows, hasNextPage } = await readFlips(app.sql, { evaluationIds, first: 20 });
    expect(hasNextPage).toBe(false);
    expect(rows.map(({ position, cells, instability }) => [position, instability, cells])).toEqual([
      [1, 1, ['CORRECT', 'WRONG', 'CORRECT', 'WRONG']],
      [4, 0.5, ['WRONG', 'WRONG', 'CORRECT', 'WRONG']],
      [0, 0, ['CORRECT', 'CORRECT', 'CORRECT', 'CORRECT']],
      [2, 0, ['WRONG', 'WRONG', 'WRONG', 'WRONG']],
      [3, 0, ['CORRECT', 'UNSCORED', 'UNSCORED', 'UNSCORED']],
    ]);
    expect(rows[0]).toMatchObject({ prompt: expect.any(String), expected: '1', traceId: null });
    expect(await countFlipRows(app.sql, evaluationIds)).toEqual({ items: 5, unstable: 2 });

    const first = await readFlips(app.sql, { evaluationIds, first: 2 });
    expect(first.hasNextPage).toBe(true);
    const after = first.rows.at(-1)?.cursor ?? null;
    const rest = await readFlips(app.sql, { evaluationIds, first: 20, after });
    expect([...first.rows, ...rest.rows]).toEqual(rows);
  });

  test('shows traces of a dataset with their prompts', async ({ app }) => {
    const dataset = await makeDataset(app, { test: ['4'] });
    const { id } = await makeJudged(app, dataset, [true]);
    const { rows } = await readFlips(app.sql, { evaluationIds: [id], first: 1 });
    expect(rows).toMatchObject([{ expected: '4', cells: ['CORRECT'], setItemId: null }]);
    expect(rows[0]?.prompt).toContain('What is');
  });

  test('refuses what cannot be compared, and what does not exist', async ({ app }) => {
    const set = await makeSetOf(app, 1);
    const one = await makeJudged(app, set, [true]);
    const other = await makeJudged(app, set, [true], { judge: 'gemma' });
    const read = (evaluationIds: string[]) => readFlips(app.sql, { evaluationIds, first: 1 });
    await expect(read([one.id, other.id])).rejects.toMatchObject({
      issues: [
        {
          path: ['evaluationIds', '1'],
          code: 'NOT_COMPARABLE',
          message: expect.stringContaining('gemma@1'),
        },
      ],
    });
    await expect(read([one.id, randomUUIDv7()])).rejects.toMatchObject({ resource: 'Evaluation' });
    await expect(read([])).rejects.toMatchObject({ issues: [{ code: 'TOO_SHORT' }] });
    await expect(read([one.id, one.id])).rejects.toMatchObject({ issues: [{ code: 'DUPLICATE' }] });
    const many = Array.from({ length: MOST_EVALUATIONS + 1 }, () => randomUUIDv7());
    await expect(read(many)).rejects.toMatchObject({ issues: [{ code: 'TOO_LONG' }] });
  });
});
