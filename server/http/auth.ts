/** `/auth/…`: what a browser asks before anybody is known. Open to all. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { globalId } from '../../schema/ids.ts';
import { type Actor, actorName } from '../access/actor.ts';
import { TooManyAttempts } from '../access/attempts.ts';
import {
  acceptInvitation,
  hasUsers,
  readInvitation,
  requireAccess,
} from '../access/invitations.ts';
import { takeNewPassword } from '../access/resets.ts';
import {
  checkPassword,
  endSession,
  type Proven,
  type SignedIn,
  startSession,
} from '../access/sessions.ts';
import type { App } from '../app.ts';
import { ConflictError, InvalidStateError, NotFoundError, ValidationError } from '../errors.ts';
import { parse } from '../lib/parse.ts';
import { authenticated, refuseForgery } from './admit.ts';
import type { Caller } from './caller.ts';
import { BodyFault, readJson } from './readJson.ts';
import { fail, json } from './respond.ts';
import { sessionCookie } from './sessionCookie.ts';

const MAX_BYTES = 16 * 1024;

type Exchange = {
  request: IncomingMessage;
  response: ServerResponse;
  query: URLSearchParams;
  caller: Caller;
};

const SignIn = z.object({ email: z.string(), password: z.string() });
const Link = z.object({ token: z.string() });
const Acceptance = SignIn.extend({ token: z.string(), name: z.string() });
const NewPassword = z.object({ token: z.string(), password: z.string() });

/** Writes down what somebody did here; mutations are recorded by the schema. */
const record = (
  app: App,
  { call, actor }: Caller,
  action: string,
  outcome: string,
  detail: Record<string, unknown> = {},
) =>
  app.audit.record({
    ...{ call, actor, action, outcome, detail },
    target: actor.userId && globalId('User', actor.userId),
  });

const userAs = ({ id, email, role }: SignedIn): Actor => ({
  kind: 'USER',
  id,
  userId: id,
  name: actorName(email),
  role,
  scopes: new Set(),
  credential: null,
});

const begin = (app: App, { request }: Exchange, user: Proven) =>
  startSession(app, user, request.headers['user-agent'] ?? null);

/** Gives the browser its session and says who it is. */
function welcome(app: App, { response }: Exchange, user: SignedIn, token: string): void {
  response.setHeader('set-cookie', sessionCookie(app.config, token));
  const { email, name, role } = user;
  json(response, 200, { user: { email, name, role } });
}

/** Says that it is wrong and no more: neither whether there is such a user nor whether they are disabled. */
async function refuseCredentials(
  app: App,
  { response, caller }: Exchange,
  email: string,
): Promise<void> {
  await record(app, caller, 'signIn', 'WRONG_CREDENTIALS', { email: email.slice(0, 254) });
  fail(response, 401, 'WRONG_CREDENTIALS', 'No user has this email and this password.');
}

/** `POST /auth/sign-in {email, password}` → `{user}` and the cookie. */
async function signIn(app: App, exchange: Exchange): Promise<void> {
  requireAccess(app);
  const { request, caller } = exchange;
  const given = parse(SignIn, await readJson(request, MAX_BYTES));
  const user = await checkPassword(app, given, caller.call.address);
  const session = user && (await begin(app, exchange, user));
  if (!session) return refuseCredentials(app, exchange, given.email);
  await record(app, { ...caller, actor: userAs(user) }, 'signIn', 'OK');
  welcome(app, exchange, user, session.token);
}

/** `POST /auth/sign-out`: the session ends, on its sockets too. No error for nobody. */
async function signOut(app: App, { request, response, caller }: Exchange): Promise<void> {
  const actor = await authenticated(app, request, response);
  if (!actor || refuseForgery(request, response, actor)) return;
  if (actor.credential?.kind === 'SESSION') {
    await endSession(app, actor.credential.id);
    await record(app, { ...caller, actor }, 'signOut', 'OK');
  }
  response.setHeader('set-cookie', sessionCookie(app.config, null));
  response.writeHead(204).end();
}

/** `GET /auth/invitation?token=` → `{role, email, expiresAt, first, resetsPassword}`. */
async function showInvitation(app: App, { response, query }: Exchange): Promise<void> {
  const invitation = await readInvitation(app, query.get('token') ?? '');
  if (invitation) json(response, 200, invitation);
  else fail(response, 404, 'NOT_FOUND', 'This link was used or has expired. Ask for a new one.');
}

/** Signs in whoever has used a link. What it did is done and recorded, even if they are disabled now. */
async function enter(app: App, exchange: Exchange, user: Proven, action: string): Promise<void> {
  await record(app, { ...exchange.caller, actor: userAs(user) }, action, 'OK');
  const session = await begin(app, exchange, user);
  if (session) welcome(app, exchange, user, session.token);
  else await refuseCredentials(app, exchange, user.email);
}

/**
 * `POST /auth/accept {token, email, name, password}` → as `signIn`. A link for a new password needs that
 * alone.
 */
async function accept(app: App, exchange: Exchange): Promise<void> {
  requireAccess(app);
  const body = await readJson(exchange.request, MAX_BYTES);
  const open = await readInvitation(app, parse(Link, body).token);
  if (open?.resetsPassword) {
    const renewed = await takeNewPassword(app, parse(NewPassword, body));
    await enter(app, exchange, renewed, 'takeNewPassword');
  } else {
    const user = await acceptInvitation(app, parse(Acceptance, body));
    await enter(app, exchange, user, 'acceptInvitation');
  }
}

/** `GET /auth/state` → `{auth, needsSetup, signedIn}`. */
async function state(app: App, { request, response }: Exchange): Promise<void> {
  const { required } = app.config.access;
  const actor = await authenticated(app, request, response);
  if (!actor) return;
  json(response, 200, {
    auth: required ? 'on' : 'off',
    needsSetup: required && !(await hasUsers(app.sql)),
    signedIn: actor.kind === 'USER',
  });
}

const ROUTES: Record<
  string,
  { method: 'GET' | 'POST'; handle: (app: App, exchange: Exchange) => Promise<void> }
> = {
  '/auth/state': { method: 'GET', handle: state },
  '/auth/invitation': { method: 'GET', handle: showInvitation },
  '/auth/sign-in': { method: 'POST', handle: signIn },
  '/auth/sign-out': { method: 'POST', handle: signOut },
  '/auth/accept': { method: 'POST', handle: accept },
};

/** Answers a request below `/auth/`. */
export async function handleAuth(app: App, pathname: string, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  const route = ROUTES[pathname];
  response.setHeader('cache-control', 'no-store');
  if (!route) {
    fail(response, 404, 'NOT_FOUND', 'There is nothing here. Sign in at /sign-in.');
    return;
  }
  if (request.method !== route.method) {
    response.setHeader('allow', route.method);
    fail(response, 405, 'METHOD', `Use ${route.method}.`);
    return;
  }
  try {
    await route.handle(app, exchange);
  } catch (error) {
    answerError(app, response, error);
  }
}

function answerError(app: App, response: ServerResponse, error: unknown): void {
  if (error instanceof ValidationError) {
    const { message, issues } = error;
    json(response, 400, { error: { code: 'VALIDATION', message, issues } });
  } else if (error instanceof NotFoundError) {
    fail(response, 404, 'NOT_FOUND', error.message);
  } else if (error instanceof ConflictError) {
    fail(response, 409, 'CONFLICT', error.message);
  } else if (error instanceof InvalidStateError) {
    fail(response, 409, 'INVALID_STATE', error.message);
  } else if (error instanceof TooManyAttempts) {
    app.rejections.count('RATE_LIMITED');
    response.setHeader('retry-after', String(error.retryAfterSeconds));
    fail(response, 429, 'RATE_LIMITED', error.message);
  } else if (error instanceof BodyFault) {
    // The body is not read, so nothing else can follow on this connection.
    response.setHeader('connection', 'close');
    fail(response, error.status, error.code, error.message);
  } else {
    throw error;
  }
}
