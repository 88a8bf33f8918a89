import { describe, expect, test } from 'vitest';
import { makePayload } from '../test/make.ts';
import { parseTrace } from './create.ts';

const MAX_BYTES = 10_485_760;

/** The rules a trace breaks, as `path code limit`. */
const faults = (input: unknown) =>
  parseTrace(input, MAX_BYTES).issues.map(({ path, code, limit }) =>
    [path.join('.'), code, limit]
      .filter((part) => part !== undefined)
      .join(' ')
      .trim(),
  );

/** An object `levels` deep, with an array at every second level. */
const nested = (levels: number): unknown => {
  let value: unknown = {};
  for (let level = levels - 1; level > 0; level--) value = level % 2 ? { in: value } : [value];
  return value;
};

const step = (over: object = {}) => ({ i: 0, type: 'add', content: '1 + 1 = 2', ...over });
const EMOJI = '😀';

describe('a trace is taken', () => {
  test.for([
    ['as the sample is', {}],
    ['without meta', { meta: undefined }],
    ['with null for meta', { meta: null }],
    ['with an empty meta', { meta: {} }],
    ['with 64 emoji as version', { trace_version: EMOJI.repeat(64) }],
    ['with 50 000 emoji as prompt', { prompt: EMOJI.repeat(50_000) }],
    ['with 50 000 letters as answer', { final_answer: 'a'.repeat(50_000) }],
    ['with 20 000 emoji in a step', { steps: [step({ content: EMOJI.repeat(20_000) })] }],
    ['with 1000 steps', { steps: Array.from({ length: 1000 }, (_, i) => step({ i })) }],
    ['with steps in any order and with gaps', { steps: [step({ i: 7 }), step({ i: 2 })] }],
    ['with meta 64 levels deep', { meta: nested(64) }],
    ['with the largest exact whole number', { meta: { n: Number.MAX_SAFE_INTEGER } }],
    ['with fractions of any size', { meta: { n: [1.5, -1e-300, 0.1] } }],
    ['with any Unicode', { prompt: `\u202e\ufeff\u0001${EMOJI}é`, meta: { [EMOJI]: 'ü' } }],
  ])('%s', ([, over]) => {
    expect(faults(makePayload(over as object))).toEqual([]);
  });
});

describe('a trace is refused', () => {
  test.for([
    ['without a version', { trace_version: undefined }, 'trace_version REQUIRED'],
    ['without a prompt', { prompt: undefined }, 'prompt REQUIRED'],
    ['without an answer', { final_answer: undefined }, 'final_answer REQUIRED'],
    ['without steps', { steps: undefined }, 'steps REQUIRED'],
    ['with a number for a prompt', { prompt: 1 }, 'prompt WRONG_TYPE'],
    ['with null for a prompt', { prompt: null }, 'prompt WRONG_TYPE'],
    ['with an object for steps', { steps: {} }, 'steps WRONG_TYPE'],
    ['with an array for meta', { meta: [] }, 'meta WRONG_TYPE'],
    ['with a text for meta', { meta: 'x' }, 'meta WRONG_TYPE'],
    ['with an empty version', { trace_version: '' }, 'trace_version TOO_SHORT 1'],
    ['with 65 letters of version', { trace_version: 'v'.repeat(65) }, 'trace_version TOO_LONG 64'],
    ['with an empty prompt', { prompt: '' }, 'prompt TOO_SHORT 1'],
    ['with 50 001 emoji', { prompt: EMOJI.repeat(50_001) }, 'prompt TOO_LONG 50000'],
    ['with a long answer', { final_answer: 'a'.repeat(50_001) }, 'final_answer TOO_LONG 50000'],
    ['with no step', { steps: [] }, 'steps TOO_SHORT 1'],
    [
      'with 1001 steps',
      { steps: Array.from({ length: 1001 }, (_, i) => step({ i })) },
      'steps TOO_LONG 1000',
    ],
    ['with a negative i', { steps: [step({ i: -1 })] }, 'steps.0.i TOO_SMALL 0'],
    ['with half an i', { steps: [step({ i: 0.5 })] }, 'steps.0.i WRONG_TYPE'],
    ['with a text for i', { steps: [step({ i: '1' })] }, 'steps.0.i WRONG_TYPE'],
    ['without an i', { steps: [step({ i: undefined })] }, 'steps.0.i REQUIRED'],
    [
      'with a type too long',
      { steps: [step({ type: 't'.repeat(65) })] },
      'steps.0.type TOO_LONG 64',
    ],
    ['with an empty content', { steps: [step({ content: '' })] }, 'steps.0.content TOO_SHORT 1'],
    [
      'with a content too long',
      { steps: [step({ content: 'c'.repeat(20_001) })] },
      'steps.0.content TOO_LONG 20000',
    ],
    ['with a field nobody knows', { score: 1 }, 'score UNKNOWN_FIELD'],
    ['with a field of a step nobody knows', { steps: [step({ x: 1 })] }, 'steps.0.x UNKNOWN_FIELD'],
    ['with a NUL', { prompt: 'a\0b' }, 'prompt NUL_CHARACTER'],
    ['with half a character', { final_answer: '\ud83d' }, 'final_answer LONE_SURROGATE'],
    ['with a NUL in meta', { meta: { a: ['\0'] } }, 'meta.a.0 NUL_CHARACTER'],
    ['with a NUL in a key', { meta: { a: { 'x\0': 1 } } }, 'meta.a NUL_CHARACTER'],
    ['with half a character in meta', { meta: { a: '\udc00' } }, 'meta.a LONE_SURROGATE'],
    ['with 2^53', { meta: { n: 2 ** 53 } }, 'meta.n TOO_LARGE 9007199254740991'],
    ['with -2^53', { meta: { n: -(2 ** 53) } }, 'meta.n TOO_LARGE 9007199254740991'],
    ['with infinity', { meta: { n: JSON.parse('1e400') } }, 'meta.n NOT_FINITE'],
  ] as const)('%s', ([, over, fault]) => {
    expect(faults(makePayload(over))).toEqual([fault]);
  });

  test('with a number of a step used twice, at each later one', () => {
    const steps = [step({ i: 1 }), step({ i: 1 }), step({ i: 2 }), step({ i: 1 })];
    expect(faults(makePayload({ steps }))).toEqual([
      'steps.1.i DUPLICATE_STEP',
      'steps.3.i DUPLICATE_STEP',
    ]);
  });

  test.for([65, 66, 100_000])('with meta %i levels deep', (levels) => {
    const [fault, ...more] = faults(makePayload({ meta: nested(levels) }));
    expect(fault).toMatch(/^meta\..*TOO_DEEP 64$/);
    expect(more).toEqual([]);
  });

  test('with a key that would change the object itself', () => {
    const meta = JSON.parse('{"__proto__": {"admin": true}}');
    expect(faults(makePayload({ meta }))).toEqual(['meta RESERVED_KEY']);
    expect(faults(makePayload({ meta: { deep: [meta] } }))).toEqual(['meta.deep.0 RESERVED_KEY']);
    const trace = JSON.parse(`{"__proto__": 1, ${JSON.stringify(makePayload()).slice(1)}`);
    expect(faults(trace)).toEqual(['__proto__ UNKNOWN_FIELD']);
  });

  test.for([null, 1, 'x', true, [], [makePayload()]])('when it is %j', (input) => {
    expect(faults(input)).toEqual(['WRONG_TYPE']);
  });

  test('with every rule it breaks', () => {
    const broken = { prompt: '', steps: [step({ i: -1 }), step({ type: '' })], extra: 1 };
    expect(faults(broken).toSorted()).toEqual([
      'extra UNKNOWN_FIELD',
      'final_answer REQUIRED',
      'prompt TOO_SHORT 1',
      'steps.0.i TOO_SMALL 0',
      'steps.1.type TOO_SHORT 1',
      'trace_version REQUIRED',
    ]);
  });

  test('when its canonical JSON has more bytes than allowed', () => {
    const payload = makePayload({ prompt: 'é'.repeat(2000) });
    const size = Buffer.byteLength(JSON.stringify(payload));
    expect(parseTrace(payload, size).issues).toEqual([]);
    expect(parseTrace(payload, size - 1).issues).toMatchObject([
      { code: 'TOO_LARGE', limit: String(size - 1), found: String(size) },
    ]);
  });
});
