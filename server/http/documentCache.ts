/**
 * The documents that were parsed and found valid, by their text, so that a page or a script that asks again
 * is answered sooner. What is kept is bounded by its size and not by its number: anybody may send texts,
 * and each character of one may take 300 bytes once it is parsed.
 */

/** Characters of all texts together; those of our own pages have 62,000. At worst they hold 80 MiB. */
const MOST = 256 * 1024;
/** A longer text is parsed each time: nobody sends it often, and it would drive out many others. */
const LONGEST = 16 * 1024;

/** What Yoga asks of a cache. */
export type DocumentCache<T> = {
  get(text: string): T | undefined;
  set(text: string, document: T): void;
};

/** Opens an empty one; what was not used for longest goes first. */
export function openDocumentCache<T>(most = MOST, longest = LONGEST): DocumentCache<T> {
  // From the one that was not used for longest to the one that was used last.
  const kept = new Map<string, T>();
  let size = 0;
  const remove = (text: string) => {
    if (kept.delete(text)) size -= text.length;
  };
  return {
    get(text) {
      const document = kept.get(text);
      if (document === undefined) return undefined;
      kept.delete(text);
      kept.set(text, document);
      return document;
    },
    set(text, document) {
      if (text.length > longest) return;
      remove(text);
      kept.set(text, document);
      size += text.length;
      for (const oldest of kept.keys()) {
        if (size <= most) break;
        remove(oldest);
      }
    },
  };
}

/** Keeps nothing: what is no document is not asked again. */
export const NO_CACHE: DocumentCache<unknown> = { get: () => undefined, set: () => {} };
