/** Expected errors of mutations: data, with a place where they belong. */

import type { Problem_ErrorFragment } from '../gql/graphql.ts';
import { type FragmentType, graphql, read } from '../gql/index.ts';

export const Problem_Error = graphql(`
  fragment Problem_Error on Error {
    __typename
    message
    code
    ... on ValidationError {
      issues {
        path
        code
        message
      }
    }
    ... on UnavailableError {
      remedy
    }
  }
`);

export type Problem = Problem_ErrorFragment;

export const readProblem = (error: FragmentType<typeof Problem_Error>): Problem =>
  read(Problem_Error, error);

type Issue = { readonly path: readonly string[]; readonly message: string };

/** The server begins some messages with the path; beside the field it would be said twice. */
function bareMessage({ path, message }: Issue): string {
  const prefix = `${path.join('.')}: `;
  return message.startsWith(prefix) ? message.slice(prefix.length) : message;
}

/** One sentence or two, for a notice or a notification. */
export function problemText(problem: Problem): string {
  if (problem.__typename === 'ValidationError' && problem.issues.length > 0) {
    return problem.issues
      .map((issue) => [...(issue.path.length ? [issue.path.join('.')] : []), bareMessage(issue)])
      .map((parts) => parts.join(': '))
      .join('; ');
  }
  if (problem.__typename === 'UnavailableError') return `${problem.message} ${problem.remedy}`;
  return problem.message;
}

/**
 * Issues by form field. `names` maps the last part of a path (`batchSize` of
 * `hyperparameters.batchSize`) to the field; what has no field is returned apart.
 */
export function issuesByField<Field extends string>(
  problem: Problem,
  fields: readonly Field[],
): { byField: Partial<Record<Field, string>>; rest: string[] } {
  if (problem.__typename !== 'ValidationError')
    return { byField: {}, rest: [problemText(problem)] };
  const byField: Partial<Record<Field, string>> = {};
  const rest: string[] = [];
  for (const issue of problem.issues) {
    const path = issue.path[0] === 'input' ? issue.path.slice(1) : issue.path;
    // The longest known prefix: an issue inside a list belongs to the list's field.
    const field = path
      .map((_, index) => path.slice(0, path.length - index).join('.'))
      .map((name) => fields.find((known) => known === name))
      .find((known) => known !== undefined);
    if (field === undefined) rest.push(problemText({ ...problem, issues: [issue] }));
    else byField[field] ??= bareMessage(issue);
  }
  return { byField, rest };
}
