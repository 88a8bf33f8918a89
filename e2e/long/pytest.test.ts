import { expect, test } from 'vitest';
import { runPytest } from '../python.ts';

test('every kind of model and of mesh trains on the real Tunix', async () => {
  expect(await runPytest('slow')).toBe(0);
});
