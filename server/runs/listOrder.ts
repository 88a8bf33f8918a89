/** What a list of runs can be sorted by, and the cursors of such a list. */
import { ValidationError } from '../errors.ts';

const ORDERS = {
  NEWEST: { key: 'r.created_at', type: 'timestamptz', descends: true },
  OLDEST: { key: 'r.created_at', type: 'timestamptz', descends: false },
  PRIORITY: { key: 'r.priority', type: 'int', descends: true },
  // What has not ended has no length yet, and comes after all that has.
  LONGEST: {
    key: 'coalesce(extract(epoch FROM r.finished_at - r.started_at), -1)::float8',
    type: 'float8',
    descends: true,
  },
  RECENTLY_FINISHED: {
    key: "coalesce(r.finished_at, 'epoch')",
    type: 'timestamptz',
    descends: true,
  },
} as const;

export type RunSort = keyof typeof ORDERS;

/** The sort key as SQL over `runs r`, never null; the type of its values; whether the greatest comes first. */
export const orderOf = (sort: RunSort) => ORDERS[sort];

/** Where a row stands in a sorted list: its key as text and, among equal ones, its id. */
export type Place = { key: string; id: string };

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const KEYS = {
  timestamptz: String.raw`\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`,
  int: String.raw`-?\d{1,10}`,
  float8: String.raw`-?\d{1,15}(?:\.\d{1,20})?`,
} as const;

const FORMS = new Map(
  Object.entries(ORDERS).map(([sort, { type }]) => [
    sort,
    new RegExp(`^(${sort}) (${KEYS[type]}) (${UUID})$`),
  ]),
);

/** A place as opaque text, for `after` and `before`. */
export const encodeRunCursor = (sort: RunSort, { key, id }: Place): string =>
  Buffer.from(`${sort} ${key} ${id}`).toString('base64url');

/** Whether a text, decoded from base64, has the form of a cursor of runs in any order. */
export const isRunCursor = (text: string): boolean =>
  [...FORMS.values()].some((form) => form.test(text));

/**
 * The place that a cursor names.
 * @throws ValidationError when it is none of a list in this order.
 */
export function decodeRunCursor(cursor: string, sort: RunSort, name: 'after' | 'before'): Place {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const [, , key, id] = FORMS.get(sort)?.exec(text) ?? [];
  if (key !== undefined && id !== undefined) return { key, id };
  const message =
    `${name}: This is no cursor of this list in this order. Take \`endCursor\` or \`startCursor\` ` +
    'of one of its pages.';
  throw new ValidationError([{ path: [name], code: 'BAD_CURSOR', message }]);
}
