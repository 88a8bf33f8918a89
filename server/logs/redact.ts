/**
 * Takes secrets out of a stream of bytes, wherever its parts begin and end. What may be the start of
 * a secret is held back until it is known; no secret has a newline, so a whole line is never held.
 */
import { formsOf, TOKENS } from './secrets.ts';

const REPLACEMENT = Buffer.from('[redacted]');
/** At the end of a stream, this much of the start of a secret counts as the secret. */
const PART = 4;
/** How much of the start of everything that is looked for decides where to look closer. */
const START = 3;
/** A token that goes on for longer is taken out before its end is seen. */
const MOST_HELD = 64 * 1024;

type Token = { prefix: Buffer; isPart: Uint8Array; least: number };
/** Bytes from `start` up to `end`; `isOpen` when more of the same may follow the end of the buffer. */
type Found = { start: number; end: number; isOpen: Uint8Array | null };

const table = (characters: RegExp) =>
  Uint8Array.from({ length: 256 }, (_, byte) => Number(characters.test(String.fromCharCode(byte))));
const isWord = table(/\w/);

export type Redactor = {
  /** The bytes that can go on. */
  push(bytes: Buffer): Buffer;
  /** What was held back, at the end of the stream. */
  end(): Buffer;
};

/** Prepares to look for secrets, in all their forms, and for tokens of known shape. */
export function prepareRedaction(secrets: readonly string[]) {
  const needles = secrets.flatMap(formsOf).map((form) => Buffer.from(form));
  const tokens = TOKENS.map(
    ({ prefix, characters, least }): Token => ({
      ...{ prefix: Buffer.from(prefix), isPart: table(characters), least },
    }),
  );
  const wanted = [...needles, ...tokens.map(({ prefix }) => prefix)];
  const longest = Math.max(...wanted.map(({ length }) => length), ...tokens.map(lengthOf));
  const needlesAt = Map.groupBy(needles, (needle) => needle.readUIntBE(0, START));
  const tokensAt = Map.groupBy(tokens, ({ prefix }) => prefix.readUIntBE(0, START));
  // How far to go on from a pair of bytes: both of the three first bytes' pairs are known, so that
  // every other pair lets two bytes pass (Wu and Manber, with blocks of two).
  const shifts = new Uint8Array(65_536).fill(2);
  for (const each of wanted) shifts[each.readUInt16BE(0)] = 1;
  for (const each of wanted) shifts[each.readUInt16BE(1)] = 0;

  /** What begins at `start`; null when nothing does. */
  const matchAt = (bytes: Buffer, start: number, before: number): Found | null => {
    const key = bytes.readUIntBE(start, START);
    let end = 0;
    let isOpen: Uint8Array | null = null;
    for (const needle of needlesAt.get(key) ?? []) {
      const stop = start + needle.length;
      if (stop > end && bytes.subarray(start, stop).equals(needle)) end = stop;
    }
    for (const { prefix, isPart, least } of tokensAt.get(key) ?? []) {
      const from = start + prefix.length;
      if (isWord[before] || !bytes.subarray(start, from).equals(prefix)) continue;
      const stop = runEnd(bytes, from, isPart);
      if (stop - from < least || stop <= end) continue;
      end = stop;
      if (stop === bytes.length) isOpen = isPart;
    }
    return end > 0 ? { start, end, isOpen } : null;
  };

  /** Everything to take out, in order, without overlaps. `before` is the byte before the first. */
  const findAll = (bytes: Buffer, before: number): Found[] => {
    const found: Found[] = [];
    const last = bytes.length - 1;
    for (let at = 1; at < last; ) {
      const shift = shifts[((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)] ?? 0;
      if (shift > 0) {
        at += shift;
        continue;
      }
      const start = at - 1;
      at += 1;
      const match = matchAt(bytes, start, start > 0 ? (bytes[start - 1] ?? 0) : before);
      if (!match) continue;
      const known = found.at(-1);
      if (!known || match.start >= known.end) found.push(match);
      else if (match.end > known.end) Object.assign(known, { ...match, start: known.start });
    }
    return found;
  };

  /** Whether the bytes from `start` to the end may become something that is looked for. */
  const mayBegin = (bytes: Buffer, start: number, before: number): boolean => {
    const rest = bytes.subarray(start);
    if (needles.some((needle) => isStart(rest, needle))) return true;
    return tokens.some(({ prefix, isPart, least }) => {
      if (isWord[before]) return false;
      if (rest.length <= prefix.length) return isStart(rest, prefix) || rest.equals(prefix);
      if (!rest.subarray(0, prefix.length).equals(prefix)) return false;
      return (
        runEnd(rest, prefix.length, isPart) === rest.length && rest.length < prefix.length + least
      );
    });
  };

  /** Where the part begins that must wait for more; the length when none must. */
  const holdFrom = (bytes: Buffer, before: number): number => {
    const line = bytes.lastIndexOf(10) + 1;
    for (let at = Math.max(line, bytes.length - longest); at < bytes.length; at++) {
      if (mayBegin(bytes, at, at > 0 ? (bytes[at - 1] ?? 0) : before)) return at;
    }
    return bytes.length;
  };

  const open = (): Redactor => {
    let held: Buffer = Buffer.alloc(0);
    /** The byte before `held`. */
    let before = 10;
    /** The rest of a token that was replaced already goes too. */
    let swallow: Uint8Array | null = null;

    const replace = (bytes: Buffer, found: readonly Found[], until: number): Buffer => {
      if (found.length === 0) return bytes.subarray(0, until);
      const parts: Buffer[] = [];
      let at = 0;
      for (const { start, end } of found) {
        parts.push(bytes.subarray(at, start), REPLACEMENT);
        at = end;
      }
      if (at < until) parts.push(bytes.subarray(at, until));
      return Buffer.concat(parts);
    };

    return {
      push(more) {
        let bytes = held.length > 0 ? Buffer.concat([held, more]) : more;
        if (swallow) {
          const end = runEnd(bytes, 0, swallow);
          if (end > 0) before = bytes[end - 1] ?? before;
          bytes = bytes.subarray(end);
          if (bytes.length === 0) return bytes;
          swallow = null;
        }
        const found = findAll(bytes, before);
        let until = holdFrom(bytes, before);
        const last = found.at(-1);
        if (last?.isOpen && (until === bytes.length || bytes.length > MOST_HELD)) {
          swallow = last.isOpen;
          until = bytes.length;
        }
        // Another may begin inside of what was found: both wait.
        while ((found.at(-1)?.end ?? 0) > until) until = found.pop()?.start ?? until;
        held = Buffer.from(bytes.subarray(until));
        const passed = replace(bytes, found, until);
        if (until > 0) before = bytes[until - 1] ?? before;
        return passed;
      },
      end() {
        const bytes = held;
        held = Buffer.alloc(0);
        const isPart = bytes.length >= PART && needles.some((needle) => isStart(bytes, needle));
        return isPart ? REPLACEMENT : replace(bytes, findAll(bytes, before), bytes.length);
      },
    };
  };

  return {
    /** A redactor for one stream. */
    open,
    /** A whole text without its secrets. */
    text(text: string): string {
      const redactor = open();
      const bytes = redactor.push(Buffer.from(text));
      return Buffer.concat([bytes, redactor.end()]).toString('utf8');
    },
  };
}

const lengthOf = ({ prefix, least }: Token) => prefix.length + least;

/** Where the run of such bytes that begins at `from` ends. */
function runEnd(bytes: Buffer, from: number, isPart: Uint8Array): number {
  let end = from;
  while (end < bytes.length && isPart[bytes[end] ?? 0]) end++;
  return end;
}

/** Whether `bytes` are the first bytes of `needle`, and not all of it. */
const isStart = (bytes: Buffer, needle: Buffer): boolean =>
  bytes.length < needle.length &&
  bytes[0] === needle[0] &&
  needle.subarray(0, bytes.length).equals(bytes);
