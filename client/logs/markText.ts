/** Cuts the spans of a line where a searched text begins and ends. */
import type { Span } from './ansi.ts';

export type MarkedSpan = Span & { found?: true };

export type Needle = { text: string; isCaseSensitive: boolean };

/** Matches may reach over several spans: a colour can change in the middle of a word. */
export function markSpans(spans: readonly Span[], needle: Needle | undefined): MarkedSpan[] {
  if (!needle?.text) return [...spans];
  const fold = (text: string) => (needle.isCaseSensitive ? text : text.toLowerCase());
  const whole = fold(spans.map(({ text }) => text).join(''));
  const wanted = fold(needle.text);
  const edges: number[] = [];
  for (let at = whole.indexOf(wanted); at >= 0; at = whole.indexOf(wanted, at + wanted.length)) {
    edges.push(at, at + wanted.length);
  }
  const marked: MarkedSpan[] = [];
  let from = 0;
  let edge = 0;
  for (const span of spans) {
    const end = from + span.text.length;
    for (let start = from; start < end; ) {
      while ((edges[edge] ?? Number.POSITIVE_INFINITY) <= start) edge += 1;
      const stop = Math.min(end, edges[edge] ?? end);
      const text = span.text.slice(start - from, stop - from);
      // After an odd number of edges the text is inside a match.
      marked.push(edge % 2 === 1 ? { ...span, text, found: true } : { ...span, text });
      start = stop;
    }
    from = end;
  }
  return marked;
}
