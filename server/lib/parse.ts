import type { z } from 'zod';
import { type Issue, ValidationError } from '../errors.ts';

type ZodIssue = z.core.$ZodIssue;

const codeOf = (issue: ZodIssue): string => {
  switch (issue.code) {
    case 'too_big':
      return issue.origin === 'string' || issue.origin === 'array' ? 'TOO_LONG' : 'TOO_LARGE';
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array' ? 'TOO_SHORT' : 'TOO_SMALL';
    case 'invalid_type':
      return issue.input === undefined ? 'REQUIRED' : 'WRONG_TYPE';
    case 'unrecognized_keys':
      return 'UNKNOWN_FIELD';
    case 'custom':
      return typeof issue.params?.code === 'string' ? issue.params.code : 'INVALID';
    default:
      return 'INVALID';
  }
};

const limitOf = (issue: ZodIssue): string | undefined => {
  if (issue.code === 'too_big') return String(issue.maximum);
  if (issue.code === 'too_small') return String(issue.minimum);
  if (issue.code === 'custom' && issue.params?.limit !== undefined) {
    return String(issue.params.limit);
  }
  return undefined;
};

const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;

/** What stands there instead, as far as a few characters can say it. */
const foundOf = (issue: ZodIssue): string | undefined => {
  const { input } = issue;
  if (issue.code === 'custom') {
    return issue.params?.found === undefined ? undefined : String(issue.params.found);
  }
  if (issue.code === 'invalid_type') {
    if (input === undefined) return undefined;
    return typeof input === 'number' ? String(input) : typeOf(input);
  }
  if (issue.code !== 'too_big' && issue.code !== 'too_small') return undefined;
  if (typeof input === 'string' || Array.isArray(input)) return String(input.length);
  return typeof input === 'number' ? String(input) : undefined;
};

/** What zod expects, in words. */
const NEEDED: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

const describe = (value: unknown): string => {
  const type = typeOf(value);
  if (type === 'null' || type === 'number') return String(value);
  return type === 'boolean' ? 'a truth value' : (NEEDED[type] ?? type);
};

/** `has 3 items, at most 2 are allowed`, `is 0, at least 1 is needed`. */
function sizeMessage(found: unknown, bound: string, limit: number | bigint, verb: string): string {
  if (typeof found !== 'string' && !Array.isArray(found)) {
    return `is ${String(found)}, ${bound} ${limit} is ${verb}`;
  }
  const unit = typeof found === 'string' ? 'character' : 'item';
  const size = `${found.length} ${unit}${found.length === 1 ? '' : 's'}`;
  return `has ${size}, ${bound} ${limit} ${Number(limit) === 1 ? 'is' : 'are'} ${verb}`;
}

/** What is wrong, as the rest of a sentence about the field; undefined where zod's own will do. */
function messageOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type': {
      if (issue.input === undefined) return 'is required';
      return `is ${describe(issue.input)}, ${NEEDED[issue.expected] ?? issue.expected} is needed`;
    }
    case 'invalid_value':
      return `is not one of ${issue.values.map(String).join(', ')}`;
    case 'too_big':
      return sizeMessage(
        issue.input,
        issue.inclusive === false ? 'less than' : 'at most',
        issue.maximum,
        'allowed',
      );
    case 'too_small':
      return sizeMessage(
        issue.input,
        issue.inclusive === false ? 'more than' : 'at least',
        issue.minimum,
        'needed',
      );
    default:
      return undefined;
  }
}

/** How every input is parsed, so that `issuesOf` can say what was found and what was expected. */
export const PARSING = { reportInput: true, error: messageOf } as const;

const toIssues = (issue: ZodIssue): Issue[] => {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      code: 'UNKNOWN_FIELD',
      message: `${[...path, key].join('.')}: there is no such field. Remove it.`,
    }));
  }
  const limit = limitOf(issue);
  const found = foundOf(issue);
  // A value that is the whole input has no name of its own.
  const isWhole = path.length === 0 && issue.code !== 'custom';
  const at = isWhole ? 'The value ' : path.length > 0 ? `${path.join('.')}: ` : '';
  return [
    {
      path,
      code: codeOf(issue),
      message: `${at}${issue.message}.`,
      ...(limit !== undefined && { limit }),
      ...(found !== undefined && { found }),
    },
  ];
};

/** Every violation of a zod error as issues with path, code and limit; parse with `PARSING`. */
export const issuesOf = (error: z.ZodError): Issue[] => error.issues.flatMap(toIssues);

/**
 * Parses an input.
 * @throws ValidationError with one issue for each violation.
 */
export function parse<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const parsed = schema.safeParse(input, PARSING);
  if (!parsed.success) throw new ValidationError(issuesOf(parsed.error));
  return parsed.data;
}
