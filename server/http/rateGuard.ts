/** The rate limit over HTTP and on sockets; see `server/limits/rates.ts`. */
import type { ServerResponse } from 'node:http';
import { GraphQLError } from 'graphql';
import type { App } from '../app.ts';
import type { Caller } from './caller.ts';
import { fail, json } from './respond.ts';

type Parts = Pick<App, 'config' | 'rates' | 'rejections'>;

const CODE = 'RATE_LIMITED';

/** What works and sends; no page, no health, no metrics. */
const METERED =
  /^\/(graphql|import|export|artifacts|datasets\/[^/]+\/(export\.jsonl|manifest\.json))(\/|$)/;

const say = (app: Parts, seconds: number) =>
  `More than ${app.config.limits.requestsPerMinute} requests in a minute. Come again in ${seconds} s; ` +
  'the administrator can raise RATE_LIMIT_PER_MINUTE.';

/** Whether a request was one too many; then it is answered. */
export async function isOverRate(
  app: Parts,
  { actor, call }: Caller,
  response: ServerResponse,
  pathname: string,
): Promise<boolean> {
  if (!METERED.test(pathname)) return false;
  const seconds = await app.rates.take(actor, call);
  if (seconds === null) return false;
  app.rejections.count(CODE);
  response.setHeader('retry-after', String(seconds));
  // What was sent is not read, so nothing else can follow on this connection.
  response.setHeader('connection', 'close');
  if (pathname === '/graphql') {
    const extensions = { code: CODE, retryAfterSeconds: seconds, requestId: call.requestId };
    json(response, 429, { errors: [{ message: say(app, seconds), extensions }] });
  } else {
    fail(response, 429, CODE, say(app, seconds));
  }
  return true;
}

/** Why an operation on a socket is one too many, or null. */
export async function overRate(app: Parts, { actor, call }: Caller): Promise<GraphQLError | null> {
  const seconds = await app.rates.take(actor, call);
  if (seconds === null) return null;
  const extensions = { code: CODE, retryAfterSeconds: seconds };
  return new GraphQLError(say(app, seconds), { extensions });
}
