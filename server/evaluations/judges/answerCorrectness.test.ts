import { describe, expect, test } from 'vitest';
import { answerCorrectness } from './answerCorrectness.ts';

const judge = (text: string, expected: string, alternatives: string[] = []) =>
  answerCorrectness.judge({ text, expected, alternatives, prompt: '', reference: [] });

const ruleOf = (text: string, expected: string) => judge(text, expected).rule;

describe('the forms of a final answer', () => {
  test.each([
    ['Reasoning:\n1. 7 + 9 = 16\nAnswer: 27', '27', 'TEMPLATE'],
    ['Answer:27', '27', 'TEMPLATE'],
    ['A: 27', '27', 'TEMPLATE'],
    ['Q: how many?\nA: 27', '27', 'TEMPLATE'],
    ['Final Answer: 27', '27', 'TEMPLATE'],
    ['**Answer:** 27', '27', 'TEMPLATE'],
    ['**Answer**: 27', '27', 'TEMPLATE'],
    ['**Answer: 27**', '27', 'TEMPLATE'],
    ['### Answer: 27', '27', 'TEMPLATE'],
    ['- Answer: -27', '-27', 'TEMPLATE'],
    ['Answer:\n\n  27\n', '27', 'TEMPLATE'],
    ['Answer: 27\r\nthat is all', '27', 'TEMPLATE'],
    ['6 * 7\n#### 42', '42', 'HASH'],
    ['####42', '42', 'HASH'],
    ['so \\boxed{42}.', '42', 'BOXED'],
    ['so $\\boxed{\\frac{1}{2}}$', '\\frac{1}{2}', 'BOXED'],
    ['\\fbox{a{b{c}}d}', 'a{b{c}}d', 'BOXED'],
    ['\\boxed{\\{1, 2\\}}', '\\{1, 2\\}', 'BOXED'],
    ['f{ \\boxed{4}', '4', 'BOXED'],
    ['} \\boxed{4} {', '4', 'BOXED'],
    ['<answer>42</answer>', '42', 'TAG'],
    ['<think>no</think><ANSWER>\n42\n</ANSWER>', '42', 'TAG'],
    ['<answer>draft<answer>42</answer>', '42', 'TAG'],
    ['<answer>a < b</answer>', 'a < b', 'TAG'],
    ['So the answer is 42.', '42', 'PROSE'],
    ['The answer is 3.5. Done.', '3.5', 'PROSE'],
    ['The final answer is: **42**', '42', 'PROSE'],
    ['My answer = 42', '42', 'PROSE'],
    ['The correct answer is 42 because 6 times 7', '42', 'PROSE'],
    ['The answer is\n42', '42', 'PROSE'],
    ['The answer is Paris, France', 'Paris, France', 'PROSE'],
  ])('%j holds %j', (text, extracted, form) => {
    const judgement = judge(text, extracted);
    expect(judgement).toMatchObject({ extracted, correct: true, score: 1 });
    expect(judgement.rule).toBe(`${form}:TEXT`);
  });

  test.each([
    ['', 'nothing'],
    ['27', 'a bare number'],
    ['The result is 27', 'no known form'],
    ['Answer:', 'a form without content'],
    ['Answer: **', 'a form with markdown alone'],
    ['a: 27', 'a small a'],
    ['\\boxed{27', 'a box that was cut off'],
    ['<answer>27', 'a tag that was cut off'],
    ['<answer> </answer>', 'an empty tag'],
    ['The answer key: 27', 'another kind of answer'],
    ['Answers: 27', 'several answers'],
    ['##### 27', 'a heading'],
    ['<|im_end|>Answer: 27', 'nothing before the end'],
  ])('%j has none: %s', (text) => {
    const none = { correct: false, score: 0, extracted: null, rule: 'NONE_FOUND' };
    expect(judge(text, '27')).toEqual({ ...none, expected: '27' });
  });

  test.each([
    ['Answer: 1\nAnswer: 2', '2'],
    ['#### 1\n#### 2\nAnswer: 3', '3'],
    ['Answer: 3\n#### 2', '2'],
    ['The answer is 1. No, wait, the answer is 2.', '2'],
    ['\\boxed{1} and \\boxed{2}', '2'],
    ['\\boxed{x = \\boxed{2}}', '2'],
    ['Answer: \\boxed{2}', '2'],
    ['<answer>The answer is 2.</answer>', '2'],
    ['<answer>\nAnswer: 2\n</answer>', '2'],
    ['<answer>#### 2</answer>', '2'],
    ['Answer: 2</answer>', '2'],
    ['Answer: the answer is #### 2', '2'],
    ['Answer: 2\nAnswer:', '2'],
    ['Answer: 2\nAnswer:\nAnswer: 3', '3'],
    ['Answer: 2<|im_end|>\nAnswer: 3', '2'],
    ['Answer: 2<end_of_turn>', '2'],
    ['Answer: A\nB: 3', 'A'],
  ])('the last one wins in %j', (text, extracted) => {
    expect(judge(text, extracted)).toMatchObject({ extracted, correct: true });
  });

  test('a wrong last answer is wrong, whatever stood before', () => {
    expect(judge('Answer: 42\nAnswer: 43', '42').correct).toBe(false);
    expect(judge('The answer is not 42', '42').correct).toBe(false);
  });

  test('reaches over lines when the expected answer does', () => {
    const text = 'Reasoning:\n1. Think\nAnswer: first line\nsecond line';
    expect(ruleOf(text, 'first line\nsecond line')).toBe('TEMPLATE:TEXT');
    expect(ruleOf(text, 'first line')).toBe('TEMPLATE:TEXT');
    expect(ruleOf(text, 'first line\nthird line')).toBe('TEMPLATE:DIFFERENT');
  });

  test.each([
    'x',
    'A: x',
    'Answer: x',
    '#### 42',
    'so\n#### 42',
    '\\boxed{42}',
    'The answer is 42.',
    '<answer>42</answer>',
    'one\ntwo',
    'Q: one\nA: two',
    '**bold**',
    '$5',
    '"quoted"',
    '3/4',
    '...',
    '日本語',
    '👍🏽',
    'def f():\n    return {1: 2}',
  ])('what training teaches is right for %j', (answer) => {
    const taught = `Reasoning:\n1. Think\nAnswer: ${answer}`;
    expect(judge(taught, answer).correct).toBe(true);
    expect(judge(taught, 'another').correct).toBe(false);
  });
});

/** As public model solutions of GSM8K are written: annotated sums, then the answer in a line. */
const SOLUTION = [
  'Janet eats 3 duck eggs for breakfast and bakes 4 more, so she sells 16-3-4=<<16-3-4=9>>9 eggs.',
  'She makes 9*2=$<<9*2=18>>18 a day.',
];

describe('a public model solution', () => {
  test.each([
    ['A: 18', '18', 'TEMPLATE:TEXT'],
    ['A: $18.00', '18', 'TEMPLATE:NUMBER'],
    ['A: 1,800', '1800', 'TEMPLATE:NUMBER'],
    ['A: 18 dollars', '18', 'TEMPLATE:UNIT'],
    ['A: 18%', '18', 'TEMPLATE:UNIT'],
    ['A: 36/2', '18', 'TEMPLATE:NUMBER'],
    ['A: 19', '18', 'TEMPLATE:DIFFERENT'],
    ['#### 18', '18', 'HASH:TEXT'],
  ])('that ends with %j is held against %j', (last, expected, rule) => {
    expect(ruleOf([...SOLUTION, last].join('\n'), expected)).toBe(rule);
  });

  test.each([0, 10, 60, 100, 126])('cut off after %i characters has no answer', (length) => {
    const text = SOLUTION.join('\n').slice(0, length);
    expect(judge(text, '18')).toMatchObject({ correct: false, extracted: null });
    expect(ruleOf(`${text}\nA:`, '18')).toBe('NONE_FOUND');
  });
});

describe('several accepted answers', () => {
  test.each([
    ['Answer: eighteen', true, 'eighteen'],
    ['Answer: 18', true, '18'],
    ['Answer: XVIII', true, 'xviii'],
    ['Answer: 19', false, '18'],
    ['nothing', false, '18'],
  ])('%j is held against each', (text, correct, expected) => {
    expect(judge(text, '18', ['eighteen', 'xviii'])).toMatchObject({ correct, expected });
  });
});

describe('the cost of a hostile text', () => {
  test.each([
    'Answer: ',
    'Answer:\n',
    'A:\n',
    '\\boxed{',
    '{',
    '<answer>',
    '<answer><answer',
    'the answer is ',
    'the   ',
    '#### ',
    '\n',
    ' ',
    '*',
    '"',
    '.',
    '1,',
    '1 000 ',
    'a'.repeat(9),
  ])('grows with its length for %j', (part) => {
    const text = `Answer: 5 ${part.repeat(100_000 / part.length)}!`;
    const start = performance.now();
    judge(text, '5');
    judge(text, text);
    expect(performance.now() - start).toBeLessThan(4_000);
  });

  test('keeps the rule within its column', () => {
    const rules = ['Answer: 1', 'so <answer>x</answer>', 'no'].map((text) => ruleOf(text, 'y'));
    for (const rule of rules) expect(rule.length).toBeLessThanOrEqual(64);
  });
});
