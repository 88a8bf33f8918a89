/** The tokens of a render preview in stretches that look the same. */
export type Token = { id: number; text: string; loss: boolean; kept: boolean };

/** LEARNT carries loss, READ is context only, CUT is beyond the limit and never seen. */
export type TokenKind = 'LEARNT' | 'READ' | 'CUT';

const kindOf = (token: Token): TokenKind => (token.kept ? (token.loss ? 'LEARNT' : 'READ') : 'CUT');

export function countKinds(tokens: readonly Token[]): Record<TokenKind, number> {
  const counts = { LEARNT: 0, READ: 0, CUT: 0 };
  for (const token of tokens) counts[kindOf(token)] += 1;
  return counts;
}

/** Line breaks are drawn as a sign and kept, everything else as it is. */
export const visible = (text: string): string => text.replace(/\r?\n/g, '↵\n');

/** Consecutive tokens of one kind, with the index of the first. */
export function stretches(
  tokens: readonly Token[],
): readonly { kind: TokenKind; start: number; tokens: readonly Token[] }[] {
  const out: { kind: TokenKind; start: number; tokens: Token[] }[] = [];
  tokens.forEach((token, index) => {
    const kind = kindOf(token);
    const last = out.at(-1);
    if (last?.kind === kind) last.tokens.push(token);
    else out.push({ kind, start: index, tokens: [token] });
  });
  return out;
}
