/** Who may ask for what: every root field with every kind of caller, against the real schema. */
import {
  type ExecutionResult,
  execute,
  type GraphQLFormattedError,
  isObjectType,
  parse,
  subscribe,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { type Actor, ANONYMOUS, LOCAL } from '../server/access/actor.ts';
import { ROLE_SCOPES, type Scope } from '../server/access/scopes.ts';
import type { App } from '../server/app.ts';
import { MEMBER, VIEWER } from '../server/test/actors.ts';
import { schema } from './index.ts';
import { operationOf } from './test/sampleInput.ts';

/** Root fields that anybody may ask for, signed in or not. */
const PUBLIC = ['viewer', 'limits'];

/** Queries that are not for everybody who may read. */
const ADMIN_QUERIES = ['auditLog', 'invitations', 'users'];

/** Mutations by what they need. Whoever adds one decides here, too. */
const MUTATIONS: Record<Exclude<Scope, 'RUNNER'>, string[]> = {
  // Of one's own account alone; the service sees to that.
  READ: ['changePassword', 'createApiKey', 'revokeApiKey'],
  TRACES_WRITE: [
    'cancelImport',
    'createTrace',
    'createTraces',
    'deleteTrace',
    'generateUngarTraces',
    'scoreTrace',
    'tagTraces',
  ],
  DATASETS_WRITE: ['buildDataset', 'checkDataset', 'renderTrace', 'unwaiveFinding', 'waiveFinding'],
  RUNS_WRITE: [
    'archiveRun',
    'cancelRun',
    'cloneRun',
    'createRun',
    'importPredictions',
    'reproduceRun',
    'resumeRun',
    'retryRun',
    'setRunPriority',
  ],
  EVALUATIONS_WRITE: [
    'cancelEvaluation',
    'checkRegression',
    'createEvaluationSet',
    'evaluateRun',
    'promoteBestRun',
    'resumeEvaluation',
    'setBaseline',
    'tryJudge',
  ],
  RUNNERS_WRITE: ['drainRunner', 'pauseQueue', 'resumeQueue'],
  ADMIN: ['changeUser', 'inviteUser', 'resetPassword', 'revokeInvitation'],
};

/** Nodes that everybody who may read may see. Each other one names a scope on its type. */
const OPEN_NODES = [
  'Artifact',
  'Baseline',
  'Check',
  'Dataset',
  'DatasetCheck',
  'Evaluation',
  'EvaluationSet',
  'EvaluationSetItem',
  'Finding',
  'ImportSession',
  'Prediction',
  'RenderPreview',
  'Run',
  'Runner',
  'Trace',
  'TraceScore',
];

const callers: Record<string, Actor> = {
  VIEWER,
  MEMBER,
  ADMIN: { ...LOCAL, kind: 'USER', name: 'admin@example.org' },
  LOCAL,
  ANONYMOUS,
  RUNNER: {
    ...LOCAL,
    kind: 'RUNNER',
    name: 'runner gpu-1',
    role: null,
    scopes: new Set(['RUNNER']),
  },
};

const kinds = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const;

const fields = Object.entries(kinds).flatMap(([kind, typename]) => {
  const type = schema.getType(typename);
  if (!isObjectType(type)) return [];
  return Object.values(type.getFields()).map((field) => ({ kind, name: field.name, field }));
});

type Options = { authScopes?: { scope: Scope } };
const optionsOf = ({ extensions }: { extensions: unknown }): Options =>
  (extensions as { pothosOptions?: Options }).pothosOptions ?? {};

/** The scope that a field needs by the lists above. */
function neededBy(kind: string, name: string): Scope | null {
  if (PUBLIC.includes(name)) return null;
  if (kind !== 'mutation') return ADMIN_QUERIES.includes(name) ? 'ADMIN' : 'READ';
  const [scope] = Object.entries(MUTATIONS).find(([, names]) => names.includes(name)) ?? [];
  return (scope as Scope) ?? null;
}

/** An app of which nothing can be used but the log of what was done: it says when something is. */
function untouchable() {
  const used: string[] = [];
  const recorded: { action: string; outcome: string }[] = [];
  const record = async (entry: { action: string; outcome: string }) => void recorded.push(entry);
  const app = new Proxy({ audit: { record } } as unknown as App, {
    get(target, name) {
      if (name === 'audit') return target.audit;
      if (name === 'log') return undefined;
      used.push(String(name));
      throw new Error(`app.${String(name)} was used`);
    },
  });
  return { app, used, recorded };
}

async function ask(actor: Actor, { kind, field }: (typeof fields)[number]) {
  const { app, used, recorded } = untouchable();
  const { source, variableValues } = operationOf(kind, field);
  const args = {
    schema,
    document: parse(source),
    variableValues,
    contextValue: { app, actor, call: { requestId: 'test', address: null, client: null } },
  };
  const answer = await (kind === 'subscription' ? subscribe(args) : execute(args));
  const { errors = [] } = (Symbol.asyncIterator in answer ? {} : answer) as ExecutionResult;
  return { errors: errors.map((error) => error.toJSON()), used, recorded };
}

const refusals = (errors: GraphQLFormattedError[]) =>
  errors.filter(({ extensions }) =>
    ['FORBIDDEN', 'UNAUTHENTICATED'].includes(String(extensions?.code)),
  );

describe('every root field', () => {
  test.for(fields)('$kind $name names the scope it needs', ({ kind, name, field }) => {
    const needed = neededBy(kind, name);
    expect(needed !== null || PUBLIC.includes(name), `decide who may ask for ${name}`).toBe(true);
    expect(optionsOf(field).authScopes).toEqual(needed ? { scope: needed } : undefined);
  });

  test.for(
    Object.entries(callers).flatMap(([as, actor]) =>
      fields.map((each) => ({ as, actor, ...each })),
    ),
  )('$kind $name is answered or refused as $as', async ({ actor, ...each }) => {
    const needed = neededBy(each.kind, each.name);
    const { errors, used, recorded } = await ask(actor, each);
    if (needed === null || actor.scopes.has(needed)) {
      expect(refusals(errors)).toEqual([]);
      return;
    }
    const code = actor.kind === 'ANONYMOUS' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining(`"${each.name}" needs the scope ${needed}`),
        extensions: { code },
      },
    ]);
    expect(used).toEqual([]);
    const isMutation = each.kind === 'mutation';
    expect(recorded).toMatchObject(isMutation ? [{ action: each.name, outcome: code, actor }] : []);
  });
});

test('the lists name root fields that there are', () => {
  const named = [...PUBLIC, ...ADMIN_QUERIES, ...Object.values(MUTATIONS).flat()];
  const known = fields.map(({ name }) => name);
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});

describe('a role', () => {
  const mutationsOf = (scopes: readonly Scope[]) =>
    Object.entries(MUTATIONS).flatMap(([scope, names]) =>
      scopes.includes(scope as Scope) ? names : [],
    );

  test('of viewers changes nothing but their own account', () => {
    expect(mutationsOf(ROLE_SCOPES.VIEWER)).toEqual(MUTATIONS.READ);
  });

  test('of members manages neither people nor runners', () => {
    const beyond = mutationsOf(ROLE_SCOPES.ADMIN).filter(
      (name) => !mutationsOf(ROLE_SCOPES.MEMBER).includes(name),
    );
    expect(beyond).toEqual([...MUTATIONS.RUNNERS_WRITE, ...MUTATIONS.ADMIN]);
  });

  test('of runners opens nothing', () => {
    for (const role of Object.values(ROLE_SCOPES)) expect(role).not.toContain('RUNNER');
    expect(fields.filter(({ kind, name }) => neededBy(kind, name) === 'RUNNER')).toEqual([]);
  });
});

describe('every node', () => {
  const node = schema.getType('Node');
  const nodes =
    node && 'getInterfaces' in node && !isObjectType(node)
      ? schema.getImplementations(node).objects
      : [];

  test('that is not for all names a scope on its type', () => {
    const guarded = nodes.filter(({ name }) => !OPEN_NODES.includes(name));
    const open = guarded.filter((type) => optionsOf(type).authScopes === undefined);
    expect(open.map(String), 'add authScopes to the type, or the name to OPEN_NODES').toEqual([]);
    expect(guarded.map(String).toSorted()).toEqual(['ApiKey', 'AuditEntry', 'Invitation', 'User']);
  });

  test('of the list of open ones exists', () => {
    expect(OPEN_NODES.filter((name) => !nodes.some((type) => type.name === name))).toEqual([]);
  });
});
