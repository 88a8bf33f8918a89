import { expect, test } from 'vitest';
import { runPytest } from './python.ts';

test('the Python side passes its own tests on the real Tunix', async () => {
  expect(await runPytest('not slow')).toBe(0);
});
