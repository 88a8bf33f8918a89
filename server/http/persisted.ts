/**
 * The documents of our own pages, by the SHA-256 of their text. A page sends the hash alone, in the
 * form of Apollo's persisted queries, and may be all that is answered: `PERSISTED_ONLY`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { z } from 'zod';
import type { Actor } from '../access/actor.ts';
import { LIMITS } from '../limits/numbers.ts';
import type { Caller } from './caller.ts';

/** What is asked for: a document, a hash, or both. */
type Asked = { query?: unknown; extensions?: unknown };

export type Persisted = {
  /**
   * The document that is meant; null leaves it to others to complain that there is none.
   * @throws GraphQLError PERSISTED_QUERY_NOT_FOUND, PERSISTED_ONLY, TOO_LARGE
   */
  documentOf(asked: Asked, actor: Pick<Actor, 'kind'>): string | null;
};

const Manifest = z.record(z.string().regex(/^[0-9a-f]{64}$/), z.string());
const Named = z.object({
  persistedQuery: z.object({ version: z.literal(1), sha256Hash: z.string() }),
});

/** Reads what the build of the UI wrote; without one there are no documents. */
export function readDocuments(client: string): ReadonlyMap<string, string> {
  try {
    const text = readFileSync(join(client, 'operations.json'), 'utf8');
    return new Map(Object.entries(Manifest.parse(JSON.parse(text))));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw error;
  }
}

/** A text that is small enough to be parsed: a comment of any length is no token, but memory. */
function small(text: string): string {
  const bytes = Buffer.byteLength(text);
  if (bytes <= LIMITS.documentBytes) return text;
  const message =
    `The document has ${bytes} bytes; at most ${LIMITS.documentBytes} are read. ` +
    'Put values into variables, or ask in several requests.';
  throw new GraphQLError(message, { extensions: { code: 'TOO_LARGE', http: { status: 413 } } });
}

export function openPersisted(documents: ReadonlyMap<string, string>, only: boolean): Persisted {
  return {
    documentOf({ query, extensions }, { kind }) {
      // On a socket there must be a text, if only an empty one.
      if (typeof query === 'string' && query !== '') {
        // Who made a key writes programs, and a key can be taken back.
        if (!only || kind === 'KEY') return small(query);
        const message =
          'This server answers the documents of its own pages alone. Send the hash of one, or use ' +
          'a key; the administrator can set PERSISTED_ONLY=false.';
        throw new GraphQLError(message, {
          extensions: { code: 'PERSISTED_ONLY', http: { status: 403 } },
        });
      }
      const named = Named.safeParse(extensions);
      if (!named.success) return null;
      const document = documents.get(named.data.persistedQuery.sha256Hash);
      if (document !== undefined) return document;
      const message = 'No document has this hash here. Send its text, or reload the page.';
      const code = 'PERSISTED_QUERY_NOT_FOUND';
      throw new GraphQLError(message, { extensions: { code, http: { status: 404 } } });
    },
  };
}

/** Puts the document in the place of its hash, over HTTP. */
export const usePersisted = (persisted: Persisted): Plugin<Caller, Caller> => ({
  onParams({ params, setParams, context }) {
    const query = persisted.documentOf(params, context.actor);
    if (query !== null && query !== params.query) setParams({ ...params, query });
  },
});
