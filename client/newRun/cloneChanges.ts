/** What a form asks for differently than the run it began with. Pure. */
import type { CloneRunChanges, CreateRunInput } from '../gql/graphql.ts';

export type FieldChange = { path: string; before: unknown; after: unknown };

type Fields = Readonly<Record<string, unknown>>;

/** Not of the run itself: how it is asked for. */
const NOT_OF_THE_RUN: readonly string[] = ['acknowledgedWarnings', 'idempotencyKey'];

const isEqual = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** Fields with another value; null is one that is not asked for any more. */
const changed = (before: Fields, after: Fields): [string, unknown][] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => !NOT_OF_THE_RUN.includes(key) && key !== 'hyperparameters')
    .filter((key) => !isEqual(before[key], after[key]))
    .map((key) => [key, after[key] ?? null]);

/** The changes as `cloneRun` takes them: null gives the default back. */
export function toCloneChanges(before: CreateRunInput, after: CreateRunInput): CloneRunChanges {
  const hyperparameters = changed({ ...before.hyperparameters }, { ...after.hyperparameters });
  return {
    ...Object.fromEntries(changed({ ...before }, { ...after })),
    ...(hyperparameters.length > 0 && { hyperparameters: Object.fromEntries(hyperparameters) }),
  };
}

/** The same for people, by the path of the input. */
export function listChanges(before: CreateRunInput, after: CreateRunInput): FieldChange[] {
  const list = (was: Fields, is: Fields, prefix: string) =>
    changed(was, is).map(([key, value]) => ({
      path: `${prefix}${key}`,
      before: was[key] ?? null,
      after: value,
    }));
  return [
    ...list({ ...before }, { ...after }, ''),
    ...list({ ...before.hyperparameters }, { ...after.hyperparameters }, 'hyperparameters.'),
  ];
}
