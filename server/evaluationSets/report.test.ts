import { describe, expect, test } from 'vitest';
import { isValid, MAX_ISSUES, readSet } from './report.ts';

const item = (over: object = {}) => ({
  id: 'eval-001',
  prompt: 'What is 2 + 2?',
  expected_answer: '4',
  ...over,
});
const lines = (...values: unknown[]) =>
  values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('\n');
const read = (jsonl: string, minItems = 1) => readSet({ jsonl, minItems });
const found = (jsonl: string, minItems = 1) =>
  read(jsonl, minItems).issues.map(({ line, severity, code, path }) => [
    line,
    severity,
    code,
    path.join('.'),
  ]);

describe('readSet', () => {
  test('reads items in their order, with nothing for what is not given', () => {
    const full = {
      alternatives: ['four'],
      category: 'arithmetic',
      difficulty: 'easy',
      section: 'core',
    };
    const report = read(
      lines(item(full), item({ id: 'b', prompt: 'Other?', section: null, alternatives: null })),
    );
    expect(report).toEqual({
      items: [
        item(full),
        {
          ...item({ id: 'b', prompt: 'Other?' }),
          alternatives: [],
          category: null,
          difficulty: null,
          section: null,
        },
      ],
      issues: [],
    });
    expect(isValid(report)).toBe(true);
  });

  test.for([
    ['a byte order mark', `\uFEFF${lines(item())}`],
    ['blank lines', `\n\n${lines(item())}\n  \n`],
    ['line ends of Windows', `${lines(item())}\r\n`],
  ])('does not mind %s', ([, jsonl]) => {
    expect(found(jsonl ?? '')).toEqual([]);
  });

  test.for<[string, string, string, unknown]>([
    ['NOT_JSON', '', '', '{"id": 1'],
    ['WRONG_TYPE', '', '', []],
    ['WRONG_TYPE', '', '', 'null'],
    ['REQUIRED', 'id', '', item({ id: undefined })],
    ['REQUIRED', 'prompt', 'eval-001', item({ prompt: undefined })],
    ['REQUIRED', 'expected_answer', 'eval-001', item({ expected_answer: undefined })],
    ['WRONG_TYPE', 'expected_answer', 'eval-001', item({ expected_answer: 4 })],
    ['TOO_SHORT', 'prompt', 'eval-001', item({ prompt: '' })],
    ['BLANK', 'prompt', 'eval-001', item({ prompt: ' \n' })],
    ['BLANK', 'expected_answer', 'eval-001', item({ expected_answer: '\t' })],
    ['TOO_LONG', 'id', 'i'.repeat(128), item({ id: 'i'.repeat(129) })],
    ['TOO_LONG', 'prompt', 'eval-001', item({ prompt: 'p'.repeat(50_001) })],
    ['TOO_LONG', 'category', 'eval-001', item({ category: 'c'.repeat(41) })],
    ['TOO_LONG', 'alternatives', 'eval-001', item({ alternatives: Array(21).fill('x') })],
    ['BLANK', 'alternatives.1', 'eval-001', item({ alternatives: ['x', ' '] })],
    ['NUL_CHARACTER', 'prompt', 'eval-001', item({ prompt: 'a\0' })],
    ['LONE_SURROGATE', 'prompt', 'eval-001', item({ prompt: 'a\ud800' })],
    ['UNKNOWN_FIELD', 'answer', 'eval-001', item({ answer: '4' })],
  ])('refuses %s at "%s"', ([code, path, itemId, value]) => {
    const report = read(lines(item({ id: 'good', prompt: 'Good?' }), value));
    expect(isValid(report)).toBe(false);
    expect(report.items.map(({ id }) => id)).toEqual(['good']);
    const at = { line: 2, severity: 'ERROR', code, path: path === '' ? [] : path.split('.') };
    // The blank one is too short as well where it is empty.
    expect(report.issues[0]).toMatchObject({ ...at, itemId: itemId === '' ? null : itemId });
  });

  test('says everything that is wrong with a line', () => {
    expect(found(lines(item({ id: '', prompt: 3, x: 1 })))).toEqual([
      [1, 'ERROR', 'TOO_SHORT', 'id'],
      [1, 'ERROR', 'BLANK', 'id'],
      [1, 'ERROR', 'WRONG_TYPE', 'prompt'],
      [1, 'ERROR', 'UNKNOWN_FIELD', 'x'],
      [null, 'ERROR', 'TOO_FEW_ITEMS', ''],
    ]);
  });

  test('refuses a key that stands twice in a line, of which JSON would keep the last', () => {
    const line = '{"id": "a", "prompt": "x", "expected_answer": "1", "expected_answer": "2"}';
    expect(found(line)).toEqual([
      [1, 'ERROR', 'DUPLICATE_KEY', 'expected_answer'],
      [null, 'ERROR', 'TOO_FEW_ITEMS', ''],
    ]);
    // What looks like a key inside a text is none.
    expect(found(lines(item({ prompt: 'What is {"id": 1, "id": 2}?' })))).toEqual([]);
  });

  test('says what is missing in plain words, and shows an id that can be shown', () => {
    const { issues } = read('{"id": "a\\u0000", "prompt": "x"}');
    expect(issues).toMatchObject([
      { itemId: 'a\uFFFD', code: 'NUL_CHARACTER' },
      { message: 'expected_answer: is required.', code: 'REQUIRED' },
      { code: 'TOO_FEW_ITEMS' },
    ]);
  });

  test('refuses an id that comes twice and names the first line', () => {
    const report = read(lines(item(), '', item({ prompt: 'Other?' })));
    expect(report.issues).toEqual([
      {
        line: 3,
        itemId: 'eval-001',
        severity: 'ERROR',
        code: 'DUPLICATE_ID',
        path: ['id'],
        message: 'id: Line 1 has the same id. Give each item its own.',
      },
    ]);
  });

  test('warns of a prompt that comes twice in other letters', () => {
    const report = read(lines(item(), item({ id: 'b', prompt: '  what IS 2 +  2?' })));
    expect(isValid(report)).toBe(true);
    expect(report.issues).toMatchObject([
      { line: 2, itemId: 'b', severity: 'WARNING', code: 'DUPLICATE_PROMPT' },
    ]);
  });

  test('warns of a section and a difficulty that are unusual', () => {
    expect(found(lines(item({ section: 'Core', difficulty: 'extreme', category: 'any' })))).toEqual(
      [
        [1, 'WARNING', 'UNKNOWN_SECTION', 'section'],
        [1, 'WARNING', 'UNKNOWN_DIFFICULTY', 'difficulty'],
      ],
    );
  });

  test.for([
    [0, 1, [[null, 'ERROR', 'TOO_FEW_ITEMS', '']]],
    [2, 3, [[null, 'ERROR', 'TOO_FEW_ITEMS', '']]],
    [3, 3, []],
  ] as const)('of %i items at least %i', ([count, minItems, expected]) => {
    const values = Array.from({ length: count }, (_, i) => item({ id: `${i}`, prompt: `${i}?` }));
    expect(found(lines(...values), minItems)).toEqual(expected);
  });

  test('refuses more than 100 000 items', () => {
    const jsonl = Array.from({ length: 100_001 }, (_, i) =>
      JSON.stringify({ id: `${i}`, prompt: `${i}`, expected_answer: '1' }),
    ).join('\n');
    expect(found(jsonl)).toEqual([[100_001, 'ERROR', 'TOO_MANY_ITEMS', '']]);
    expect(found(jsonl.slice(0, jsonl.lastIndexOf('\n')))).toEqual([]);
  });

  test('refuses more than 100 different categories', () => {
    const values = Array.from({ length: 101 }, (_, i) =>
      item({ id: `${i}`, prompt: `${i}?`, category: `c${i}` }),
    );
    expect(found(lines(...values))).toEqual([[null, 'ERROR', 'TOO_MANY_VALUES', 'category']]);
    expect(found(lines(...values.slice(1)))).toEqual([]);
  });

  test('stops at the thousandth error, and lists a thousand warnings', () => {
    const bad = read(Array(5_000).fill('x').join('\n'));
    expect(bad.issues).toHaveLength(MAX_ISSUES);
    expect(bad.issues.at(-1)).toMatchObject({ line: MAX_ISSUES });
    const unusual = Array.from({ length: 2_000 }, (_, i) =>
      item({ id: `${i}`, prompt: `${i}?`, section: 'odd' }),
    );
    const odd = read(lines(...unusual, 'x'));
    expect(odd.issues).toHaveLength(MAX_ISSUES + 1);
    expect(odd.issues.at(-1)).toMatchObject({ line: 2_001, code: 'NOT_JSON' });
  });
});
