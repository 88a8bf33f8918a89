/**
 * A query whose answer goes to a store and not through the cache: pages of a log are far too many to
 * be normalised, and nobody else reads them.
 */
import { stringifyDocument, type TypedDocumentNode } from 'urql';
import { serverPaths } from '../paths.ts';
import { CLIENT_HEADERS } from './identity.ts';
import { fetchPersisted, hashExtension } from './persisted.ts';
import { fetchSignedIn } from './session.ts';
import { noteUsed } from './used.ts';

type Answer<Data> = { data?: Data | null; errors?: { message: string }[] };

/** @throws Error that says what the server said, or that it does not answer. */
export async function ask<Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  noteUsed(document, variables);
  const extensions = hashExtension(document);
  const said = extensions ? { extensions } : { query: stringifyDocument(document) };
  const response = await fetchPersisted(fetchSignedIn)(serverPaths.graphql(), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...CLIENT_HEADERS },
    body: JSON.stringify({ ...said, variables }),
  }).catch(() => {
    throw new Error('The server does not answer.');
  });
  const { data, errors } = (await response.json()) as Answer<Data>;
  if (!data || errors?.length)
    throw new Error(errors?.[0]?.message ?? 'The server gave no answer.');
  return data;
}
