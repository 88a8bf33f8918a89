import { expect, it } from 'vitest';
import type { ReadPage } from './logRow.ts';
import { MOST_COPIED, readText } from './readText.ts';

const at = '2026-01-01T00:00:00.000Z';

/** A log of `lines` lines in colour, of which line `lost` is a mark. */
const log =
  (lines: number, lost = 0): ReadPage =>
  async (after, maxLines) => {
    const seqs = Array.from({ length: Math.min(maxLines, lines - after) }, (_, i) => after + 1 + i);
    return {
      batches: seqs
        .filter((seq) => seq !== lost)
        .map((seq) => ({
          firstSeq: String(seq),
          lastSeq: String(seq),
          attempt: 1,
          stream: 'STDOUT' as const,
          at,
          text: `\u001b[31mline ${seq}\u001b[0m\n`,
        })),
      gaps: seqs
        .filter((seq) => seq === lost)
        .map((seq) => ({ seq: String(seq), attempt: 1, at, lostBytes: '1', lostLines: '0' })),
    };
  };

it('is the bare text of a range, read page by page', async () => {
  const text = await readText(log(5_000), { first: 999, last: 3_001 });
  const lines = text.trimEnd().split('\n');
  expect([lines.length, lines[0], lines.at(-1)]).toEqual([2_003, 'line 999', 'line 3001']);
});

it('leaves out marks and ends where the log does', async () => {
  expect(await readText(log(3, 2), { first: 1, last: 100 })).toBe('line 1\nline 3\n');
});

it('stops at what can be pasted', async () => {
  const text = await readText(log(100_000), { first: 1, last: 100_000 });
  expect(text.trimEnd().split('\n')).toHaveLength(MOST_COPIED);
});
