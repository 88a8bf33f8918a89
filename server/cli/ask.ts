/** Asks the API of a server. */

/** Where a command asks, and with which key; null without one. */
export type Target = { url: URL; key: string | null };

/** The server does not answer, or is not one of ours. */
export class Unreachable extends Error {}

/** The server answers that this cannot be done. `code` is of the errors of the API. */
export class Refused extends Error {
  readonly code: string;
  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

const TIMEOUT_MS = 60_000;

/** An error of the API, in the list of an answer or as the answer of a mutation. */
export type ApiError = {
  message: string;
  extensions?: { code?: string; retryAfterSeconds?: number };
};

type Answer = { data?: unknown; errors?: ApiError[]; error?: ApiError & { code?: string } } | null;

/** How the command line calls itself, for the log, the numbers and the audit of the server. */
const CLIENT = 'tunix-rt';

const credentialOf = ({ key }: Target): Record<string, string> =>
  key === null ? {} : { authorization: `Bearer ${key}` };

/** The headers that say which program asks, and with which key. */
export const headersOf = (target: Target): Record<string, string> => ({
  'x-graphql-client-name': CLIENT,
  ...credentialOf(target),
});

/** The same as the first message of a socket. */
export const paramsOf = (target: Target): Record<string, string> => ({
  client: CLIENT,
  ...credentialOf(target),
});

/**
 * The data of one operation.
 * @throws Unreachable, Refused
 */
export async function ask<Data>(
  target: Target,
  query: string,
  variables: Record<string, unknown> = {},
  timeoutMs = TIMEOUT_MS,
): Promise<Data> {
  const { url } = target;
  const answer = await fetch(new URL('/graphql', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headersOf(target) },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((error: unknown) => {
    throw new Unreachable(`${url.origin} cannot be reached: ${causeOf(error)}.`, { cause: error });
  });
  const body = (await answer.json().catch(() => null)) as Answer;
  const [error] = body?.errors ?? [];
  if (error) throw refusalOf(error, target);
  // What is refused before GraphQL is answered as the other routes answer.
  if (body?.error) throw refused(body.error.code ?? 'INTERNAL', body.error.message, target);
  if (!body?.data) throw new Unreachable(`${url.origin} is no server of Tunix RT.`);
  return body.data as Data;
}

/** An error of the API as it is told to whoever called the command. */
export function refusalOf({ message, extensions }: ApiError, target: Target): Refused {
  const seconds = extensions?.retryAfterSeconds;
  const later = seconds === undefined ? '' : ` Try again in ${seconds} seconds.`;
  return refused(extensions?.code ?? 'INTERNAL', `${message}${later}`, target);
}

/** With the remedy for what only the caller can mend: who asks, and with which key. */
export const refused = (code: string, message: string, { key }: Pick<Target, 'key'>): Refused =>
  new Refused(`${message}${remedyOf(code, key)}`, code);

function remedyOf(code: string, key: string | null): string {
  switch (code) {
    case 'UNAUTHENTICATED':
      return key === null
        ? ' This server wants to know who asks: make a key on its page under Settings, and put it into TUNIX_RT_KEY.'
        : ' The key in TUNIX_RT_KEY is wrong, expired or revoked: make a new one on the page of the server under Settings.';
    case 'FORBIDDEN':
      return ' Put a key with that scope into TUNIX_RT_KEY, or ask somebody who may do it.';
    default:
      return '';
  }
}

/** What a mutation answers when it does not do what is asked: `...Refusal` of `REFUSAL`. */
export type Refusal = {
  message?: string;
  code?: string;
  issues?: { path: string[]; message: string }[];
};

/** To be asked of the result of each mutation, as `...Refusal`, so that `granted` can say why not. */
export const REFUSAL = `fragment Refusal on Error {
  message code
  ... on ValidationError { issues { path message } }
}`;

/**
 * The answer of a mutation that did what was asked.
 * @throws Refused with the fields that are wrong
 */
export function granted<Payload extends object>(answer: Payload | Refusal): Payload {
  const { code, message, issues } = answer as Refusal;
  if (code === undefined) return answer as Payload;
  const lines = (issues ?? []).map((issue) => {
    const field = issue.path.join('.');
    // Most messages begin with it already.
    return issue.message.startsWith(field) ? issue.message : `${field}: ${issue.message}`;
  });
  throw new Refused(lines.join(' ') || message || 'The server gives no reason.', code);
}

/** Why a connection failed, in the words of the system. */
export function causeOf(error: unknown): string {
  const { message, cause } = error as Error;
  if (!(cause instanceof Error)) return message;
  return cause.message || String((cause as NodeJS.ErrnoException).code);
}
