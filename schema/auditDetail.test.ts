import { buildSchema, GraphQLNonNull, isInputObjectType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { detailOf } from './auditDetail.ts';

const schema = buildSchema(`
  scalar JSON
  enum Mode { NOW LATER }
  type Query { x: Int }
  input Part { prompt: String, name: String, part: Part }
  input Thing {
    id: ID  ids: [ID!]  name: String  count: Int  force: Boolean  mode: Mode  share: Float
    prompt: String  password: String  secret: String  token: String  current: String  next: String
    apiKey: String  meta: JSON  part: Part  parts: [Part!]  tags: [String!]  texts: [String!]
    note: String  reason: String  version: String  email: String
  }
`);

const thing = schema.getType('Thing');

function detail(input: object) {
  if (!isInputObjectType(thing)) throw new Error('Thing is an input');
  return detailOf(new GraphQLNonNull(thing), input);
}

describe('what is kept of an input', () => {
  test('are ids, names, numbers and choices', () => {
    const input = {
      id: 'UnVuOjE=',
      name: 'first',
      count: 3,
      force: true,
      mode: 'NOW',
      share: 0.5,
      tags: ['a', 'b'],
      note: null,
    };
    expect(detail(input)).toEqual(input);
  });

  test.for(['prompt', 'password', 'secret', 'token', 'current', 'next', 'apiKey'])(
    'is not the text of %s, nor how long it is',
    (name) => {
      expect(detail({ [name]: 'correct horse' })).toEqual({ [name]: '…' });
    },
  );

  test('is neither free JSON nor a list of unknown texts', () => {
    expect(detail({ meta: { password: 'x' }, texts: ['a', 'b'] })).toEqual({
      meta: '…',
      texts: ['…', '…'],
    });
  });

  test('is of a list of objects how many there are', () => {
    expect(detail({ parts: [{ prompt: 'a' }, { prompt: 'b' }] })).toEqual({ parts: { count: 2 } });
  });

  test('are ten values of a long list', () => {
    const ids = Array.from({ length: 12 }, (_, index) => `id${index}`);
    expect(detail({ ids })).toEqual({ ids: [...ids.slice(0, 10), '… 12 in all'] });
  });

  test('ends three objects deep', () => {
    const part = { name: '1', part: { name: '2', part: { name: '3', part: { name: '4' } } } };
    expect(detail({ part })).toEqual({
      part: { name: '1', part: { name: '2', part: '…' } },
    });
  });

  test('is at most 200 characters of a text', () => {
    expect(detail({ name: 'x'.repeat(201) })).toEqual({ name: `${'x'.repeat(200)}…` });
  });

  test('is at most two kilobytes in all, with the names of what was left out', () => {
    const long = 'ü'.repeat(200);
    const tags = Array.from({ length: 10 }, () => long);
    const kept = detail({ id: 'x', tags, note: long, reason: long, version: long, email: long });
    expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThanOrEqual(2048);
    expect(kept).toEqual({
      id: 'x',
      note: long,
      reason: long,
      version: long,
      email: long,
      '…': ['tags'],
    });
  });
});
