/**
 * The rows of an import as bytes, outside the heap and without garbage: two blocks take turns, one is
 * stored while the other is filled. Buffers of their own would wait for a collection that V8 puts off
 * until there are 64 MB of them.
 */
import { BATCH_BYTES } from './importBatch.ts';
import { copyLine, type PackedRow, type TraceRow } from './row.ts';

/** A batch as it came, and as much again for its other columns and escapes. */
const BLOCK_BYTES = 2 * BATCH_BYTES;
/** Bytes of a UTF-16 unit at most. */
const UNIT_BYTES = 3;

/** Opens the two blocks of an import, 8 MB in all. */
export function openPacker() {
  let block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  let other = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  let end = 0;

  /** The bytes of a text in the block; its own buffer when there is no more room. */
  const put = (text: string): Buffer => {
    if (text.length * UNIT_BYTES > block.length - end) return Buffer.from(text);
    const start = end;
    end += block.write(text, start);
    return block.subarray(start, end);
  };

  return {
    pack: (row: TraceRow): PackedRow => ({
      id: row.id,
      content_hash: row.content_hash,
      line: put(copyLine(row)),
    }),
    /** Begins a batch, over the bytes of the one before the last: call it when that is stored. */
    next() {
      [block, other] = [other, block];
      end = 0;
    },
  };
}
