/** Records what is written over HTTP beside GraphQL, as mutations are: before the answer goes out. */
import type { ServerResponse } from 'node:http';
import type { Scope } from '../access/scopes.ts';
import type { App } from '../app.ts';
import type { AuditRecord } from '../audit/writer.ts';
import { isOutage } from '../lib/outage.ts';
import { preview } from '../lib/text.ts';
import type { Caller } from './caller.ts';
import { json } from './respond.ts';

/** What a route writes, by the name of its mutation where there is one. */
const ACTIONS = {
  '/import/traces': 'importTraces',
  '/import/evaluation-sets': 'createEvaluationSet',
  '/import/predictions': 'importPredictions',
} as const;

type Action = (typeof ACTIONS)[keyof typeof ACTIONS];

/** The parameters that name something, of all these routes. */
const NAMING = [
  'key',
  'name',
  'version',
  'source',
  'tag',
  'format',
  'run',
  'system',
  'model',
  'dataset',
  'split',
  'set',
];

type Body = { error?: { code: string; [field: string]: unknown }; [field: string]: unknown };

/** Answers with JSON once it is recorded. */
type Answer = (status: number, body: Body) => Promise<void>;

const namesOf = (query: URLSearchParams): Record<string, string> =>
  Object.fromEntries(
    NAMING.flatMap((name) => {
      const values = query.getAll(name);
      return values.length > 0 ? [[name, preview(values.join(', '))]] : [];
    }),
  );

/** How much it was: the counts of an answer. */
const countsOf = (body: Body): Record<string, unknown> =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => typeof value === 'number'));

/** The id of what came of it. */
const targetOf = ({ importId, runId, id }: Body): string | null =>
  [importId, runId, id].find((each) => typeof each === 'string') ?? null;

/**
 * Does what a route is for. Whatever it answers is recorded first, and so is that it broke or that its
 * sender left. An error is answered although it could not be recorded: its remedy matters more.
 */
export async function recordWrite(
  app: Pick<App, 'audit' | 'log'>,
  { actor, call }: Caller,
  response: ServerResponse,
  action: Action,
  query: URLSearchParams,
  write: (answer: Answer) => Promise<void>,
): Promise<void> {
  const entry = { actor, call, action, target: null, detail: namesOf(query) };
  const recordFailure = (failed: Pick<AuditRecord, 'outcome'> & Partial<AuditRecord>) =>
    app.audit.record({ ...entry, ...failed }).catch((err: unknown) => {
      app.log.error({ err, action, requestId: call.requestId }, 'a failure could not be recorded');
    });
  try {
    await write(async (status, body) => {
      const done = { target: targetOf(body), detail: { ...entry.detail, ...countsOf(body) } };
      if (body.error) {
        await recordFailure({ ...done, outcome: body.error.code });
        const error = { ...body.error, requestId: call.requestId };
        json(response, status, { ...body, error });
      } else {
        await app.audit.record({ ...entry, ...done, outcome: 'OK' });
        json(response, status, body);
      }
    });
  } catch (error) {
    const broke = isOutage(error) ? 'UNAVAILABLE' : 'INTERNAL';
    const hasLeft = response.destroyed && !response.errored;
    await recordFailure({ outcome: hasLeft ? 'INTERRUPTED' : broke });
    throw error;
  }
}

/** Records that somebody may not write here; on every other path it does nothing. */
export async function recordRefusal(
  app: Pick<App, 'audit'>,
  { actor, call }: Caller,
  pathname: string,
  scope: Scope,
): Promise<void> {
  if (!(pathname in ACTIONS)) return;
  await app.audit.record({
    actor,
    call,
    action: ACTIONS[pathname as keyof typeof ACTIONS],
    target: null,
    outcome: actor.kind === 'ANONYMOUS' ? 'UNAUTHENTICATED' : 'FORBIDDEN',
    detail: { scope },
  });
}
