/** What may be done, in the words of the API, and who may do it by role. */

/** Every scope with what it allows. A field of the API names exactly one of them. */
export const SCOPES = {
  READ: 'See everything of the loop: traces, datasets, runs, logs, evaluations, runners.',
  TRACES_WRITE: 'Store, import and delete traces.',
  DATASETS_WRITE: 'Build and check datasets, accept findings, preview renderings.',
  RUNS_WRITE: 'Create, cancel, retry, resume and archive runs; bring predictions of other systems.',
  EVALUATIONS_WRITE: 'Judge runs, bring evaluation sets, set and check baselines.',
  RUNNERS_WRITE: 'Drain runners and pause queues.',
  ADMIN: 'Manage people and everybody’s keys, read the audit log.',
  RUNNER: 'Work as a runner: claim runs and write what they give. Opens nothing of the API.',
} as const;

export type Scope = keyof typeof SCOPES;

export const ALL_SCOPES = Object.keys(SCOPES) as Scope[];

export const ROLES = ['ADMIN', 'MEMBER', 'VIEWER'] as const;
export type Role = (typeof ROLES)[number];

/** What each role may do. A key of somebody may never do more than they themselves. */
export const ROLE_SCOPES: Record<Role, readonly Scope[]> = {
  VIEWER: ['READ'],
  MEMBER: ['READ', 'TRACES_WRITE', 'DATASETS_WRITE', 'RUNS_WRITE', 'EVALUATIONS_WRITE'],
  ADMIN: ALL_SCOPES.filter((scope) => scope !== 'RUNNER'),
};
