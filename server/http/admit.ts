/** Who asks over HTTP, and whether they may. Whatever is not named here is open to all: pages, health. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { BadCredentialError } from '../access/access.ts';
import type { Actor } from '../access/actor.ts';
import type { Scope } from '../access/scopes.ts';
import type { App } from '../app.ts';
import type { Caller } from './caller.ts';
import { isOverRate } from './rateGuard.ts';
import { recordRefusal } from './recordWrite.ts';
import { fail } from './respond.ts';

/** An answer that takes longer is watched: it ends when what its caller showed does, or they may no more. */
const SHORT_MS = 1_000;

const SCOPES: readonly [RegExp, Scope][] = [
  [/^\/import\/traces$/, 'TRACES_WRITE'],
  [/^\/import\/evaluation-sets$/, 'EVALUATIONS_WRITE'],
  [/^\/import\/predictions$/, 'RUNS_WRITE'],
  [/^\/(import|export|artifacts|metrics)(\/|$)/, 'READ'],
  // Beside the pages of the UI under /datasets/, these two files alone.
  [/^\/datasets\/[^/]+\/(export\.jsonl|manifest\.json)$/, 'READ'],
];

/** What a path needs; null where it is open to all. GraphQL names it for each field. */
const scopeOf = (pathname: string): Scope | null =>
  SCOPES.find(([pattern]) => pattern.test(pathname))?.[1] ?? null;

/**
 * Finds out who asks, and whether they may; otherwise it answers. What takes long is ended when the
 * credential is, or its role may no more.
 */
export async function admit(
  app: App,
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
  caller: Caller,
): Promise<boolean> {
  const scope = scopeOf(pathname);
  if (scope === null && pathname !== '/graphql') return true;
  const actor = await shownBy(app, request);
  if (!(actor instanceof BadCredentialError)) caller.actor = actor;
  // Whoever guesses keys is counted, too.
  if (await isOverRate(app, caller, response, pathname)) return false;
  if (actor instanceof BadCredentialError) {
    challenge(app, response, actor.message);
    return false;
  }
  if (refuseForgery(request, response, actor)) return false;
  if (actor.kind === 'ANONYMOUS' && sendToSignIn(request, response)) return false;
  if (scope !== null && !actor.scopes.has(scope)) {
    await recordRefusal(app, caller, pathname, scope);
    refuse(app, response, actor, scope);
    return false;
  }
  endWithCredential(app, response, actor, scope);
  return true;
}

/** Whoever asks, or null when it was answered that what they showed is not good. */
export async function authenticated(
  app: Pick<App, 'access' | 'rejections'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Actor | null> {
  const actor = await shownBy(app, request);
  if (!(actor instanceof BadCredentialError)) return actor;
  challenge(app, response, actor.message);
  return null;
}

/** Whoever asks, or what is wrong with what they showed. */
async function shownBy(
  app: Pick<App, 'access'>,
  request: IncomingMessage,
): Promise<Actor | BadCredentialError> {
  try {
    return await app.access.authenticate(request);
  } catch (error) {
    if (error instanceof BadCredentialError) return error;
    throw error;
  }
}

function challenge(app: Pick<App, 'rejections'>, response: ServerResponse, message: string): void {
  app.rejections.count('UNAUTHENTICATED');
  response.setHeader('www-authenticate', 'Bearer realm="Tunix RT"');
  // What was sent is not read, so nothing else can follow on this connection.
  response.setHeader('connection', 'close');
  fail(response, 401, 'UNAUTHENTICATED', message);
}

function refuse(app: App, response: ServerResponse, actor: Actor, scope: Scope): void {
  if (actor.kind === 'ANONYMOUS') {
    const message = 'Sign in, or send an API key as `Authorization: Bearer trt_…`.';
    challenge(app, response, message);
    return;
  }
  app.rejections.count('FORBIDDEN');
  response.setHeader('connection', 'close');
  const message = `This needs the scope ${scope}, which ${actor.name} does not have. Ask an admin for it.`;
  fail(response, 403, 'FORBIDDEN', message);
}

/** Whether somebody opened an address in a browser without having signed in: they may do so first. */
function sendToSignIn(
  { method, headers, url }: IncomingMessage,
  response: ServerResponse,
): boolean {
  if (method !== 'GET' || !headers.accept?.includes('text/html')) return false;
  response.setHeader('location', `/sign-in?next=${encodeURIComponent(url ?? '/')}`);
  response.writeHead(302).end();
  return true;
}

/**
 * Refuses a change by a cookie that does not say where it comes from: every browser says so, and the
 * guard has compared it with our own. True when it was refused.
 */
export function refuseForgery(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  response: ServerResponse,
  actor: Actor,
): boolean {
  const isRead = method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
  if (isRead || actor.credential?.kind !== 'SESSION' || headers.origin !== undefined) return false;
  const message = 'A cookie changes nothing without an Origin. Programs send a key instead.';
  response.setHeader('connection', 'close');
  fail(response, 403, 'REFUSED', message);
  return true;
}

/** Breaks an answer off that goes on when its caller may no more: events, files, long imports. */
function endWithCredential(
  app: Pick<App, 'access'>,
  response: ServerResponse,
  actor: Actor,
  scope: Scope | null,
): void {
  if (!actor.credential || response.closed) return;
  let stop = () => {};
  const timer = setTimeout(() => {
    stop = app.access.watch(actor, () => response.destroy(), scope);
  }, SHORT_MS);
  timer.unref();
  response.once('close', () => {
    clearTimeout(timer);
    stop();
  });
}
