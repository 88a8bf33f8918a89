/** What the splitters of streams share: records with their place, in bounded memory. */

/** One record of a stream: its number from 1, where it begins, and where the next may begin. */
export type RawRecord = { line: number; byteOffset: number; end: number } & (
  | { bytes: Buffer }
  /** It has more bytes than allowed; only the count is kept. */
  | { tooLong: number }
  /** The stream itself is not what it should be. */
  | { fault: { code: string; message: string } }
);

/** Where a splitter begins when the stream is the rest of a longer one. */
export type StartAt = { line: number; byteOffset: number };

export type Splitter<R extends RawRecord = RawRecord> = {
  /** The records that end in this chunk. They may share memory with it: use them before the next. */
  push(chunk: Uint8Array): R[];
  /** What is left when the stream has ended. */
  end(): R[];
};

/** Collects the bytes of one record over chunks; beyond `maxBytes` only their number. */
export function keeper(maxBytes: number) {
  let length = 0;
  let parts: Buffer[] = [];
  const add = (part: Buffer) => {
    length += part.length;
    if (length > maxBytes) parts = [];
    else if (part.length > 0) parts.push(part);
  };
  return {
    get length() {
      return length;
    },
    /** Bytes that are used before the next chunk comes. */
    add,
    /** Bytes that are needed longer: copied, because the source may use its buffer again. */
    hold(part: Buffer) {
      add(length + part.length > maxBytes ? part : Buffer.from(part));
    },
    /** What was collected, and a fresh start. */
    take(): { bytes: Buffer } | { tooLong: number } {
      const [only] = parts;
      const bytes = parts.length === 1 && only ? only : Buffer.concat(parts);
      const taken = length > maxBytes ? { tooLong: length } : { bytes };
      length = 0;
      parts = [];
      return taken;
    },
  };
}
