/**
 * Cuts the bytes of one JSON array into its elements, without parsing them and without holding more
 * than one of at most `maxBytes`. An element that is no JSON is for its reader to refuse; the next
 * one is found again as long as quotes and brackets of the broken one are in balance.
 */
import { keeper, type RawRecord, type Splitter, type StartAt } from './records.ts';

const QUOTE = 34;
const COMMA = 44;
const OPEN = 91;
const BACKSLASH = 92;
const CLOSE = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

const isSpace = (byte: number | undefined) =>
  byte === 32 || byte === 10 || byte === 13 || byte === 9;

const FAULTS = {
  NOT_AN_ARRAY: 'The file is no JSON array: it does not begin with `[`.',
  UNCLOSED_ARRAY: 'The file ends before the array does: there is no closing `]`.',
  TRAILING_DATA: 'Something follows the closing `]` of the array; it was not read.',
} as const;

/**
 * Cuts an array into elements. `line` is the number of an element and `end` the place of the comma or
 * bracket after it. With `isInside`, the stream begins at such a place.
 */
export function arraySplitter(maxBytes: number, from?: StartAt, isInside = false): Splitter {
  let line = from?.line ?? 1;
  let base = from?.byteOffset ?? 0;
  let state: 'START' | 'ELEMENT' | 'BETWEEN' | 'DONE' | 'FAILED' = isInside ? 'BETWEEN' : 'START';
  let byteOffset = base;
  let isFirst = !isInside;
  // Of the element that is being read: open brackets, and whether a text is open.
  let depth = 0;
  let inText = false;
  let isEscaped = false;
  const kept = keeper(maxBytes);

  const fault = (code: keyof typeof FAULTS, at: number): RawRecord => {
    state = 'FAILED';
    return { line, byteOffset: at, end: at, fault: { code, message: FAULTS[code] } };
  };

  /** Where the open text ends in `bytes`: the place after its quote, or the end of the bytes. */
  const passText = (bytes: Buffer, start: number): number => {
    let at = start;
    if (isEscaped && at < bytes.length) {
      isEscaped = false;
      at += 1;
    }
    let backslash = bytes.indexOf(BACKSLASH, at);
    for (;;) {
      const quote = bytes.indexOf(QUOTE, at);
      const stop = quote === -1 ? bytes.length : quote;
      while (backslash !== -1 && backslash < at) backslash = bytes.indexOf(BACKSLASH, at);
      if (backslash === -1 || backslash > stop) {
        inText = quote === -1;
        return quote === -1 ? bytes.length : quote + 1;
      }
      at = backslash + 2;
      if (at > bytes.length) {
        isEscaped = true;
        return bytes.length;
      }
    }
  };

  /** Where the open element ends in `bytes`, or -1. */
  const passElement = (bytes: Buffer, start: number): number => {
    let at = start;
    while (at < bytes.length) {
      if (inText) {
        at = passText(bytes, at);
        continue;
      }
      const byte = bytes[at];
      if (byte === QUOTE) inText = true;
      else if (byte === OPEN || byte === OPEN_OBJECT) depth += 1;
      else if (depth === 0 && (byte === COMMA || byte === CLOSE)) return at;
      else if ((byte === CLOSE || byte === CLOSE_OBJECT) && depth > 0) depth -= 1;
      at += 1;
    }
    return -1;
  };

  const finish = (end: number): RawRecord => {
    const record: RawRecord = { line, byteOffset, end, ...kept.take() };
    line += 1;
    return record;
  };

  return {
    push(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const records: RawRecord[] = [];
      let at = 0;
      while (at < bytes.length && state !== 'FAILED') {
        if (state !== 'ELEMENT' || kept.length === 0) {
          while (at < bytes.length && isSpace(bytes[at])) at += 1;
          if (at === bytes.length) break;
        }
        const byte = bytes[at];
        if (state === 'START') {
          if (byte !== OPEN) records.push(fault('NOT_AN_ARRAY', base + at));
          else state = 'ELEMENT';
          at += 1;
        } else if (state === 'BETWEEN') {
          // An element ends at a comma or the bracket, so it is one of them.
          state = byte === CLOSE ? 'DONE' : 'ELEMENT';
          at += 1;
        } else if (state === 'DONE') {
          records.push(fault('TRAILING_DATA', base + at));
        } else {
          if (kept.length === 0) byteOffset = base + at;
          const end = passElement(bytes, at);
          if (end === -1) {
            kept.hold(bytes.subarray(at));
            break;
          }
          kept.add(bytes.subarray(at, end));
          const isEmptyArray = isFirst && kept.length === 0 && bytes[end] === CLOSE;
          if (!isEmptyArray) records.push(finish(base + end));
          isFirst = false;
          state = 'BETWEEN';
          at = end;
        }
      }
      base += bytes.length;
      return records;
    },
    end: () => (state === 'DONE' || state === 'FAILED' ? [] : [fault('UNCLOSED_ARRAY', base)]),
  };
}
