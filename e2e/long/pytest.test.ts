import { once } from 'node:events';
import { expect, test } from 'vitest';
import { pythonWith } from '../python.ts';

test('the Python side passes its own tests on the real Tunix', async () => {
  const python = await pythonWith('server/tunix/python/requirements-test.txt');
  const pytest = python.start(['-m', 'pytest', '-q'], 'server/tunix/python', 'inherit');
  expect(await once(pytest, 'exit')).toEqual([0, null]);
});
