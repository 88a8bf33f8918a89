/**
 * A subscription whose events go to a store and not through the cache: log lines are far too many
 * to be normalised, and nobody else reads them.
 */
import { stringifyDocument, type TypedDocumentNode } from 'urql';
import { advance, resumable } from './resume.ts';
import { subscribe } from './socket.ts';
import { noteUsed } from './used.ts';

export function follow<Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  sink: { next: (data: Data) => void; error: (error: unknown) => void; complete: () => void },
): () => void {
  noteUsed(document, variables);
  const payload = resumable({ query: stringifyDocument(document), variables });
  return subscribe<Data>(payload, {
    next: (result) => {
      if (result.errors?.length) sink.error(result.errors[0]);
      if (!result.data) return;
      // Stored first, counted second: a throwing store must not lose the batch for ever.
      sink.next(result.data);
      advance(payload, result.data);
    },
    error: sink.error,
    complete: sink.complete,
  });
}
