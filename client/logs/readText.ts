import { plainText } from './ansi.ts';
import type { LineRange } from './lineRange.ts';
import { linesOf, type ReadPage } from './logRow.ts';

/** More is a download, not something to paste. */
export const MOST_COPIED = 20_000;
const PAGE = 1_000;

/** The text of these lines, as a terminal would show them, without numbers and times. */
export async function readText(read: ReadPage, range: LineRange): Promise<string> {
  const texts: string[] = [];
  const last = Math.min(range.last, range.first + MOST_COPIED - 1);
  for (let after = range.first - 1; after < last; ) {
    const { batches, gaps } = await read(after, Math.min(PAGE, last - after));
    const lines = batches.flatMap(linesOf);
    texts.push(...lines.map((line) => plainText(line.text)));
    const seqs = [...lines.map((line) => line.seq), ...gaps.map((gap) => Number(gap.seq))];
    if (seqs.length === 0) break;
    after = Math.max(...seqs);
  }
  return texts.map((text) => `${text}\n`).join('');
}
