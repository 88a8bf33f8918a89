/**
 * Cuts the bytes of one stream into pieces that end at a newline or, for lines longer than `max`,
 * between two UTF-8 characters. No byte is changed, dropped or doubled.
 */
export type Piece = { bytes: Buffer; lines: number };

const NEWLINE = 10;

/** Where to cut `bytes` at or before `at` so that no UTF-8 character is split. */
function characterBorder(bytes: Buffer, at: number): number {
  let border = at;
  // At most three continuation bytes (10xxxxxx) follow a first byte; more is no UTF-8 anyway.
  while (border > at - 4 && border > 0 && ((bytes[border] ?? 0) & 0xc0) === 0x80) border--;
  return border > at - 4 && border > 0 ? border : at;
}

function countNewlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

/** A cutter for one stream; it holds at most `max` bytes of an unfinished line. */
export function lineCutter(max: number) {
  let rest: Buffer = Buffer.alloc(0);
  return {
    /** The unfinished line, as far as it is known and not given out yet. */
    get rest(): Buffer {
      return rest;
    },
    /** The pieces that these bytes complete; they may be views of them. */
    push(bytes: Uint8Array): Piece[] {
      const pieces: Piece[] = [];
      let all =
        rest.length > 0
          ? Buffer.concat([rest, bytes])
          : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const end = all.lastIndexOf(NEWLINE) + 1;
      let whole = all.subarray(0, end);
      while (whole.length > 0) {
        // Whole lines up to `max`; a single longer line is cut.
        const lastFit = whole.lastIndexOf(NEWLINE, max - 1) + 1;
        const fits = whole.length <= max;
        const cut = fits ? whole.length : lastFit > 0 ? lastFit : characterBorder(whole, max);
        const piece = whole.subarray(0, cut);
        pieces.push({ bytes: piece, lines: Math.max(1, countNewlines(piece)) });
        whole = whole.subarray(cut);
      }
      all = all.subarray(end);
      while (all.length > max) {
        const cut = characterBorder(all, max);
        pieces.push({ bytes: all.subarray(0, cut), lines: 1 });
        all = all.subarray(cut);
      }
      rest = Buffer.from(all);
      return pieces;
    },
    /** What is left of a last line without a newline. */
    end(): Piece[] {
      const bytes = rest;
      rest = Buffer.alloc(0);
      return bytes.length > 0 ? [{ bytes, lines: 1 }] : [];
    },
  };
}
