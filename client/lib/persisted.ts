/**
 * What a page asks goes as the hash of its document, which the server knows from the build
 * (`inlineDocuments.ts`). One of another build does not; then the text is sent, from then on.
 */
import { makeOperation, type Operation, stringifyDocument } from 'urql';

type Query = Operation['query'];
type Body = { extensions?: Record<string, unknown> | null };

const hashes = new Map<string, string>();
/** What was sent as a hash, in case its text is asked for. */
const sent = new Map<string, Query | string>();
let isKnown = true;

const MISS = 'PERSISTED_QUERY_NOT_FOUND';

/** Notes the hash of a document; the build puts the call around the text of each. */
export function persisted(text: string, hash: string): string {
  const name = /^\w+ (\w+)/.exec(text)?.[1];
  if (name) hashes.set(name, hash);
  return text;
}

function nameOf(query: Query | string): string | undefined {
  if (typeof query === 'string') return /^\w+ (\w+)/.exec(query)?.[1];
  const [operation] = query.definitions;
  return operation && 'name' in operation ? operation.name?.value : undefined;
}

/** In the place of the text, or nothing for a document without a hash. */
export function hashExtension(query: Query | string): object | undefined {
  const hash = isKnown ? hashes.get(nameOf(query) ?? '') : undefined;
  if (!hash) return undefined;
  sent.set(hash, query);
  return { persistedQuery: { version: 1, sha256Hash: hash } };
}

/** An operation that is sent as its hash, if it has one. */
export function withHash(operation: Operation): Operation {
  const hash = hashExtension(operation.query);
  if (!hash) return operation;
  const extensions = { ...operation.extensions, ...hash };
  return makeOperation(operation.kind, { ...operation, extensions }, operation.context);
}

/** The same request with the text of its document; null when it was no hash that was sent. */
export function withText<T extends Body>(body: T): (T & { query: string }) | null {
  const { persistedQuery, ...extensions } = body.extensions ?? {};
  const { sha256Hash } = (persistedQuery ?? {}) as { sha256Hash?: string };
  const query = sent.get(sha256Hash ?? '');
  if (query === undefined) return null;
  isKnown = false;
  return { ...body, extensions, query: stringifyDocument(query) };
}

/** Whether the errors of an operation say that the server does not know its hash. */
export const isMiss = (errors: unknown): boolean =>
  Array.isArray(errors) && errors.some((error) => error?.extensions?.code === MISS);

/** `fetch` that sends the text where the hash is not known. */
export const fetchPersisted =
  (next: typeof fetch): typeof fetch =>
  async (url, init) => {
    const response = await next(url, init);
    if (response.status !== 404 || typeof init?.body !== 'string') return response;
    const body = withText(JSON.parse(init.body) as Body);
    return body ? next(url, { ...init, body: JSON.stringify(body) }) : response;
  };
