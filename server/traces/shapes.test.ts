import { describe, expect, test } from 'vitest';
import { exportRecord } from '../datasets/render.ts';
import { makePayload } from '../test/make.ts';
import type { TracePayload } from './model.ts';
import { readRecord } from './readRecord.ts';
import { DEFAULT_STEP_TYPE, parseResponse } from './shapes.ts';

/** What an import makes of a record. */
function read(record: unknown, mapping: object | null = null) {
  const bytes = Buffer.from(typeof record === 'string' ? record : JSON.stringify(record));
  const options = { maxBytes: 1_000_000, mapping };
  const { shape, trace, issues } = readRecord({ line: 1, byteOffset: 0, end: 0, bytes }, options);
  const said = issues.map(({ path, code }) => `${path.join('.')} ${code}`.trim());
  return { shape, trace: trace?.payload ?? null, said, issues };
}

const steps = (...contents: string[]) =>
  contents.map((content, i) => ({ i, type: DEFAULT_STEP_TYPE, content }));

const ROW = { id: '01a1fc23-1bde-7e47-a397-cefeea59154c', createdAt: new Date(0) };

describe('our own exports', () => {
  const traces = [
    makePayload({ steps: steps('one') }),
    makePayload({ steps: steps('1. first\nof two lines', 'Answer: not yet', 'x'.repeat(300)) }),
    makePayload({ steps: steps('a', 'b'), meta: undefined, final_answer: 'two\nlines' }),
    makePayload({
      steps: steps(...Array.from({ length: 12 }, (_, i) => `step ${i}`)),
      meta: { format: 'x', a: [1] },
    }),
    makePayload({ prompt: 'Why?\n\nBecause.', steps: steps('é😀'), trace_version: '2.1' }),
  ] as TracePayload[];

  test.for([
    ['trace', 'PREDECESSOR_TRACE'],
    ['tunix_sft', 'PREDECESSOR_SFT'],
    ['training_example', 'PREDECESSOR_EXAMPLE'],
  ] as const)('%s come back as the traces they were made of', ([format, shape]) => {
    for (const payload of traces) {
      const { format: _format, ...meta } = payload.meta ?? {};
      const expected = {
        ...payload,
        ...(payload.meta && { meta }),
      };
      if (!payload.meta || Object.keys(meta).length === 0) delete expected.meta;
      const back = read(exportRecord(format, { ...ROW, payload }));
      expect(back.shape).toBe(shape);
      expect(back.trace).toEqual(JSON.parse(JSON.stringify(expected)));
    }
  });
});

describe('a record', () => {
  test('of the REST API is the trace in its payload', () => {
    const payload = makePayload();
    const record = {
      id: ROW.id,
      created_at: '2025-01-01T00:00:00Z',
      trace_version: '1.0',
      payload,
    };
    expect(read(record)).toMatchObject({ shape: 'API_RECORD', trace: payload });
    expect(read({ ...record, score: 1 }).said).toEqual(['score UNKNOWN_FIELD']);
  });

  test('of question and answer has its result behind the mark', () => {
    const answer = 'She has 16 - 3 = 13.\n\n13 * 2 = <<13*2=26>>26\n#### 26';
    expect(read({ question: 'How much?', answer, level: 3 })).toMatchObject({
      shape: 'QUESTION_ANSWER',
      trace: {
        trace_version: '1.0',
        prompt: 'How much?',
        steps: steps('She has 16 - 3 = 13.', '13 * 2 = <<13*2=26>>26'),
        final_answer: '26',
        meta: { level: 3 },
      },
    });
    expect(read({ question: 'q', answer: '26' }).said).toEqual(['answer NO_RESULT']);
    expect(read({ question: 'q', answer: 26 }).said).toEqual(['answer WRONG_TYPE']);
  });

  test('of the predecessor keeps what its metadata says, but not the system part', () => {
    const record = {
      id: 'x',
      prompts: 'p',
      trace_steps: ['a'],
      final_answer: 'f',
      metadata: { created_at: '2025', trace_version: '1.0', source: 's' },
    };
    expect(read(record).trace).toEqual({
      trace_version: '1.0',
      prompt: 'p',
      steps: steps('a'),
      final_answer: 'f',
      meta: { source: 's' },
    });
  });

  test.for([
    [{ prompts: 'no turns', final_answer: 'x' }, 'prompts BAD_TURNS'],
    [{ prompts: 1 }, 'prompts WRONG_TYPE'],
    [{ prompt: 'p', response: 'no answer' }, 'response BAD_RESPONSE'],
    [{ prompts: 'p', trace_steps: 'x', final_answer: 'f' }, 'trace_steps WRONG_TYPE'],
    [{ q: 1, a: 2 }, 'UNKNOWN_SHAPE'],
    [{}, 'UNKNOWN_SHAPE'],
  ])('%j is refused as %s', ([record, said]) => {
    expect(read(record).said).toEqual([said]);
  });

  test('of no known shape is refused with the fields it has', () => {
    const [issue] = read({ q: 1, solution: 2 }).issues;
    expect(issue).toMatchObject({ found: 'q, solution' });
    expect(issue?.message).toContain('q, solution');
  });
});

describe('a mapping', () => {
  const mapping = {
    prompt: 'in.q',
    steps: 'out.steps',
    finalAnswer: 'out.result',
    meta: ['level', 'none'],
  };
  const record = (value: unknown) => ({
    in: { q: 'Q' },
    out: { steps: value, result: 7 },
    level: 2,
  });

  test.for([
    ['a list of texts', ['a', 'b']],
    ['the lines of a text', 'a\n\nb\r\n'],
    ['objects with content', [{ content: 'a' }, { content: 'b' }]],
    ['objects with text', [{ text: 'a' }, { step: 'b' }]],
  ] as const)('takes steps from %s', ([, value]) => {
    expect(read(record(value), mapping)).toMatchObject({
      shape: 'MAPPED',
      trace: { prompt: 'Q', steps: steps('a', 'b'), final_answer: '7', meta: { level: 2 } },
    });
  });

  test('keeps number and type of steps that have them', () => {
    const own = [{ i: 5, type: 'plan', content: 'a' }];
    expect(read(record(own), mapping).trace?.steps).toEqual(own);
  });

  test('of a field that is not there names the fields there are', () => {
    const { issues } = read({ question: 'x', out: 1 }, mapping);
    expect(issues).toMatchObject([{ path: ['prompt'], code: 'REQUIRED', found: 'question, out' }]);
  });

  test('finds a field whose own name has a dot', () => {
    const flat = { 'in.q': 'Q', 'out.steps': ['a'], 'out.result': 'r' };
    expect(read(flat, mapping).trace).toMatchObject({ prompt: 'Q', final_answer: 'r' });
  });

  test('does not reach into what an object inherits', () => {
    expect(
      read({ a: 'x', steps: ['s'], final_answer: 'f' }, { prompt: 'constructor.name' }).said,
    ).toEqual(['prompt REQUIRED']);
  });
});

describe('the bytes of a record', () => {
  const line = (meta: string) =>
    JSON.stringify(makePayload({ meta: 'META' })).replace('"META"', meta);
  test.for([
    ['{"a": NaN}', 'BAD_JSON', 'NaN'],
    ['{"a": -Infinity}', 'BAD_JSON', '-Infinity'],
    ['{"prompt": ', 'BAD_JSON', undefined],
    [line('{"a":1,"b":2,"a":3}'), 'meta.a DUPLICATE_KEY', undefined],
    [line('{"n": 12345678901234567890123}'), 'meta.n TOO_LARGE', '12345678901234567890123'],
    [line('{"n": 9007199254740993}'), 'meta.n TOO_LARGE', '9007199254740993'],
    [line('{"n": 1e400}'), 'meta.n NOT_FINITE', '1e400'],
    [line(`{"n": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`), 'TOO_DEEP', '20002'],
    ['['.repeat(200_000), 'TOO_DEEP', '200000'],
    [`${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'TOO_DEEP', '20000'],
    [`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`, 'TOO_DEEP', '20000'],
    ['[]', 'WRONG_TYPE', 'array'],
    ['"text"', 'WRONG_TYPE', 'string'],
  ] as const)('%.40s are refused as %s', ([json, said, found]) => {
    const result = read(json);
    expect(result.said).toEqual([said]);
    expect(result.issues[0]?.found).toBe(found);
  });

  test('are taken when a text in them looks like a key', () => {
    expect(read(makePayload({ prompt: 'he said "a": and "a": again' })).said).toEqual([]);
  });
});

describe('parseResponse', () => {
  test.for([
    ['Answer: 4', { steps: [], answer: '4' }],
    ['Reasoning:\n1. a\n2. b\nAnswer: 4', { steps: ['a', 'b'], answer: '4' }],
    [
      'Reasoning:\n1. a\nmore\nAnswer: no\n2. b\nAnswer: 4',
      { steps: ['a\nmore\nAnswer: no', 'b'], answer: '4' },
    ],
    ['Reasoning:\n1. a', null],
    ['something\nAnswer: 4', null],
  ] as const)('makes of %j %j', ([text, expected]) => {
    expect(parseResponse(text)).toEqual(expected);
  });

  test('knows an answer of several lines when it is told', () => {
    const text = 'Reasoning:\n1. a\nAnswer: x\nAnswer: y';
    expect(parseResponse(text, 'x\nAnswer: y')).toEqual({ steps: ['a'], answer: 'x\nAnswer: y' });
  });
});
