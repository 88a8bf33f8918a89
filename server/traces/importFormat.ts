/** Finds out what a file is by its first bytes, and cuts it into records. */
import { arraySplitter } from '../lib/jsonArray.ts';
import { lineSplitter } from '../lib/jsonl.ts';
import type { RawRecord, Splitter } from '../lib/records.ts';

export const FORMATS = ['AUTO', 'NDJSON', 'JSON'] as const;
export type ImportFormat = (typeof FORMATS)[number];
export type KnownFormat = Exclude<ImportFormat, 'AUTO'>;

/** Where a file is read on: the number of the next record, blank lines counted, and its format. */
export type Position = { line: number; byteOffset: number; format: KnownFormat };

/** So many blank bytes at the beginning are looked through for the first that says something. */
const SNIFFED = 64 * 1024;

const ENCODINGS: { is: (bytes: Buffer) => boolean; message: string }[] = [
  {
    is: (bytes) => bytes[0] === 0x1f && bytes[1] === 0x8b,
    message: 'The body is gzip, but does not say so. Send the header Content-Encoding: gzip.',
  },
  {
    is: (bytes) =>
      (bytes[0] === 0xff && bytes[1] === 0xfe) ||
      (bytes[0] === 0xfe && bytes[1] === 0xff) ||
      // Text in UTF-16 or UTF-32 that has no mark: every ASCII character comes with a zero.
      (bytes.length > 1 && (bytes[0] === 0) !== (bytes[1] === 0)),
    message: 'The file is encoded in UTF-16. Convert it: iconv -f utf-16 -t utf-8.',
  },
];

const firstByte = (bytes: Buffer) => bytes.findIndex((byte) => byte > 32);

/**
 * A splitter for a file of any format. `format` is null until it is known; `from` continues a file.
 * A file in another encoding is one record with a fault, and nothing else of it is read.
 */
export function recordSplitter(format: ImportFormat, maxBytes: number, from: Position | null) {
  const open = (
    known: KnownFormat,
    at: Pick<Position, 'line' | 'byteOffset'>,
    isInside: boolean,
  ) => (known === 'JSON' ? arraySplitter(maxBytes, at, isInside) : lineSplitter(maxBytes, at));
  let known: KnownFormat | null = from?.format ?? null;
  let splitter: Splitter | null = from && open(from.format, from, true);
  let held: Buffer = Buffer.alloc(0);
  let isOver = false;

  const begin = (): RawRecord[] => {
    const message = ENCODINGS.find(({ is }) => is(held))?.message;
    if (message) {
      isOver = true;
      return [{ line: 1, byteOffset: 0, end: 0, fault: { code: 'BAD_ENCODING', message } }];
    }
    const mark = held[0] === 0xef && held[1] === 0xbb && held[2] === 0xbf ? 3 : 0;
    const rest = held.subarray(mark);
    const isArray = rest[firstByte(rest)] === 91; // [
    known = format === 'AUTO' ? (isArray ? 'JSON' : 'NDJSON') : format;
    splitter = open(known, { line: 1, byteOffset: mark }, false);
    held = Buffer.alloc(0);
    return splitter.push(rest);
  };

  return {
    get format() {
      return known;
    },
    push(chunk: Uint8Array): RawRecord[] {
      if (isOver) return [];
      if (splitter) return splitter.push(chunk);
      held = Buffer.concat([held, chunk]);
      const isEnough =
        held.length >= 4 && (firstByte(held.subarray(3)) !== -1 || held.length > SNIFFED);
      return isEnough ? begin() : [];
    },
    end(): RawRecord[] {
      const records = isOver || splitter ? [] : begin();
      return [...records, ...(splitter?.end() ?? [])];
    },
  };
}
