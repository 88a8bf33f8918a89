import { describe, expect, it } from 'vitest';
import {
  afterScroll,
  canvasHeight,
  endPlace,
  isAtEnd,
  isStuck,
  MOST_PIXELS,
  moveBy,
  pixelsAbove,
  placeAt,
  placeOfRow,
  rowsToDraw,
  type Shape,
  scrollTopOf,
} from './viewport.ts';

const even = (count: number, height = 600): Shape => ({ count, height, mean: 20, of: () => 20 });
/** Every tenth row is five rows high. */
const wrapped = (count: number): Shape => ({
  count,
  height: 600,
  mean: 28,
  of: (row) => (row % 10 === 0 ? 100 : 20),
});

const MILLION = even(1_000_000);
const RANGE = MOST_PIXELS - 600;

describe('a list that fits what a browser can draw', () => {
  const list = even(10_000);

  it.each([0, 1, 19, 20, 4_711, 199_399, 199_400])('maps pixel %i to itself', (pixel) => {
    expect(canvasHeight(list)).toBe(200_000);
    const place = placeAt(pixel, list);
    expect(place).toEqual({ row: Math.floor(pixel / 20), into: pixel % 20 });
    expect(scrollTopOf(place, list)).toBe(pixel);
  });
});

describe('a million rows', () => {
  it('are no higher than a browser allows', () => {
    expect(canvasHeight(MILLION)).toBe(MOST_PIXELS);
  });

  it('end where the scrollbar ends, with the last row at the lower edge', () => {
    expect(endPlace(MILLION)).toEqual({ row: 999_970, into: 0 });
    expect(placeAt(RANGE, MILLION)).toEqual(endPlace(MILLION));
    expect(scrollTopOf(endPlace(MILLION), MILLION)).toBe(RANGE);
  });

  it.each([0, 1, 77, 4_999, 250_000, 499_999, 777_777, 999_969])(
    'come back to row %i within two rows through the scrollbar',
    (row) => {
      const top = scrollTopOf({ row, into: 0 }, MILLION);
      expect(Math.abs(placeAt(top, MILLION).row - row)).toBeLessThanOrEqual(2);
    },
  );

  it('are moved by the wheel by exactly its pixels, wherever the scrollbar stands', () => {
    let place = { row: 500_000, into: 7 };
    let top = scrollTopOf(place, MILLION);
    for (const by of [100, 100, -300, 53, -1, 1_200]) {
      place = afterScroll(place, top, top + by, MILLION);
      top += by;
    }
    expect(place.row * 20 + place.into).toBe(500_000 * 20 + 7 + 1_152);
  });

  it('are jumped through by the thumb, by its share of the whole', () => {
    const place = afterScroll({ row: 3, into: 0 }, 60, RANGE / 2, MILLION);
    expect(Math.abs(place.row - 499_985)).toBeLessThanOrEqual(1);
    expect(afterScroll(place, RANGE / 2, 0, MILLION)).toEqual({ row: 0, into: 0 });
    expect(afterScroll(place, RANGE / 2, RANGE, MILLION)).toEqual(endPlace(MILLION));
  });
});

describe('moveBy', () => {
  it.each([
    ['stops at the start', { row: 2, into: 5 }, -1_000, { row: 0, into: 0 }],
    ['stops at the end', { row: 80, into: 0 }, 5_000, { row: 70, into: 0 }],
    ['goes up into the row above', { row: 2, into: 5 }, -6, { row: 1, into: 19 }],
    ['goes down by whole rows', { row: 2, into: 0 }, 60, { row: 5, into: 0 }],
  ])('%s', (_title, from, by, to) => {
    expect(moveBy(from, by, even(100))).toEqual(to);
  });

  it('goes over rows of any height', () => {
    expect(moveBy({ row: 9, into: 0 }, 130, wrapped(200))).toEqual({ row: 11, into: 10 });
    expect(moveBy({ row: 11, into: 10 }, -130, wrapped(200))).toEqual({ row: 9, into: 0 });
  });

  it('stays at the start of a list that is seen whole', () => {
    expect(moveBy({ row: 0, into: 0 }, 50, even(10))).toEqual({ row: 0, into: 0 });
    expect(endPlace(even(0))).toEqual({ row: 0, into: 0 });
  });
});

describe('placeOfRow', () => {
  const list = even(1_000);
  const at = { row: 100, into: 0 };

  it.each([
    ['at the upper edge', 500, 'start', { row: 500, into: 0 }],
    ['in the middle', 500, 'center', { row: 485, into: 10 }],
    ['nowhere else when it is seen already', 110, 'nearest', at],
    ['just inside below', 130, 'nearest', { row: 101, into: 0 }],
    ['just inside above', 99, 'nearest', { row: 99, into: 0 }],
    ['at the end when there is nothing after it', 999, 'start', { row: 970, into: 0 }],
  ] as const)('puts a row %s', (_title, row, align, place) => {
    expect(placeOfRow(row, align, at, list)).toEqual(place);
  });
});

describe('rows of different heights', () => {
  const list = wrapped(1_000);

  it('end with the last one at the lower edge', () => {
    const end = endPlace(list);
    const seen = Array.from({ length: list.count - end.row }, (_, i) => list.of(end.row + i));
    expect(seen.reduce((sum, height) => sum + height, 0) - end.into).toBe(600);
    expect(scrollTopOf(end, list)).toBe(canvasHeight(list) - 600);
  });

  it('are stuck when the scrollbar has come to an edge and they have not', () => {
    expect(isStuck({ row: 400, into: 0 }, 0, list)).toBe(true);
    expect(isStuck({ row: 400, into: 0 }, canvasHeight(list) - 600, list)).toBe(true);
    expect(isStuck({ row: 0, into: 0 }, 0, list)).toBe(false);
    expect(isStuck({ row: 400, into: 0 }, 5_000, list)).toBe(false);
  });

  it('reach an edge with the scrollbar when they are nearly there', () => {
    expect(afterScroll({ row: 12, into: 0 }, 300, 0, list)).toEqual({ row: 0, into: 0 });
    const range = canvasHeight(list) - 600;
    expect(afterScroll({ row: 960, into: 0 }, range - 200, range, list)).toEqual(endPlace(list));
  });
});

it('knows the end, give or take what the eye does not see', () => {
  const list = even(100);
  expect(isAtEnd(endPlace(list), list)).toBe(true);
  expect(isAtEnd(moveBy(endPlace(list), -3, list), list)).toBe(true);
  expect(isAtEnd(moveBy(endPlace(list), -20, list), list)).toBe(false);
});

describe('rowsToDraw', () => {
  it('is what is in sight with a margin, by steps', () => {
    expect(rowsToDraw({ row: 100, into: 5 }, even(1_000))).toEqual({ first: 64, end: 176 });
    expect(rowsToDraw({ row: 108, into: 0 }, even(1_000))).toEqual({ first: 64, end: 176 });
    expect(rowsToDraw({ row: 0, into: 0 }, even(10))).toEqual({ first: 0, end: 10 });
  });

  it('is never more than 300 rows in a window of 2,000 pixels', () => {
    const { first, end } = rowsToDraw({ row: 5_000, into: 0 }, even(1_000_000, 2_000));
    expect(end - first).toBeLessThanOrEqual(300);
  });
});

it('counts the pixels from the first drawn row to the upper edge', () => {
  expect(pixelsAbove(8, { row: 12, into: 3 }, wrapped(100))).toBe(20 + 20 + 100 + 20 + 3);
  expect(pixelsAbove(12, { row: 11, into: 3 }, wrapped(100))).toBe(3 - 20);
});
