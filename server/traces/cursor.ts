import { z } from 'zod';
import { ValidationError } from '../errors.ts';

/** What a list of traces can be sorted by, and the type of its values in SQL. */
export const KEY_TYPES = {
  CREATED_AT: 'timestamptz',
  STEP_COUNT: 'int',
  TOTAL_CHARS: 'int',
  BASELINE_SCORE: 'float8',
  RELEVANCE: 'float8',
} as const;

export type Sort = keyof typeof KEY_TYPES;

/** Where a row stands in a sorted list: its sort value and, among equal ones, its id. */
export type Place = { key: string | number; id: string };

const KEYS = {
  timestamptz: z.iso.datetime(),
  int: z.int32(),
  float8: z.number(),
} as const;

/** A place as text, for `after` and `before`. */
export const encodeCursor = (by: Sort, { key, id }: Place): string =>
  Buffer.from(JSON.stringify([by, key, id])).toString('base64url');

const Cursor = z.tuple([z.string(), z.union([z.string(), z.number()]), z.uuid()]);

/** Whether a text, decoded from base64, has the form of a cursor of traces in any order. */
export const isTraceCursor = (text: string): boolean => {
  try {
    return Cursor.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
};

/**
 * The place a cursor names.
 * @throws ValidationError when it is none of a list in this order.
 */
export function decodeCursor(cursor: string, by: Sort, name: 'after' | 'before'): Place {
  try {
    const text = Buffer.from(cursor, 'base64url').toString('utf8');
    const [sort, key, id] = Cursor.parse(JSON.parse(text));
    if (sort === by) return { key: KEYS[KEY_TYPES[by]].parse(key), id };
  } catch {
    // Answered below, whatever is wrong with it.
  }
  throw new ValidationError([
    {
      path: [name],
      code: 'BAD_CURSOR',
      message: `${name}: This is no cursor of this list in this order. Take \`endCursor\` or \`startCursor\` of one of its pages.`,
    },
  ]);
}
