import { randomUUIDv7 } from 'node:crypto';
import type { App } from '../app.ts';
import { InvalidStateError, NotFoundError, ValidationError } from '../errors.ts';
import { makeDataset, makeEvaluation, makeRun } from '../test/make.ts';
import { makeJudged, makeSetOf, rightThenWrong } from '../test/makeJudged.ts';
import { describe, expect, test } from '../test/test.ts';
import { setBaseline } from './set.ts';

const evaluated = async (app: App, data: Parameters<typeof makeEvaluation>[2] = {}) =>
  makeEvaluation(app, await makeRun(app, (await makeDataset(app)).id), data);

describe('setBaseline', () => {
  test('works with a name and an evaluation alone', async ({ app }) => {
    const { id } = await evaluated(app);
    expect(await setBaseline(app, { name: 'plain', evaluationId: id })).toMatchObject({
      name: 'plain',
      revision: 1,
      evaluationId: id,
      metric: 'score',
      lowerIsBetter: false,
      tolerance: 5,
      alpha: 0.05,
      onInconclusive: 'WARN',
    });
  });

  test('keeps what is given', async ({ app }) => {
    const { id } = await evaluated(app, { metrics: { latency_p99: 3 } });
    const given = { metric: 'accuracy', lowerIsBetter: true, tolerance: 0, alpha: 0.5 };
    const input = { name: 'full', evaluationId: id, ...given, onInconclusive: 'FAIL' } as const;
    expect(await setBaseline(app, input)).toMatchObject(input);
    const byName = { name: 'fast', evaluationId: id, metric: 'latency_p99' };
    expect(await setBaseline(app, byName)).toMatchObject({ lowerIsBetter: true });
    const nulls = { metric: null, lowerIsBetter: null, tolerance: null, alpha: null };
    expect(
      await setBaseline(app, { name: 'nulls', evaluationId: id, ...nulls, onInconclusive: null }),
    ).toMatchObject({ metric: 'score', tolerance: 5, alpha: 0.05, onInconclusive: 'WARN' });
  });

  test('appends a revision and keeps the earlier ones', async ({ app }) => {
    const one = await evaluated(app);
    const two = await evaluated(app);
    const first = await setBaseline(app, { name: 'history', evaluationId: one.id });
    await setBaseline(app, { name: 'history', evaluationId: two.id, tolerance: 1 });
    expect(
      await app.db.baseline.findMany({ where: { name: 'history' }, orderBy: { revision: 'asc' } }),
    ).toMatchObject([first, { revision: 2, evaluationId: two.id, tolerance: 1 }]);
  });

  test('numbers revisions without gap or clash when many come at once', async ({ app }) => {
    const { id } = await evaluated(app);
    const set = (name: string) => setBaseline(app, { name, evaluationId: id });
    const names = Array.from({ length: 12 }, (_, index) => (index % 3 === 0 ? 'race b' : 'race a'));
    await Promise.all(names.map(set));
    const revisions = async (name: string) =>
      (await app.db.baseline.findMany({ where: { name }, orderBy: { revision: 'asc' } })).map(
        ({ revision }) => revision,
      );
    expect(await revisions('race a')).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await revisions('race b')).toEqual([1, 2, 3, 4]);
  });

  test('refuses an evaluation that does not exist', async ({ app }) => {
    const set = setBaseline(app, { name: 'none', evaluationId: randomUUIDv7() });
    await expect(set).rejects.toThrow(NotFoundError);
  });

  test.for(['PENDING', 'RUNNING', 'FAILED'] as const)(
    'refuses an evaluation that is %s',
    async (status, { app }) => {
      const { id } = await evaluated(app, { status });
      const set = setBaseline(app, { name: 'none', evaluationId: id });
      await expect(set).rejects.toThrow(InvalidStateError);
      await expect(set).rejects.toMatchObject({ status });
    },
  );

  test.for(['nothing', 'toString', 'Score'])('refuses the metric %s', async (metric, { app }) => {
    const { id } = await evaluated(app);
    const set = setBaseline(app, { name: 'none', evaluationId: id, metric });
    await expect(set).rejects.toThrow(ValidationError);
    await expect(set).rejects.toMatchObject({
      issues: [
        {
          path: ['metric'],
          code: 'UNKNOWN_METRIC',
          message: expect.stringContaining('accuracy, primary_score, score'),
        },
      ],
    });
    expect(await app.db.baseline.count({ where: { name: 'none' } })).toBe(0);
  });

  test.for([
    [{ name: '' }, 'name', 'TOO_SHORT'],
    [{ name: 'x'.repeat(129) }, 'name', 'TOO_LONG'],
    [{ name: 'a\0b' }, 'name', 'NUL_CHARACTER'],
    [{ tolerance: -1 }, 'tolerance', 'TOO_SMALL'],
    [{ tolerance: 100.1 }, 'tolerance', 'TOO_LARGE'],
    [{ alpha: 0 }, 'alpha', 'TOO_SMALL'],
    [{ alpha: 1 }, 'alpha', 'TOO_LARGE'],
    [{ evaluationId: 'x' }, 'evaluationId', 'INVALID'],
    [{ onInconclusive: 'MAYBE' }, 'onInconclusive', 'INVALID'],
    [{ minItems: -1 }, 'minItems', 'TOO_SMALL'],
    [{ minItems: 1.5 }, 'minItems', 'WRONG_TYPE'],
    [{ requiredJudge: 'gemma' }, 'requiredJudge', 'INVALID'],
    [{ note: 'x'.repeat(1001) }, 'note', 'TOO_LONG'],
    [{ floors: Array(33).fill({ by: 'SECTION', value: 'x', minimum: 0 }) }, 'floors', 'TOO_LONG'],
    [{ floors: Array(2).fill({ by: 'SECTION', value: 'x', minimum: 0 }) }, 'floors', 'DUPLICATE'],
    [{ extra: 1 }, 'extra', 'UNKNOWN_FIELD'],
  ] as const)('refuses %j', async ([bad, field, code], { app }) => {
    const input = { name: 'bad', evaluationId: randomUUIDv7(), ...bad };
    await expect(setBaseline(app, input as never)).rejects.toMatchObject({
      issues: [{ path: [field], code }],
    });
  });

  test('keeps floors, judge, least items and note', async ({ app }) => {
    const set = await makeSetOf(app, 4, () => ({ category: 'logic' }));
    const { id } = await makeJudged(app, set, rightThenWrong(2, 2));
    const policy = {
      minItems: 3,
      requiredJudge: 'answer_correctness@1',
      floors: [{ by: 'CATEGORY' as const, value: 'logic', minimum: 0.5 }],
      note: 'Release 4 <b>must</b> not fall below this.',
    };
    expect(await setBaseline(app, { name: 'strict', evaluationId: id, ...policy })).toMatchObject({
      ...policy,
      setBy: null,
    });
  });

  test('refuses a policy that the evaluation itself could not meet', async ({ app }) => {
    const set = await makeSetOf(app, 4, () => ({ category: 'logic' }));
    const { id } = await makeJudged(app, set, rightThenWrong(2, 2));
    const input = {
      name: 'impossible',
      evaluationId: id,
      metric: 'answered',
      minItems: 1,
      requiredJudge: 'gemma@1',
      floors: [{ by: 'SECTION' as const, value: 'core', minimum: 0.5 }],
    };
    await expect(setBaseline(app, input)).rejects.toMatchObject({
      issues: [
        { path: ['minItems'], code: 'NO_ITEMS' },
        { path: ['requiredJudge'], code: 'WRONG_JUDGE' },
        {
          path: ['floors', '0', 'value'],
          code: 'UNKNOWN_PART',
          message: expect.stringContaining('CATEGORY logic'),
        },
      ],
    });
  });

  test('takes 128 characters, counted as people do', async ({ app }) => {
    const { id } = await evaluated(app);
    const name = '🧪'.repeat(128);
    expect(await setBaseline(app, { name, evaluationId: id })).toMatchObject({ name });
  });
});
