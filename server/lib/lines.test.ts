import { describe, expect, test } from 'vitest';
import { lineCutter, type Piece } from './lines.ts';

/** A generator of the same numbers each time (mulberry32), so that a failure can be repeated. */
function numbers(seed: number) {
  let state = seed;
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** All pieces of these bytes, handed over in parts of random length. */
function cut(bytes: Buffer, max: number, random: (below: number) => number): Piece[] {
  const cutter = lineCutter(max);
  const pieces: Piece[] = [];
  for (let at = 0; at < bytes.length; ) {
    const next = at + 1 + random(random(4) === 0 ? 4 * max : 7);
    pieces.push(...cutter.push(bytes.subarray(at, next)));
    at = next;
  }
  return [...pieces, ...cutter.end()];
}

const newlines = (bytes: Buffer) => bytes.filter((byte) => byte === 10).length;

/** What holds for any bytes. */
function check(bytes: Buffer, max: number, pieces: Piece[]) {
  expect(Buffer.concat(pieces.map((piece) => piece.bytes)).equals(bytes)).toBe(true);
  for (const [index, piece] of pieces.entries()) {
    expect(piece.bytes.length).toBeGreaterThan(0);
    expect(piece.bytes.length).toBeLessThanOrEqual(max);
    expect(piece.lines).toBe(Math.max(1, newlines(piece.bytes)));
    // Only one line that is longer than a piece is cut anywhere but at a newline.
    const isWhole = piece.bytes.at(-1) === 10 || index === pieces.length - 1;
    if (!isWhole) expect(newlines(piece.bytes)).toBe(0);
  }
}

const ALPHABET = ['\n', 'a', 'b', ' ', 'é', 'ß', '€', '漢', '😀', '𝒳', 'plain words', '\r\n'];

describe('lineCutter', () => {
  test('loses, changes and doubles nothing of any bytes', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = numbers(seed);
      const alphabet = [10, 10, 97, 0x80, 0xbf, 0xc3, 0xe2, 0xf0, 0xff, 0, random(256)];
      const bytes = Buffer.from(
        Array.from({ length: random(400) }, () => alphabet[random(alphabet.length)] ?? 0),
      );
      const max = 4 + random(40);
      check(bytes, max, cut(bytes, max, random));
    }
  });

  test('splits no character of valid UTF-8', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = numbers(seed);
      const parts = Array.from({ length: random(200) }, () => ALPHABET[random(ALPHABET.length)]);
      const bytes = Buffer.from(parts.join(''));
      const max = 4 + random(30);
      const pieces = cut(bytes, max, random);
      check(bytes, max, pieces);
      const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
      const text = pieces.map((piece) => strict.decode(piece.bytes)).join('');
      expect(text).toBe(parts.join(''));
    }
  });

  test('gives the same bytes in the same lines however they are cut', () => {
    const bytes = Buffer.from('one\nzwei €\n\ndrei 😀\n');
    for (let at = 0; at <= bytes.length; at++) {
      const cutter = lineCutter(64);
      const pieces = [
        ...cutter.push(bytes.subarray(0, at)),
        ...cutter.push(bytes.subarray(at)),
        ...cutter.end(),
      ];
      check(bytes, 64, pieces);
      expect(pieces.reduce((sum, piece) => sum + piece.lines, 0)).toBe(4);
    }
  });

  test('keeps an unfinished line until it is finished', () => {
    const cutter = lineCutter(10);
    expect(cutter.push(Buffer.from('abc'))).toEqual([]);
    expect(cutter.push(Buffer.from('d\ne'))).toEqual([{ bytes: Buffer.from('abcd\n'), lines: 1 }]);
    expect(cutter.end()).toEqual([{ bytes: Buffer.from('e'), lines: 1 }]);
    expect(cutter.end()).toEqual([]);
  });

  test('keeps short lines together up to the limit', () => {
    const pieces = lineCutter(6).push(Buffer.from('a\nb\nc\nd\n'));
    expect(pieces).toEqual([
      { bytes: Buffer.from('a\nb\nc\n'), lines: 3 },
      { bytes: Buffer.from('d\n'), lines: 1 },
    ]);
  });

  test('gives a line of a megabyte in pieces, and holds no more than one', () => {
    const cutter = lineCutter(65_536);
    const pieces = Array.from({ length: 16 }, () => cutter.push(Buffer.alloc(65_536, 'x'))).flat();
    expect(pieces.length).toBe(15);
    expect([...pieces, ...cutter.end()].every(({ bytes }) => bytes.length === 65_536)).toBe(true);
  });

  test('does not mind a source that uses its buffer again', () => {
    const cutter = lineCutter(10);
    const shared = Buffer.from('abc');
    cutter.push(shared);
    shared.fill('z');
    const [piece] = cutter.push(Buffer.from('\n'));
    expect(String(piece?.bytes)).toBe('abc\n');
  });
});
