import { describe, expect, test } from 'vitest';
import { sha256 } from '../../lib/canonical.ts';
import { type JudgeContext, type JudgedItem, Unjudged } from './judge.ts';
import { mock } from './mock.ts';
import { DEFAULT_JUDGE, findEndpoint, findJudge, listJudges } from './registry.ts';
import { stepQuality } from './stepQuality.ts';
import { stepsOf } from './steps.ts';

const item = (text: string, reference: string[] = []): JudgedItem => ({
  prompt: '',
  expected: '',
  alternatives: [],
  text,
  reference,
});

const contextOf = (id: string, durationSeconds: number | null): JudgeContext => ({
  run: { id, durationSeconds },
  signal: new AbortController().signal,
});

describe('every judge', () => {
  test('says what it is', () => {
    expect(
      listJudges().map((judge) => [judge.name, judge.cost, judge.ranks, judge.needsEndpoint]),
    ).toEqual([
      ['answer_correctness', 'FREE', true, false],
      ['step_quality', 'FREE', false, false],
      ['gemma', 'PAID', true, true],
      ['mock', 'FREE', false, false],
    ]);
    for (const { description, inputs } of listJudges()) {
      expect(description.length).toBeGreaterThan(40);
      expect(inputs.length).toBeGreaterThan(0);
    }
  });

  test('that is a mock says so, ranks nowhere and is nobody’s default', () => {
    const mocks = listJudges().filter(({ isMock }) => isMock);
    expect(mocks).toEqual([mock]);
    expect(mock.description).toMatch(/^A MOCK:/);
    expect(mock.ranks).toBe(false);
    expect(findJudge(DEFAULT_JUDGE).isMock).toBe(false);
  });
});

describe('the mock', () => {
  // 50 + int(hashlib.sha256(id.encode()).hexdigest(), 16) % 50 in Python.
  test.each([
    ['018f0000-0000-7000-8000-000000000000', 10, 65],
    ['00000000-0000-0000-0000-000000000000', 10, 96],
    ['018f0000-0000-7000-8000-000000000001', 10, 59],
    ['018f0000-0000-7000-8000-000000000001', null, 59],
    ['018f0000-0000-7000-8000-000000000001', 0, 59],
    ['018f0000-0000-7000-8000-000000000001', 0.5, 49],
    ['018f0000-0000-7000-8000-000000000001', 1, 59],
    ['018f0000-0000-7000-8000-000000000002', 0.5, 50],
  ])('scores run %s of %s seconds with %s', (id, seconds, score) => {
    const judged = mock.judge(item(''), contextOf(id, seconds));
    expect(judged.score).toBe(score / 100);
    expect(judged.correct).toBe(score >= 70);
    expect(judged.details).toMatchObject({ isMock: true });
  });

  test('passes from 70 on, and both happen', () => {
    const all = Array.from({ length: 200 }, (_, n) =>
      mock.judge(item(''), contextOf(sha256(String(n)), 5)),
    );
    for (const { score, correct } of all) {
      expect(score).toBeGreaterThanOrEqual(0.5);
      expect(score).toBeLessThanOrEqual(0.99);
      expect(correct).toBe(score >= 0.7);
    }
    expect(new Set(all.map(({ correct }) => correct)).size).toBe(2);
  });

  test('cannot say anything without a run', () => {
    const context = { run: null, signal: new AbortController().signal };
    expect(() => mock.judge(item('x'), context)).toThrow(Unjudged);
  });
});

describe('the steps of a text', () => {
  test.each([
    ['Reasoning:\n1. a\n2. b\nAnswer: 3', ['a', 'b']],
    ['**Reasoning:**\n1. a\n   more\n2) b\n#### 3', ['a\nmore', 'b']],
    ['first\n\nsecond\nA: 3', ['first', 'second']],
    ['Step 1: a\nStep 2: b', ['a', 'b']],
    ['intro\n1. a', ['intro', 'a']],
    ['- a\n- b\n**Final answer:** 3\nbye', ['a', 'b']],
    ['3.5 apples\n2 pears', ['3.5 apples', '2 pears']],
    ['a<|im_end|>\nb', ['a']],
    ['Answer: 3', []],
    ['', []],
  ])('%j has %j', (text, steps) => {
    expect(stepsOf(text)).toEqual(steps);
  });
});

describe('the quality of steps', () => {
  const REFERENCE = ['Add 2 and 3 to get 5', 'Then 5 times 4 is 20'];
  const judge = (text: string, reference = REFERENCE) => stepQuality.judge(item(text, reference));

  test('is full for the reference itself', () => {
    const text = `Reasoning:\n1. ${REFERENCE[0]}\n2. ${REFERENCE[1]}\nAnswer: 20`;
    expect(judge(text)).toEqual({
      correct: true,
      score: 1,
      extracted: '20',
      rule: 'STEPS:FOLLOWED',
      details: {
        metrics: { count: 1, length: 1, numbers: 1, agreement: 1 },
        steps: { reference: 2, generated: 2 },
        firstDivergence: null,
      },
    });
  });

  test('is the mean of its four measures, and names where the texts part', () => {
    const { score, details, rule } = judge(`1. ${REFERENCE[0]}\n2. Bees make honey\n3. So it is`);
    // Numbers 2, 3 and 5 of 2, 3, 5, 4 and 20.
    expect(details.metrics).toMatchObject({ count: 2 / 3, numbers: 3 / 5, agreement: 1 / 2 });
    const values = Object.values(details.metrics);
    expect(score).toBeCloseTo(values.reduce((a, b) => a + b) / 4, 12);
    expect(details.firstDivergence).toMatchObject({ reference: expect.toBeOneOf([1, null]) });
    expect(rule).toBe('STEPS:DIVERGED');
  });

  test('is nothing for a text without reasoning', () => {
    expect(judge('Answer: 20')).toMatchObject({ score: 0, correct: false, extracted: '20' });
  });

  test('leaves numbers out where the reference has none', () => {
    const { details } = judge('Bees make honey', ['Bees make honey']);
    expect(details.metrics).toEqual({ count: 1, length: 1, agreement: 1 });
  });

  test('cannot be said without reference steps', () => {
    expect(() => judge('1. a', [])).toThrow(Unjudged);
  });

  test.each(['1. 1\n', '\n', 'Answer:\n', '1 + 1 = 2 ', '- ', '9'.repeat(9)])(
    'stays bounded and quick for a flood of %j',
    (part) => {
      const start = performance.now();
      const { score } = judge(part.repeat(100_000 / part.length));
      expect(performance.now() - start).toBeLessThan(4_000);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    },
  );
});

describe('the endpoint of a judge', () => {
  const endpoint = (name: string) => ({
    name,
    kind: 'REDI' as const,
    url: 'http://127.0.0.1:1',
    model: 'm',
    timeoutSeconds: 1,
    concurrency: 1,
    attempts: 1,
    maxTokens: 16,
  });
  const [a, b] = [endpoint('a'), endpoint('b')];
  const gemma = findJudge('gemma');

  test('is the one that is named, or the only one', () => {
    expect(findEndpoint(gemma, 'b', [a, b])).toBe(b);
    expect(findEndpoint(gemma, null, [a])).toBe(a);
    expect(findEndpoint(findJudge(DEFAULT_JUDGE), null, [a])).toBeUndefined();
  });

  test.each([
    ['gemma', 'c', [a, b], 'UNKNOWN_ENDPOINT'],
    ['gemma', 'http://169.254.169.254', [a], 'UNKNOWN_ENDPOINT'],
    ['gemma', null, [], 'UNKNOWN_ENDPOINT'],
    ['gemma', null, [a, b], 'REQUIRED'],
    ['answer_correctness', 'a', [a], 'NOT_NEEDED'],
  ] as const)('of %s named %j is refused: %#', (judge, name, endpoints, code) => {
    const refusal = expect.objectContaining({
      issues: [expect.objectContaining({ path: ['endpoint'], code })],
    });
    expect(() => findEndpoint(findJudge(judge), name, endpoints)).toThrow(refusal);
  });
});
