/** Lines as a URL names them: `#L1042` or `#L1042-1060`. */
export type LineRange = { first: number; last: number };

export function parseRange(hash: string): LineRange | undefined {
  const [, from, to] = /^#?L(\d{1,15})(?:-L?(\d{1,15}))?$/.exec(hash) ?? [];
  if (from === undefined) return undefined;
  const [a, b] = [Number(from), Number(to ?? from)];
  const first = Math.min(a, b);
  return first < 1 ? undefined : { first, last: Math.max(a, b) };
}

/** Without the `#`. */
export const formatRange = ({ first, last }: LineRange): string =>
  first === last ? `L${first}` : `L${first}-${last}`;

/** What a click on a line number marks: the line, or with shift all lines from the marked ones. */
export function markedBy(seq: number, extend: boolean, before: LineRange | undefined): LineRange {
  if (!extend || !before) return { first: seq, last: seq };
  // What was clicked first stays; the other end moves.
  return seq < before.first
    ? { first: seq, last: before.last }
    : { first: before.first, last: seq };
}

export const holds = (range: LineRange | undefined, seq: number): boolean =>
  range !== undefined && seq >= range.first && seq <= range.last;
