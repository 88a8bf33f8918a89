import { describe, expect, it, test } from 'vitest';
import { boardLabel, tieGroups, tieWords, toFilter, toMetric, urlOf } from './board.ts';

const judge = { ref: 'answer_correctness@1' };

describe('a board', () => {
  it('of a side is named by dataset and split, one of a set by the set alone', () => {
    const side = { dataset: { key: 'a-v1' }, split: 'TEST' as const, evaluationSet: null, judge };
    expect(boardLabel(side)).toBe('a-v1 · test · answer_correctness@1');
    expect(urlOf(side)).toMatchObject({ dataset: 'a-v1', split: 'TEST', set: undefined });
    const set = { dataset: null, split: null, evaluationSet: { key: 'q-v1' }, judge };
    expect(boardLabel(set)).toBe('q-v1 · answer_correctness@1');
    expect(urlOf(set)).toEqual({
      set: 'q-v1',
      dataset: undefined,
      split: undefined,
      judge: judge.ref,
    });
  });
});

describe('toFilter', () => {
  it('counts the last day whole', () => {
    expect(toFilter({ set: 'q-v1', after: '2026-03-01', before: '2026-03-01' })).toMatchObject({
      evaluationSetKey: 'q-v1',
      evaluatedAfter: new Date(2026, 2, 1).toISOString(),
      evaluatedBefore: new Date(2026, 2, 2).toISOString(),
    });
  });

  it('leaves out what it cannot read', () => {
    expect(toFilter({ split: 'HELD', after: 'soon', mocks: 'maybe' })).toEqual({});
  });
});

test.each([
  [undefined, 'score'],
  ['accuracy', 'accuracy'],
  ['section/core/accuracy', 'section/core/accuracy'],
  ['loss', 'score'],
])('the metric %s of the URL is %s', (metric, known) => {
  expect(toMetric({ metric })).toBe(known);
});

describe('tieGroups', () => {
  const row = (rank: number, tieGroup: number) => ({ rank, tieGroup });

  it('gathers neighbours and says which ranks they span', () => {
    const groups = tieGroups([row(1, 1), row(2, 2), row(3, 2), row(4, 2)]);
    expect(groups.map((group) => [group.from, group.to])).toEqual([
      [1, 1],
      [2, 4],
    ]);
    expect(groups.map(tieWords)[1]).toBe('Ranks 2–4 cannot be told apart');
  });

  it('says so when equal values share a rank', () => {
    expect(tieGroups([row(1, 1), row(1, 1)]).map(tieWords)).toEqual(['2 runs share rank 1']);
  });

  it('begins again on the next board', () => {
    expect(tieGroups([row(1, 1), row(2, 1), row(1, 1)])).toHaveLength(2);
  });
});
