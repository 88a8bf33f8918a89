/** What people are told about roles and scopes. */
import type { Scope, UserRole } from '../gql/graphql.ts';

export const ROLES: readonly UserRole[] = ['VIEWER', 'MEMBER', 'ADMIN'];

export const ROLE_NAMES: Record<UserRole, string> = {
  VIEWER: 'Viewer',
  MEMBER: 'Member',
  ADMIN: 'Administrator',
};

export const ROLE_MEANS: Record<UserRole, string> = {
  VIEWER: 'sees everything and changes nothing',
  MEMBER: 'imports, builds, trains and evaluates',
  ADMIN: 'does everything, manages people and keys, reads the audit log',
};

/** In the order in which they are offered. */
export const SCOPES: readonly (readonly [scope: Scope, means: string])[] = [
  ['READ', 'See everything of the loop'],
  ['TRACES_WRITE', 'Store, import and delete traces'],
  ['DATASETS_WRITE', 'Build and check datasets'],
  ['RUNS_WRITE', 'Create, cancel, retry and archive runs'],
  ['EVALUATIONS_WRITE', 'Judge runs, set and check baselines'],
  ['RUNNERS_WRITE', 'Drain runners and pause queues'],
  ['ADMIN', 'Manage people and keys, read the audit log'],
  ['RUNNER', 'Work as a runner; opens nothing of the API'],
];

/** `Ada Lovelace` as `AL`. */
export const initialsOf = (name: string): string => {
  const words = name.trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return ends
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
};

/** `RUNS_WRITE` as `runs: write`. */
export const scopeName = (scope: Scope): string =>
  scope
    .toLowerCase()
    .replace(/_write$/, ': write')
    .replaceAll('_', ' ');
