import { randomUUIDv7 } from 'node:crypto';
import { NotFoundError } from '../errors.ts';
import { describe, expect, test } from '../test/test.ts';
import { putTrace, stepsOf } from '../test/traces.ts';
import { scoreTrace } from './scoreTrace.ts';

describe('scoreTrace', () => {
  test('stores a score with what it was made from, each time anew', async ({ app }) => {
    const { id } = await putTrace(app, { steps: stepsOf('x'.repeat(100), '😀'.repeat(300)) });
    const first = await scoreTrace(app, { id, criteria: 'BASELINE' });
    const second = await scoreTrace(app, { id, criteria: 'BASELINE' });
    const rows = await app.db.score.findMany({ where: { traceId: id }, orderBy: { id: 'asc' } });
    expect(rows.map((row) => row.id)).toEqual([first, second]);
    expect(rows[0]).toMatchObject({
      criteria: 'BASELINE',
      score: 30,
      details: {
        stepCount: 2,
        averageStepLength: 200,
        stepChars: 400,
        stepScore: 10,
        lengthScore: 20,
      },
    });
  });

  test('does not know a trace that is not there', async ({ app }) => {
    const refused = scoreTrace(app, { id: randomUUIDv7(), criteria: 'BASELINE' });
    await expect(refused).rejects.toThrow(NotFoundError);
  });
});
