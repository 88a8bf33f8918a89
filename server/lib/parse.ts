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
  const at = path.length > 0 ? `${path.join('.')}: ` : '';
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

/** Every violation of a zod error as issues with path, code and limit. */
export const issuesOf = (error: z.ZodError): Issue[] => error.issues.flatMap(toIssues);

/**
 * Parses an input.
 * @throws ValidationError with one issue for each violation.
 */
export function parse<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const parsed = schema.safeParse(input, { reportInput: true });
  if (!parsed.success) throw new ValidationError(issuesOf(parsed.error));
  return parsed.data;
}
