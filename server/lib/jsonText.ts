/**
 * Looks at JSON as it is written, for what a parsed value does not show any more: keys that stand
 * twice, digits that were lost, words that are no JSON. It walks without recursion.
 */

export type JsonFacts = {
  /** Levels of objects and arrays. */
  depth: number;
  /** Paths of keys that stand twice in their object. */
  duplicateKeys: string[][];
  /** Numbers by their path, as written, that a double cannot hold exactly as a whole number. */
  inexact: { path: string[]; written: string }[];
  /** The first NaN, Infinity or -Infinity that is no part of a text. */
  notNumber: string | null;
};

/** An upper bound of the keys in a JSON text, found without parsing: never less than there are. */
export function countKeysAtMost(json: string): number {
  let count = 0;
  for (let quote = json.indexOf('"'); quote !== -1; quote = json.indexOf('"', quote + 1)) {
    let next = quote + 1;
    let code = json.charCodeAt(next);
    while (code === 32 || code === 10 || code === 13 || code === 9) code = json.charCodeAt(++next);
    if (code === 58) count += 1;
  }
  return count;
}

/** How many keys a parsed value has in all its objects; stops to look below `levels`. */
export function countKeys(value: unknown, levels = 80): number {
  if (value === null || typeof value !== 'object' || levels === 0) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countKeys(item, levels - 1);
    return count;
  }
  for (const key in value) {
    count += 1 + countKeys((value as Record<string, unknown>)[key], levels - 1);
  }
  return count;
}

/** At most this many of a kind are listed. */
const LISTED = 100;

/** Anything but white space, texts, brackets and separators. */
const WORD = /[^\s"[\]{}:,]+/y;
const SPACE = /\s*/y;

/** The text that begins at a quote, to its closing quote or the end. */
function textAt(json: string, start: number): string {
  let end = json.indexOf('"', start + 1);
  while (end !== -1) {
    let slashes = end;
    while (json[slashes - 1] === '\\') slashes -= 1;
    if ((end - slashes) % 2 === 0) return json.slice(start, end + 1);
    end = json.indexOf('"', end + 1);
  }
  return json.slice(start);
}

function tokenAt(json: string, from: number): { token: string; end: number } | null {
  SPACE.lastIndex = from;
  SPACE.test(json);
  const start = SPACE.lastIndex;
  const first = json[start];
  if (first === undefined) return null;
  WORD.lastIndex = start;
  const token = first === '"' ? textAt(json, start) : (WORD.exec(json)?.[0] ?? first);
  return { token, end: start + token.length };
}

const keyOf = (token: string): string => {
  try {
    return String(JSON.parse(token));
  } catch {
    return token;
  }
};

type Level = { keys: Set<string> | null; at: string | number };

/** Walks a text that need not be valid JSON. */
export function inspectJson(json: string): JsonFacts {
  const facts: JsonFacts = { depth: 0, duplicateKeys: [], inexact: [], notNumber: null };
  const levels: Level[] = [];
  const path = () => levels.map(({ at }) => String(at));
  let text: string | null = null;
  for (let next = tokenAt(json, 0); next; next = tokenAt(json, next.end)) {
    const { token } = next;
    const level = levels.at(-1);
    const first = token[0] ?? '';
    if (first === '"') {
      text = token;
    } else if (first === '{' || first === '[') {
      levels.push(first === '{' ? { keys: new Set(), at: '' } : { keys: null, at: 0 });
      facts.depth = Math.max(facts.depth, levels.length);
    } else if (first === '}' || first === ']') {
      levels.pop();
    } else if (first === ',') {
      if (typeof level?.at === 'number') level.at += 1;
    } else if (first === ':') {
      if (level?.keys && text !== null) {
        const key = keyOf(text);
        level.at = key;
        if (level.keys.has(key) && facts.duplicateKeys.length < LISTED) {
          facts.duplicateKeys.push(path());
        }
        level.keys.add(key);
      }
    } else if (/^-?(NaN|Infinity)$/.test(token)) {
      facts.notNumber ??= token;
    } else if (isInexact(token) && facts.inexact.length < LISTED) {
      facts.inexact.push({ path: path(), written: token });
    }
  }
  return facts;
}

const isInexact = (token: string): boolean => {
  if (!/^-?\d/.test(token)) return false;
  const value = Number(token);
  return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value));
};

/** Paths of keys that stand twice in their object; cheap for JSON that has none. */
export const duplicateKeysOf = (json: string, value: unknown): string[][] =>
  // Fewer keys than are written: some stand twice, or a text looks like one.
  countKeysAtMost(json) === countKeys(value) ? [] : inspectJson(json).duplicateKeys;
