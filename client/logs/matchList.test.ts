import { describe, expect, it } from 'vitest';
import { type FindPage, MatchList } from './matchList.ts';

const match = (seq: number) => ({
  seq,
  attempt: 1,
  stream: 'STDERR' as const,
  at: '2026-01-01T00:00:00.000Z',
  text: `line ${seq}`,
});

/** A log of which every line of `seqs` matches. */
function log(seqs: readonly number[], lines = 1_000_000) {
  const asked: number[] = [];
  const find: FindPage = async (after, first) => {
    asked.push(after);
    const rest = seqs.filter((seq) => seq > after);
    const hasMore = rest.length > first;
    const matches = rest.slice(0, first).map(match);
    const endSeq = hasMore ? (matches.at(-1)?.seq ?? after) : lines;
    return { matches, totalCount: seqs.length, totalIsExact: true, endSeq, hasMore };
  };
  return { find, asked };
}

const every = (step: number, count: number) =>
  Array.from({ length: count }, (_, index) => (index + 1) * step);
const seqs = (list: MatchList) => list.matches.map(({ seq }) => seq);

describe('a list from the start', () => {
  it('has everything after one question when it is not long', async () => {
    const { find, asked } = log([500_000, 700_000]);
    const list = new MatchList(find, 0);
    expect((await list.next(0))?.seq).toBe(500_000);
    expect((await list.next(500_000))?.seq).toBe(700_000);
    expect(await list.next(700_000)).toBeUndefined();
    expect((await list.previous(700_000))?.seq).toBe(500_000);
    expect(await list.previous(500_000)).toBeUndefined();
    expect(asked).toEqual([0]);
    expect([list.totalCount, list.indexOf(700_000)]).toEqual([2, 1]);
  });

  it('goes on, page by page, as far as the next match is', async () => {
    const { find, asked } = log(every(10, 5_000));
    const list = new MatchList(find, 0);
    expect((await list.next(35_000))?.seq).toBe(35_010);
    expect(asked).toEqual([0, 10_000, 20_000, 30_000]);
    expect(seqs(list)).toEqual(every(10, 4_000));
  });
});

describe('a list from the middle', () => {
  it('goes back over what it has not seen, each match once and in order', async () => {
    const { find } = log(every(3, 300_000));
    const list = new MatchList(find, 600_000);
    await list.extendForward();
    expect((await list.previous(600_003))?.seq).toBe(600_000);
    expect((await list.previous(598_000))?.seq).toBe(597_999);
    const all = seqs(list);
    expect(all).toEqual(all.toSorted((a, b) => a - b));
    expect(new Set(all).size).toBe(all.length);
    expect(list.prepended).toBe(all.indexOf(600_003));
  });

  it('finds one far match in a few questions, however empty the log is', async () => {
    const { find, asked } = log([12, 900_000]);
    const list = new MatchList(find, 899_999);
    expect((await list.previous(900_000))?.seq).toBe(12);
    expect(asked.length).toBeLessThan(8);
    expect(await list.previous(12)).toBeUndefined();
    expect(list.isFromStart).toBe(true);
  });
});

describe('a list from the end', () => {
  it('asks for nothing that cannot be there, and once for what is rare', async () => {
    const { find, asked } = log(every(1_000, 900));
    const list = new MatchList(find, 1_000_000, { share: 900 / 1_000_000, isEnd: true });
    await list.extendBackward();
    expect(asked).toEqual([0]);
    expect(seqs(list)).toEqual(every(1_000, 900));
    expect(list.append(match(1_000_001))).toBe(true);
  });
});

describe('what comes live', () => {
  it('is added to a list that reaches to the end', async () => {
    const { find } = log([5], 10);
    const list = new MatchList(find, 0);
    await list.next(0);
    expect(list.append(match(11))).toBe(true);
    expect(list.append(match(11))).toBe(false);
    expect(seqs(list)).toEqual([5, 11]);
    expect(list.totalCount).toBe(2);
  });

  it('waits where the list does not reach to the end yet', () => {
    const { find } = log([5]);
    const list = new MatchList(find, 0);
    expect(list.append(match(11))).toBe(false);
  });
});

it('asks one question at a time', async () => {
  const { find, asked } = log(every(1, 3_000));
  const list = new MatchList(find, 0);
  await Promise.all([list.extendForward(), list.extendForward()]);
  expect(asked).toEqual([0]);
});

it('says what went wrong and goes on when it is asked again', async () => {
  const { find } = log([5]);
  let isDown = true;
  const list = new MatchList(
    (after, first) => (isDown ? Promise.reject(new Error('down')) : find(after, first)),
    0,
  );
  expect(await list.next(0)).toBeUndefined();
  expect(list.error).toBe('down');
  isDown = false;
  await list.extendForward();
  expect((await list.next(0))?.seq).toBe(5);
  expect(list.error).toBeUndefined();
});
