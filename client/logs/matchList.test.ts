import { describe, expect, it } from 'vitest';
import { type FindPage, MatchList } from './matchList.ts';

const match = (seq: number) => ({
  seq,
  attempt: 1,
  stream: 'STDERR' as const,
  at: '2026-01-01T00:00:00.000Z',
  text: `line ${seq}`,
});

/** A log of which every line of `seqs` matches, and what was asked of it. */
function log(seqs: readonly number[], lines = 1_000_000) {
  const asked: string[] = [];
  const find: FindPage = async ({ after = 0, before, first, counts }) => {
    asked.push(`${before === undefined ? `> ${after}` : `< ${before}`}${counts ? ', count' : ''}`);
    const rest = seqs.filter((seq) => (before === undefined ? seq > after : seq < before));
    const hasMore = rest.length > first;
    const page = before === undefined ? rest.slice(0, first) : rest.slice(-first);
    const end = before === undefined ? page.at(-1) : page[0];
    return {
      matches: page.map(match),
      total: counts ? { count: seqs.length, isExact: true } : undefined,
      endSeq: hasMore && end !== undefined ? end : before === undefined ? lines : 1,
      hasMore,
    };
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
    expect(asked).toEqual(['> 0, count']);
    expect([list.total?.count, list.indexOf(700_000)]).toEqual([2, 1]);
  });

  it('goes on, page by page, as far as the next match is, and counts once', async () => {
    const { find, asked } = log(every(10, 5_000));
    const list = new MatchList(find, 0);
    expect((await list.next(35_000))?.seq).toBe(35_010);
    expect(asked).toEqual(['> 0, count', '> 10000', '> 20000', '> 30000']);
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

  it('finds a far match with one question, however empty the log is', async () => {
    const { find, asked } = log([12, 900_000]);
    const list = new MatchList(find, 899_999);
    expect((await list.previous(900_000))?.seq).toBe(12);
    expect(await list.previous(12)).toBeUndefined();
    expect(asked).toEqual(['< 900000, count']);
    expect(list.isFromStart).toBe(true);
  });
});

describe('a list from the end', () => {
  it('asks for nothing that cannot be there or is known', async () => {
    const { find, asked } = log(every(1_000, 900));
    const total = { count: 900, isExact: true };
    const list = new MatchList(find, 1_000_000, { total, isEnd: true });
    await list.extendBackward();
    expect(asked).toEqual(['< 1000001']);
    expect(seqs(list)).toEqual(every(1_000, 900));
    expect(list.append(match(1_000_001))).toBe(true);
    expect(list.total?.count).toBe(901);
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
    expect(list.total?.count).toBe(2);
  });

  it('is counted, and met later, where the list does not reach to the end yet', async () => {
    const { find } = log(every(1, 3_000));
    const list = new MatchList(find, 0);
    await list.extendForward();
    expect(list.append(match(3_001))).toBe(false);
    expect([list.total?.count, seqs(list).at(-1)]).toEqual([3_001, 1_000]);
  });
});

it('asks one question at a time', async () => {
  const { find, asked } = log(every(1, 3_000));
  const list = new MatchList(find, 0);
  await Promise.all([list.extendForward(), list.extendForward()]);
  expect(asked).toEqual(['> 0, count']);
});

it('says what went wrong and goes on when it is asked again', async () => {
  const { find } = log([5]);
  let isDown = true;
  const list = new MatchList(
    (wanted) => (isDown ? Promise.reject(new Error('down')) : find(wanted)),
    0,
  );
  expect(await list.next(0)).toBeUndefined();
  expect(list.error).toBe('down');
  isDown = false;
  await list.extendForward();
  expect((await list.next(0))?.seq).toBe(5);
  expect(list.error).toBeUndefined();
});
