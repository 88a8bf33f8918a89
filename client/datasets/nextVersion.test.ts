import { expect, it, test } from 'vitest';
import { nextVersion } from './nextVersion.ts';

test.each([
  ['v1', 'v2'],
  ['1.9', '1.10'],
  ['2026-03', '2026-4'],
  ['beta', 'beta-2'],
  ['v2-final', 'v2-final-2'],
])('after %s comes %s', (version, next) => {
  expect(nextVersion(version, [])).toBe(next);
});

it('passes over versions that are there', () => {
  expect(nextVersion('v1', ['v1', 'v2', 'v3'])).toBe('v4');
});
