import { describe, expect, test } from 'vitest';
import { isConflict, isOutage } from './outage.ts';

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
      'what Prisma makes of raw SQL that reached nobody',
      { code: 'P2010', meta: { driverAdapterError: { cause: { kind: 'DatabaseNotReachable' } } } },
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

describe('isConflict', () => {
  test.each([
    ['a deadlock', withCode('40P01')],
    ['transactions without an order', withCode('40001')],
    ['what Prisma says of either', withCode('P2034')],
    [
      'a deadlock in raw SQL of Prisma',
      { code: 'P2010', meta: { driverAdapterError: { cause: { originalCode: '40P01' } } } },
    ],
  ])('sees %s, which is no outage', (_, error) => {
    expect(isConflict(error)).toBe(true);
    expect(isOutage(error)).toBe(false);
  });

  test.each([
    ['a closed connection', withCode('57P01')],
    ['a broken rule', withCode('23505')],
    ['nothing', null],
  ])('does not take %s for one', (_, error) => {
    expect(isConflict(error)).toBe(false);
  });
});
