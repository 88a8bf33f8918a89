/** Lines inside the bytes of a chunk, and how a line is shown. */
import type { LogPart } from './model.ts';

const NEWLINE = 10;

/** Where line `index` (from 0) of these bytes begins; their length when there are fewer. */
function startOf(bytes: Buffer, index: number): number {
  let at = 0;
  for (let skipped = 0; skipped < index; skipped++) {
    const newline = bytes.indexOf(NEWLINE, at);
    if (newline === -1) return bytes.length;
    at = newline + 1;
  }
  return at;
}

/** The lines of a part after line `after` up to line `last`; the part itself when that is all. */
export function trim<T extends LogPart>(part: T, after: number, last = part.lastSeq): T {
  if (part.firstSeq > after && part.lastSeq <= last) return part;
  const firstSeq = Math.max(part.firstSeq, after + 1);
  const from = startOf(part.data, firstSeq - part.firstSeq);
  const rest = part.data.subarray(from);
  const lastSeq = Math.min(part.lastSeq, last);
  const data =
    lastSeq === part.lastSeq ? rest : rest.subarray(0, startOf(rest, lastSeq - firstSeq + 1));
  return { ...part, firstSeq, lastSeq, data };
}

/** Joins neighbours of one stream into batches of at most `max` bytes, for fewer messages. */
export function* join(parts: Iterable<LogPart>, max: number): Generator<LogPart, void> {
  let group: LogPart[] = [];
  let bytes = 0;
  for (const part of parts) {
    const last = group.at(-1);
    const fits =
      last?.kind === 'batch' &&
      part.kind === 'batch' &&
      last.stream === part.stream &&
      last.attempt === part.attempt &&
      last.data.at(-1) === NEWLINE &&
      bytes + part.data.length <= max;
    if (!fits && last) {
      yield asOne(group);
      group = [];
      bytes = 0;
    }
    group.push(part);
    bytes += part.data.length;
  }
  if (group.length > 0) yield asOne(group);
}

/** @param group neighbours, at least one. */
function asOne(group: readonly LogPart[]): LogPart {
  const [first] = group as readonly [LogPart];
  if (group.length === 1) return first;
  const data = Buffer.concat(group.map((part) => part.data));
  return { ...first, lastSeq: group.at(-1)?.lastSeq ?? first.lastSeq, data };
}

const texts = new WeakMap<LogPart, string>();

/**
 * The bytes of a part as text, decoded once for all who ask. What is no UTF-8 is U+FFFD; the bytes
 * themselves are kept.
 */
export function textOf(part: LogPart): string {
  const known = texts.get(part);
  if (known !== undefined) return known;
  const text = part.data.toString('utf8');
  texts.set(part, text);
  return text;
}

/**
 * A line as a terminal shows it: what follows a carriage return takes the place of what stood there
 * before; one right before the newline changes nothing.
 */
export function shown(line: string): string {
  if (!line.includes('\r')) return line;
  const end = line.search(/\r*$/);
  return line.slice(line.lastIndexOf('\r', end - 1) + 1, end);
}
