/**
 * Cuts a byte stream into lines without ever holding more than one line of at most `maxBytes`. A
 * longer line is reported by its length and skipped, so memory stays flat for any input.
 */
import { keeper, type RawRecord, type Splitter, type StartAt } from './records.ts';

export type Line = Exclude<RawRecord, { fault: unknown }>;

/** Cuts into lines without their newline, which `end` counts; numbers count from 1. */
export function lineSplitter(maxBytes: number, from?: StartAt): Splitter<Line> {
  let line = from?.line ?? 1;
  let byteOffset = from?.byteOffset ?? 0;
  const kept = keeper(maxBytes);
  const finish = (newline: number): Line => {
    const end = byteOffset + kept.length + newline;
    const result: Line = { line, byteOffset, end, ...kept.take() };
    line += 1;
    byteOffset = end;
    return result;
  };
  return {
    push(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const lines: Line[] = [];
      let start = 0;
      for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
        kept.add(bytes.subarray(start, end));
        lines.push(finish(1));
        start = end + 1;
      }
      kept.hold(bytes.subarray(start));
      return lines;
    },
    end: () => (kept.length > 0 ? [finish(0)] : []),
  };
}

/** Yields the lines of a stream. */
export async function* splitLines(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Line, void> {
  const splitter = lineSplitter(maxBytes);
  for await (const chunk of source) yield* splitter.push(chunk);
  yield* splitter.end();
}
