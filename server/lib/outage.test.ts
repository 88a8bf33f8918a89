import { describe, expect, test } from 'vitest';
import { isOutage } from './outage.ts';

const withCode = (code: string) => Object.assign(new Error('x'), { code });

describe('isOutage', () => {
  test.each([
    ['a closed connection', withCode('57P01')],
    ['a server that starts', withCode('57P03')],
    ['a refused connection', withCode('ECONNREFUSED')],
    [
      'what Prisma makes of it',
      { code: 'P2010', meta: { driverAdapterError: { cause: { originalCode: '57P01' } } } },
    ],
    [
      'a cause that is no Error',
      Object.assign(new Error('y'), { cause: { originalCode: '08006' } }),
    ],
    [
      'a broken client',
      new Error('Client has encountered a connection error and is not queryable'),
    ],
    ['a pool without room', new Error('Unable to start a transaction in the given time.')],
    ['a query nobody answers', new Error('Query read timeout')],
  ])('sees %s', (_, error) => {
    expect(isOutage(error)).toBe(true);
  });

  test.each([
    ['a broken rule', withCode('23505')],
    ['a bug', new TypeError('undefined is not a function')],
    ['nothing', null],
    ['a text', 'ECONNREFUSED'],
  ])('does not take %s for one', (_, error) => {
    expect(isOutage(error)).toBe(false);
  });
});
