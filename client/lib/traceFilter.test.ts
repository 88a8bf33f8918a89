import { expect, it } from 'vitest';
import { joinList, splitList } from './filterWords.ts';
import { type FilterUrl, faultOf, parseRange, toTraceFilter, traceWords } from './traceFilter.ts';

const { conditionsOf, parseQuery, withCondition, withoutCondition } = traceWords;

it.each([[[]], [['gsm8k']], [['a', 'b']], [['a,b', 'c\\d', 'back\\,slash']]])(
  'keeps a list through the URL: %j',
  (values) => {
    expect(splitList(joinList(values))).toEqual(values);
  },
);

it.each([
  ['2..8', { min: 2, max: 8 }],
  ['2..', { min: 2 }],
  ['..8', { max: 8 }],
  ['5', { min: 5, max: 5 }],
  [' 1.5 .. 2 ', { min: 1.5, max: 2 }],
  ['..', undefined],
  ['2-8', undefined],
  ['many', undefined],
])('reads the range %j', (text, range) => {
  expect(parseRange(text)).toEqual(range);
});

it('makes the filter of the API from the words of the URL', () => {
  const url: FilterUrl = {
    text: '"long division" -carry',
    source: 'gsm8k,my notebook',
    tag: 'hard',
    steps: '2..8',
    after: '2026-03-01',
    before: '2026-04-01T00:00:00Z',
    dataset: 'arith-v1',
    split: 'EVAL',
    meta: 'category=addition,level=3',
  };
  expect(toTraceFilter(url)).toEqual({
    text: '"long division" -carry',
    sources: ['gsm8k', 'my notebook'],
    tags: ['hard'],
    steps: { min: 2, max: 8 },
    createdAfter: new Date(2026, 2, 1).toISOString(),
    createdBefore: '2026-04-01T00:00:00.000Z',
    datasetKey: 'arith-v1',
    split: 'EVAL',
    meta: { category: 'addition', level: 3 },
  });
});

it.each([
  ['steps', '1.5..2'],
  ['chars', '..99999999999'],
  ['steps', '8..2'],
  ['score', '9.5..1'],
  ['before', 'yesterday'],
  ['split', 'HELD_OUT'],
] as const)('refuses %s %j before the server has to', (key, value) => {
  expect(faultOf(key, value)).toBeTypeOf('string');
  expect(toTraceFilter({ dataset: 'd-1', [key]: value })).toEqual({ datasetKey: 'd-1' });
});

it('leaves out what it cannot read, and the token says why', () => {
  const url: FilterUrl = { steps: 'many', after: 'soon', meta: 'x', split: 'TRAIN' };
  expect(toTraceFilter(url)).toEqual({});
  expect(conditionsOf(url).map(({ key, fault }) => [key, fault])).toEqual([
    ['steps', expect.stringContaining('2..8')],
    ['after', expect.stringContaining('2026-03-01')],
    ['split', undefined],
    ['meta', expect.stringContaining('category=addition')],
  ]);
});

it('adds to a list, replaces a range, and takes away one at a time', () => {
  const first = withCondition({ source: 'a', steps: '1' }, { key: 'source', value: 'b' });
  const second = withCondition(first, { key: 'steps', value: '2..' });
  expect(second).toEqual({ source: 'a,b', steps: '2..' });
  expect(withCondition(second, { key: 'source', value: 'a' })).toBe(second);
  expect(toTraceFilter(withoutCondition(second, { key: 'source', value: 'a' }))).toEqual({
    sources: ['b'],
    steps: { min: 2 },
  });
  expect(toTraceFilter(withoutCondition({ source: 'a' }, { key: 'source', value: 'a' }))).toEqual(
    {},
  );
});

it('takes the split away with its dataset', () => {
  const url = { dataset: 'd-1', split: 'EVAL' };
  expect(conditionsOf(withoutCondition(url, { key: 'dataset', value: 'd-1' }))).toEqual([]);
});

it('finds tokens among words and leaves phrases alone', () => {
  const typed = 'long tag:hard "see tag:easy" source:"my notebook" steps:2..8 -carry ';
  expect(parseQuery(typed)).toEqual({
    text: 'long "see tag:easy" -carry',
    conditions: [
      { key: 'tag', value: 'hard', fault: undefined },
      { key: 'source', value: 'my notebook', fault: undefined },
      { key: 'steps', value: '2..8', fault: undefined },
    ],
    draft: undefined,
  });
});

it('waits for the end of a token that is being typed', () => {
  expect(parseQuery('long tag:ha')).toEqual({ text: 'long', conditions: [], draft: 'tag:ha' });
  expect(parseQuery('long tag:')).toEqual({ text: 'long', conditions: [], draft: 'tag:' });
  expect(parseQuery('long tag:ha', true).conditions).toEqual([
    { key: 'tag', value: 'ha', fault: undefined },
  ]);
});

it('takes a word with a colon that is no filter for text', () => {
  expect(parseQuery('note: ratio 3:4')).toMatchObject({ text: 'note: ratio 3:4', conditions: [] });
});
