import { expect, test } from 'vitest';
import { bounded } from './bounded.ts';

test('the first values of a label are known and every later one is other', () => {
  const name = bounded(2);
  expect(['a', 'b', 'c', 'a', 'd', 'b'].map(name)).toEqual(['a', 'b', 'other', 'a', 'other', 'b']);
});
