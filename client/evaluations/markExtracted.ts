/** A text in three parts around the answer that was found in it. */
export type Marked = { before: string; answer: string; after: string };

/**
 * The last place where the answer stands, because judges read the last one too. An answer that was
 * tidied up before it was stored (spaces, case) is found as well; nothing is marked otherwise.
 */
export function markExtracted(text: string, extracted: string | null): Marked {
  const none = { before: text, answer: '', after: '' };
  const wanted = extracted?.trim();
  if (!wanted) return none;
  const words = wanted.split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const edge = (char: string | undefined, look: string) =>
    char !== undefined && /[\p{L}\p{N}]/u.test(char) ? look : '';
  const pattern = `${edge(wanted[0], '(?<![\\p{L}\\p{N}])')}${words.join('\\s+')}${edge(wanted.at(-1), '(?![\\p{L}\\p{N}])')}`;
  const last = [...text.matchAll(new RegExp(pattern, 'giu'))].at(-1);
  if (!last) return none;
  const end = last.index + last[0].length;
  return { before: text.slice(0, last.index), answer: last[0], after: text.slice(end) };
}
