import { expect, test } from 'vitest';
import { openRejections } from './rejections.ts';

test('refusals are counted by reason, and nobody can add a reason', () => {
  const rejections = openRejections();
  expect(rejections.read().get('RATE_LIMITED')).toBe(0);
  for (const reason of ['RATE_LIMITED', 'RATE_LIMITED', 'TOO_COMPLEX', 'made up', '__proto__']) {
    rejections.count(reason);
  }
  const counted = [...rejections.read()].filter(([, count]) => count > 0);
  expect(Object.fromEntries(counted)).toEqual({ RATE_LIMITED: 2, TOO_COMPLEX: 1 });
});
