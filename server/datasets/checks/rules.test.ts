import { describe, expect, test } from 'vitest';
import { payloadOf } from '../../test/makeItems.ts';
import { tooManyChars } from './chars.ts';
import { openDuplicateRules } from './duplicates.ts';
import { openEvaluationLeakageRule } from './evaluationLeakage.ts';
import { openFindings } from './findings.ts';
import type { Item } from './model.ts';
import { openSplitLeakageRule } from './splitLeakage.ts';
import { answerNotInLastStep, emptySteps, repeatedSteps } from './steps.ts';

type Given = Parameters<typeof payloadOf>[0];

const itemOf = (given: Given, position = 0): Item => ({
  position,
  traceId: `trace-${position}`,
  split: given.split ?? 'TRAIN',
  payload: payloadOf(given),
});

const STORY =
  'A farmer in the north keeps sheep and goats on two meadows beside the river, and every spring ' +
  'she counts them again before the shearing begins. How many animals does she have?';

describe('EMPTY_STEP', () => {
  test.for([
    [
      ['a', '  ', '...', '—'],
      [2, 3, 4],
    ],
    [['?'], [1]],
    [['a'], []],
    [['5'], []],
    [['+'], []],
    [['🙂'], []],
    [['世'], []],
  ] as const)('of %j names %j', ([steps, empty]) => {
    const found = emptySteps(itemOf({ prompt: 'p', steps: [...steps] }));
    expect(found.map(({ data }) => data)).toEqual(empty.length > 0 ? [{ steps: empty }] : []);
  });

  test('says which steps', () => {
    const messages = emptySteps(itemOf({ prompt: 'p', steps: ['a', ' ', '.'] }));
    expect(messages).toMatchObject([{ message: expect.stringMatching(/^Steps 2, 3 say nothing/) }]);
  });
});

describe('REPEATED_STEP', () => {
  test.for([
    [['a b', 'c', 'A  b '], [{ step: 3, of: 1 }]],
    [
      ['a', 'a', 'a'],
      [
        { step: 2, of: 1 },
        { step: 3, of: 1 },
      ],
    ],
    [['a', 'b'], []],
    [['...', '...'], []],
    [['1 + 1', '1 - 1'], []],
  ] as const)('of %j is %j', ([steps, repeats]) => {
    const found = repeatedSteps(itemOf({ prompt: 'p', steps: [...steps] }));
    expect(found.map(({ data }) => data)).toEqual(repeats.length > 0 ? [{ repeats }] : []);
  });
});

describe('ANSWER_NOT_IN_LAST_STEP', () => {
  test.for([
    ['7', 'So 3 + 4 = 7.'],
    ['7 apples', 'She has 7 left.'],
    ['$1,200', 'That makes 1200 dollars'],
    ['5.0', 'it is 5'],
    ['Paris', 'The capital is PARIS!'],
    ['New  York', 'so new york it is'],
    ['x = 5', 'hence x=5'],
    ['**7**', '7'],
    ['?', 'nothing to look for'],
    ['long '.repeat(30), 'other'],
  ] as const)('does not mind %j in %j', ([answer, step]) => {
    expect(answerNotInLastStep(itemOf({ prompt: 'p', answer, steps: ['x', step] }))).toEqual([]);
  });

  test.for([
    ['7', '3 + 4 = 8'],
    ['5', '15'],
    ['Paris', 'The capital is London'],
    ['art', 'a cart'],
    ['3 or 4', 'it is 3'],
    ['7', '...'],
  ] as const)('minds %j in %j', ([answer, step]) => {
    const item = itemOf({ prompt: 'p', answer, steps: [answer, step] });
    expect(answerNotInLastStep(item)).toMatchObject([
      { code: 'ANSWER_NOT_IN_LAST_STEP', message: expect.stringContaining(answer) },
    ]);
  });
});

describe('TOO_MANY_CHARS', () => {
  test('counts code points of prompt and completion', () => {
    // 2 + "Reasoning:\n1. b\nAnswer: c"
    const item = itemOf({ prompt: '👩a', steps: ['b'], answer: 'c' });
    expect(tooManyChars(item, 27)).toEqual([]);
    expect(tooManyChars(item, 26)).toMatchObject([{ data: { found: 27, limit: 26 } }]);
  });
});

describe('EXACT_DUPLICATE and NEAR_DUPLICATE', () => {
  const codes = (...items: Given[]) => {
    const look = openDuplicateRules();
    return items.map((item, position) => look(itemOf(item, position)).map(({ code }) => code)[0]);
  };

  test('see case, spaces and meta as no difference', () => {
    const again = { prompt: ` ${STORY.toUpperCase()}\n`, meta: { other: true } };
    expect(codes({ prompt: STORY }, again)).toEqual([undefined, 'EXACT_DUPLICATE']);
  });

  test('see the same prompt with another solution as another item', () => {
    const one = { prompt: 'Is it so?', steps: ['Yes, because of this.'], answer: 'yes' };
    const two = { prompt: 'Is it so?', steps: ['No, for all these other reasons.'], answer: 'no' };
    expect(codes(one, two)).toEqual([undefined, undefined]);
  });

  test('see a word that was changed in a long text as near', () => {
    const near = { prompt: STORY.replace('river', 'lake') };
    const look = openDuplicateRules();
    look(itemOf({ prompt: STORY }, 4));
    expect(look(itemOf(near, 9))).toMatchObject([
      { code: 'NEAR_DUPLICATE', relatedTraceId: 'trace-4', data: { position: 4 } },
    ]);
  });

  test('see another number as another question', () => {
    const prompt = STORY.replace('two', '2');
    expect(codes({ prompt }, { prompt: prompt.replace('2', '3') })).toEqual([undefined, undefined]);
  });

  test('compare a group with its first item', () => {
    const words = ['river', 'spring', 'north'];
    const group = words.map((word) => ({ prompt: STORY.replace(word, 'x') }));
    expect(codes({ prompt: STORY }, ...group).slice(1)).toEqual(words.map(() => 'NEAR_DUPLICATE'));
  });
});

describe('SPLIT_LEAKAGE', () => {
  test('names the item of TRAIN that asks nearly the same', () => {
    const rule = openSplitLeakageRule();
    rule.learn(itemOf({ prompt: 'Something else entirely.' }, 0));
    rule.learn(itemOf({ prompt: STORY, answer: '1' }, 1));
    const held = itemOf({ prompt: STORY.replace('river', 'lake'), answer: '2', split: 'TEST' }, 2);
    expect(rule.look(held)).toMatchObject([
      { relatedTraceId: 'trace-1', data: { position: 1, split: 'TEST' } },
    ]);
    expect(rule.look(itemOf({ prompt: 'What is new?', split: 'EVAL' }, 3))).toEqual([]);
  });
});

describe('EVALUATION_LEAKAGE', () => {
  const look = (question: string, prompt: string) => {
    const rule = openEvaluationLeakageRule();
    rule.learn({
      id: 'other',
      setKey: 'set-1',
      itemId: 'o',
      prompt: 'Name three kinds of clouds.',
    });
    rule.learn({ id: 'item', setKey: 'set-1', itemId: 'q1', prompt: question });
    return rule.look(itemOf({ prompt }));
  };

  test.for([
    ['EQUAL', 'What is 2 + 3?', ' what  is 2 + 3? '],
    ['EQUAL', 'Hi', 'hi'],
    ['NEAR', STORY, STORY.replace('river', 'lake')],
    ['CONTAINED', 'What is 17 + 25?', 'Solve this for me: what is 17 + 25? Show every step.'],
    [
      'CONTAINED',
      STORY,
      `Read the story. ${STORY} ${'Then explain in your own words. '.repeat(20)}`,
    ],
  ] as const)('is %s for %j', ([kind, question, prompt]) => {
    expect(look(question, prompt)).toMatchObject([
      { evaluationItemId: 'item', data: { kind, evaluationSetKey: 'set-1', itemId: 'q1' } },
    ]);
  });

  test.for([
    ['What is 17 + 25?', 'Solve this for me: what is 17 + 26? Show every step.'],
    ['What is 17 + 25?', 'What is the sum of 17 and 25?'],
    ['Hi', 'Hi there, what is new?'],
    [STORY, STORY.split(' ').slice(0, 12).join(' ')],
    ['Does 1 + 2 make 3 apples?', 'Does 1 + 2 make 3 pears?'],
  ] as const)('is not there for %j in %j', ([question, prompt]) => {
    expect(look(question, prompt)).toEqual([]);
  });

  test('names the item in every set that has it', () => {
    const rule = openEvaluationLeakageRule();
    rule.learn({ id: 'a', setKey: 'one-1', itemId: 'q', prompt: 'What is 2 + 3?' });
    rule.learn({ id: 'b', setKey: 'two-1', itemId: 'q', prompt: 'What is  2 + 3?' });
    const found = rule.look(itemOf({ prompt: 'What is 2 + 3?' }));
    expect(found.map(({ evaluationItemId }) => evaluationItemId)).toEqual(['a', 'b']);
  });
});

describe('the findings', () => {
  test('are all counted, and the first of each rule kept', () => {
    const findings = openFindings(2);
    for (const position of [3, 1, 2]) {
      const found = { code: 'EMPTY_STEP', message: 'x', data: {} } as const;
      findings.add({ position, traceId: 't' }, [found]);
    }
    expect(findings.counts).toEqual({ EMPTY_STEP: 3 });
    expect(findings.list.map(({ position }) => position)).toEqual([1, 3]);
  });
});
