import { describe, expect, it, test } from 'vitest';
import {
  formatAgo,
  formatBytes,
  formatDuration,
  formatMetric,
  formatScore,
  formatSigned,
  plural,
  shellLine,
} from './format.ts';

test.each([
  [0.25, '250 ms'],
  [1.24, '1.2 s'],
  [45, '45 s'],
  [59.9, '1 m 0 s'],
  [200, '3 m 20 s'],
  [7500, '2 h 5 m'],
  [350_000, '4 d 1 h'],
  [null, '–'],
  [Number.POSITIVE_INFINITY, '–'],
])('formatDuration(%s) is %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test.each([
  ['0', '0 B'],
  ['1023', '1023 B'],
  ['1024', '1.0 KiB'],
  ['1048575', '1.0 MiB'],
  ['1610612736', '1.5 GiB'],
])('formatBytes(%s) is %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0, '0'],
  [0.00002, '2.00e-5'],
  [2.345678, '2.346'],
  [1234.5, '1,235'],
  [12_345_678, '1.23e7'],
  [-0.5, '-0.5'],
  [null, '–'],
])('formatMetric(%s) is %s', (value, text) => {
  expect(formatMetric(value)).toBe(text);
});

describe('formatAgo', () => {
  const at = '2026-01-01T00:00:00.000Z';
  const since = (seconds: number) => formatAgo(at, Date.parse(at) + seconds * 1000);

  it('grows in whole units', () => {
    expect([since(59), since(60), since(3599), since(3600), since(90_000)]).toEqual([
      '59 s ago',
      '1 min ago',
      '59 min ago',
      '1 h ago',
      '1 d ago',
    ]);
  });

  it('does not speak of the future when clocks differ', () => {
    expect(since(-30)).toBe('just now');
  });
});

it('signs differences, zero included', () => {
  expect([formatSigned(1.5), formatSigned(-1.5), formatSigned(0), formatSigned(null)]).toEqual([
    '+1.50',
    '−1.50',
    '±0.00',
    '–',
  ]);
});

it('quotes only what a shell would take apart', () => {
  expect(shellLine(['python3', '-m', 'tunix_rt', 'a b', "it's", '$HOME'])).toBe(
    `python3 -m tunix_rt 'a b' 'it'\\''s' '$HOME'`,
  );
});

it('counts one thing as one thing', () => {
  expect([plural(0, 'run'), plural(1, 'run'), plural(1200, 'run')]).toEqual([
    '0 runs',
    '1 run',
    '1,200 runs',
  ]);
});

test.each([
  [0, '0'],
  [50, '50'],
  [44.68, '44.7'],
  [99.96, '100'],
])('formatScore(%s) is %s', (score, text) => {
  expect(formatScore(score)).toBe(text);
});
