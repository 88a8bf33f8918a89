import { describe, expect, test } from 'vitest';
import { parseTrace } from './create.ts';
import { openPacker } from './packing.ts';
import { copyLine, type TraceRow, toRow } from './row.ts';

function rowOf(prompt: string): TraceRow {
  const step = { i: 0, type: 'thought', content: 'think' };
  const given = { trace_version: '1.0', prompt, final_answer: 'answer', steps: [step] };
  const { trace } = parseTrace(given, 1_000_000);
  if (!trace) throw new Error('no valid trace');
  return toRow({ ...trace, source: null, tags: [] });
}

describe('openPacker', () => {
  test('packs each row as its line of COPY, in any alphabet', () => {
    const packer = openPacker();
    const rows = ['plain', 'tab\tand\nline', 'größer', '数学', '🙂'].map(rowOf);
    const packed = rows.map((row) => packer.pack(row));
    expect(packed.map(({ line }) => line.toString())).toEqual(rows.map(copyLine));
    expect(packed.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
  });

  test('keeps a batch whole while the next one is packed', () => {
    const packer = openPacker();
    const rows = ['first', 'second'].map(rowOf);
    const batch = rows.map((row) => packer.pack(row));
    packer.next();
    for (let index = 0; index < 100; index++) packer.pack(rowOf(`other ${index}`));
    expect(batch.map(({ line }) => line.toString())).toEqual(rows.map(copyLine));
  });

  test('packs more than a block holds', () => {
    const packer = openPacker();
    const rows = Array.from({ length: 60 }, (_, index) =>
      rowOf(`${index} ${'word '.repeat(9_000)}`),
    );
    const packed = rows.map((row) => packer.pack(row));
    expect(
      packed.every(({ line }, index) =>
        line.equals(Buffer.from(copyLine(rows[index] as TraceRow))),
      ),
    ).toBe(true);
  });

  test('uses the memory of a batch again for the one after the next', () => {
    const packer = openPacker();
    const memoryOf = () => packer.pack(rowOf('same')).line.buffer;
    const first = memoryOf();
    packer.next();
    expect(memoryOf()).not.toBe(first);
    packer.next();
    expect(memoryOf()).toBe(first);
  });
});
