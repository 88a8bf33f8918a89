/**
 * What a writer has taken and not stored yet, oldest first: in memory, behind that in the spool, and
 * at the very end, when neither has room, a count of what is lost.
 */
import type { Piece, Spool } from './spool.ts';

/** The sentence that stands where bytes are missing. */
const gapText = (bytes: number) =>
  `… ${bytes.toLocaleString('en').replaceAll(',', '\u202f')} bytes were lost here: the database was away ` +
  'and the spool was full …\n';

/** Opens a backlog with room for `most` bytes in memory. */
export function openBacklog(most: number, spool: Spool) {
  let pieces: Piece[] = [];
  let bytes = 0;
  let lost: { bytes: number; lines: number } | null = null;

  const keep = (piece: Piece) => {
    pieces.push(piece);
    bytes += piece.bytes.length;
  };
  /** Brings the next pieces to memory when all that stood before them are gone. */
  const refill = () => {
    if (pieces.length > 0) return;
    for (const piece of spool.take(most)) keep(piece);
    if (pieces.length > 0 || !lost) return;
    keep({ stream: 'SYSTEM', bytes: Buffer.from(gapText(lost.bytes)), lines: 1, lost });
    lost = null;
  };

  return {
    /** Bytes in memory. */
    get bytes() {
      return bytes;
    },
    /** Bytes in the spool. */
    get spooled() {
      return spool.bytes;
    },
    get isEmpty() {
      return pieces.length === 0 && spool.isEmpty && !lost;
    },
    /** Whether a writer that can wait should: the next piece would not stay in memory. */
    get isFull() {
      return bytes >= most || !spool.isEmpty || lost !== null;
    },
    /** Takes a piece. `mayWait`: the database is there, so memory may grow a little beyond its limit. */
    add(piece: Piece, mayWait: boolean) {
      const isNext = spool.isEmpty && !lost;
      if (isNext && (mayWait || bytes < most)) keep(piece);
      // Once something is lost, all that follows is, until the spool has been stored: one mark is enough.
      else if (lost || !spool.append(piece)) {
        lost ??= { bytes: 0, lines: 0 };
        lost.bytes += piece.bytes.length;
        lost.lines += piece.lines;
      }
    },
    /** The oldest pieces, up to `max` bytes and at least one; they are gone then. */
    take(max: number): Piece[] {
      refill();
      let taken = 0;
      const more = pieces.findIndex((piece) => {
        taken += piece.bytes.length;
        return taken > max;
      });
      const batch = pieces.splice(0, more === -1 ? pieces.length : Math.max(1, more));
      for (const piece of batch) bytes -= piece.bytes.length;
      return batch;
    },
    /** Forgets everything. */
    close() {
      pieces = [];
      bytes = 0;
      lost = null;
      spool.close();
    },
  };
}
