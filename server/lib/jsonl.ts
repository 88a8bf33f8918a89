/**
 * Cuts a byte stream into lines without ever holding more than one line of at most `maxBytes`. A
 * longer line is reported by its length and skipped, so memory stays flat for any input.
 */
export type Line = { line: number; byteOffset: number; end: number } & (
  | { bytes: Buffer }
  | { tooLong: number }
);

/** Yields the lines of a stream, without their newline, which `end` counts; numbers count from 1. */
export async function* splitLines(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Line, void> {
  let line = 1;
  let byteOffset = 0;
  let length = 0;
  let parts: Buffer[] = [];
  const take = (part: Buffer) => {
    length += part.length;
    // Beyond the limit only the length is kept.
    if (length <= maxBytes) parts.push(part);
    else parts = [];
  };
  const finish = (newline: number): Line => {
    const end = byteOffset + length + newline;
    const content = length > maxBytes ? { tooLong: length } : { bytes: Buffer.concat(parts) };
    const result: Line = { line, byteOffset, end, ...content };
    line += 1;
    byteOffset = end;
    length = 0;
    parts = [];
    return result;
  };
  for await (const chunk of source) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
      take(bytes.subarray(start, end));
      yield finish(1);
      start = end + 1;
    }
    const rest = bytes.subarray(start);
    // Copied if it is kept, because the source may use its buffer again.
    if (rest.length > 0) take(length + rest.length > maxBytes ? rest : Buffer.from(rest));
  }
  if (length > 0) yield finish(0);
}
