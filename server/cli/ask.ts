/** Asks the API of a server. */

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

type Answer = {
  data?: unknown;
  errors?: { message: string; extensions?: { code?: string } }[];
} | null;

/**
 * The data of one operation.
 * @throws Unreachable, Refused
 */
export async function ask<Data>(
  url: URL,
  query: string,
  variables: Record<string, unknown>,
): Promise<Data> {
  const answer = await fetch(new URL('/graphql', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw new Unreachable(`${url.origin} cannot be reached: ${causeOf(error)}.`, { cause: error });
  });
  const body = (await answer.json().catch(() => null)) as Answer;
  const [error] = body?.errors ?? [];
  if (error) throw new Refused(error.message, error.extensions?.code ?? 'INTERNAL');
  if (!body?.data) throw new Unreachable(`${url.origin} is no server of Tunix RT.`);
  return body.data as Data;
}

function causeOf(error: unknown): string {
  const { message, cause } = error as Error;
  if (!(cause instanceof Error)) return message;
  return cause.message || String((cause as NodeJS.ErrnoException).code);
}
