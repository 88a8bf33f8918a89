import { expect, it } from 'vitest';
import { rowTime } from './rowTime.ts';

const origin = '2026-01-01T00:00:00.000Z';

it.each([
  ['2026-01-01T00:00:00.000Z', '+0:00:00.0'],
  ['2026-01-01T00:00:09.960Z', '+0:00:10.0'],
  ['2026-01-01T02:03:04.560Z', '+2:03:04.6'],
  ['2025-12-31T23:59:58.500Z', '−0:00:01.5'],
])('%s is %s after the start', (at, text) => {
  expect(rowTime('relative', at, origin)).toBe(text);
});

it('is the time of day when it is asked for, or when the start is not known', () => {
  const absolute = rowTime('absolute', origin, origin);
  expect(absolute).toMatch(/^\d\d\/\d\d \d\d:\d\d:\d\d$/);
  expect(rowTime('relative', origin, null)).toBe(absolute);
});

it('is nothing when it is hidden, and for a line that is not stored yet', () => {
  expect(rowTime('hidden', origin, origin)).toBe('');
  expect(rowTime('absolute', '', origin)).toBe('');
});
