import { ValidationError } from '../errors.ts';
import { makePayload } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { importTraces } from './import.ts';
import { previewImport } from './preview.ts';

const line = (over: object = {}) => JSON.stringify(makePayload(over));

describe('previewImport', () => {
  test('says of each record what an import would make of it', async ({ app }) => {
    const sample = [line(), '', line({ prompt: '', extra: 1 }), '{"a": NaN}', line()].join('\n');
    const preview = previewImport(app, { sample });
    expect(preview).toMatchObject({ format: 'NDJSON', shape: 'TRACE', suggestedMapping: null });
    expect(preview.rows.map((row) => [row.line, row.issues.map(({ code }) => code)])).toEqual([
      [1, []],
      [3, ['TOO_SHORT', 'UNKNOWN_FIELD']],
      [4, ['BAD_JSON']],
      [5, []],
    ]);
    const source = (async function* () {
      yield Buffer.from(sample);
    })();
    const { report } = await importTraces(app, source, {});
    const first = preview.rows.flatMap(({ issues }) => issues.slice(0, 1));
    expect(JSON.parse(JSON.stringify(first))).toEqual(report);
  });

  test('finds an array by itself, and forgives that the sample ends within it', ({ app }) => {
    const sample = `[${line()},\n${line()},${line().slice(0, 30)}`;
    const { format, rows } = previewImport(app, { sample });
    expect(format).toBe('JSON');
    expect(rows.map((row) => row.trace !== null)).toEqual([true, true]);
  });

  test('forgives a last line that is cut, but no other', ({ app }) => {
    const cut = line().slice(0, 40);
    expect(previewImport(app, { sample: `${line()}\n${cut}` }).rows.length).toBe(1);
    const { rows } = previewImport(app, { sample: `${line()}\n${cut}\n` });
    expect(rows[1]?.issues).toMatchObject([{ line: 2, code: 'BAD_JSON' }]);
  });

  test('suggests a mapping that works', ({ app }) => {
    const sample = JSON.stringify({
      problem: 'P',
      work: { reasoning: ['a'] },
      target: 'T',
      level: 1,
    });
    const { fields, shape, suggestedMapping } = previewImport(app, { sample });
    expect(fields).toEqual(['problem', 'work', 'work.reasoning', 'target', 'level']);
    expect(shape).toBe('UNKNOWN');
    expect(suggestedMapping).toMatchObject({
      prompt: 'problem',
      steps: 'work.reasoning',
      meta: ['level'],
    });
    const { rows } = previewImport(app, { sample, mapping: suggestedMapping });
    expect(rows[0]).toMatchObject({ shape: 'MAPPED', trace: { final_answer: 'T' }, issues: [] });
  });

  test('shows the first 20 records', ({ app }) => {
    const sample = Array.from({ length: 50 }, () => line()).join('\n');
    expect(previewImport(app, { sample }).rows.map((row) => row.line)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
  });

  test('of nothing has no rows', ({ app }) => {
    expect(previewImport(app, { sample: '' }).rows).toEqual([]);
  });

  test('refuses more than it looks at', ({ app }) => {
    expect(() => previewImport(app, { sample: 'x'.repeat(262_145) })).toThrow(ValidationError);
  });
});
