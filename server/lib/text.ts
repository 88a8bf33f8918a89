import { z } from 'zod';
import { sha256 } from './canonical.ts';

/** How many Unicode code points a text has. */
export function codePoints(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // A low surrogate belongs to the code point before it.
    if (unit < 0xdc00 || unit > 0xdfff) count++;
  }
  return count;
}

/** The first `max` code points of a text. */
export function head(text: string, max: number): string {
  if (text.length <= max) return text;
  let end = 0;
  for (let count = 0; count < max && end < text.length; count++) {
    const isHigh = (text.charCodeAt(end) & 0xfc00) === 0xd800;
    end += isHigh && (text.charCodeAt(end + 1) & 0xfc00) === 0xdc00 ? 2 : 1;
  }
  return text.slice(0, end);
}

/** The first `max` code points of a text; null for none. */
export const headOrNull = (text: string | null | undefined, max: number): string | null =>
  text === null || text === undefined ? null : head(text, max);

/** The first `max` code points of a text, with `…` where something was cut. */
export function preview(text: string, max = 200): string {
  const start = head(text, max);
  return start.length < text.length ? `${start}…` : start;
}

/** What PostgreSQL cannot store as text: NUL, and surrogates that stand alone. */
export const unstorable = (text: string): string | undefined => {
  if (text.includes('\0')) return 'NUL_CHARACTER';
  if (!text.isWellFormed()) return 'LONE_SURROGATE';
  return undefined;
};

/** A text as PostgreSQL can look for it: no row has what cannot be stored, nor the empty text. */
export const findable = (text: string): string => (unstorable(text) ? '' : text);

/** A text as PostgreSQL can store it for display: what it cannot hold becomes U+FFFD. */
export const displayable = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');

/** A text of others as it may be shown anywhere: what could steer a terminal or turn the line becomes U+FFFD. */
export const printable = (text: string): string =>
  displayable(text).replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\uFFFD');

const reasons = {
  NUL_CHARACTER: 'contains the character U+0000, remove it',
  LONE_SURROGATE: 'contains half a surrogate pair, which is no character; remove it',
} as Record<string, string>;

/** A text of `min` to `max` code points that can be stored losslessly. */
export const text = (min: number, max: number) =>
  z.string().superRefine((value, context) => {
    const fault = unstorable(value);
    if (fault) {
      context.addIssue({
        code: 'custom',
        message: reasons[fault] ?? fault,
        params: { code: fault },
      });
    }
    const length = codePoints(value);
    if (length > max) {
      context.addIssue({
        code: 'custom',
        message: `has ${length} characters, at most ${max} are allowed`,
        params: { code: 'TOO_LONG', limit: max, found: length },
      });
    } else if (length < min) {
      context.addIssue({
        code: 'custom',
        message: `has ${length} characters, at least ${min} ${min === 1 ? 'is' : 'are'} needed`,
        params: { code: 'TOO_SHORT', limit: min, found: length },
      });
    }
  });

/** A name that can stand in a key and a URL, of at most `max` characters. */
export const handle = (max: number) =>
  text(1, max).regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    'use letters, digits and . _ - only, starting with a letter or digit',
  );

/**
 * The form in which two prompts count as the same: NFKC, lower case, runs of white space as one
 * space, none at the ends.
 */
export function normalisePrompt(prompt: string): string {
  // NFKC leaves ASCII as it is, and most prompts are that.
  const form = /[^\0-\x7f]/.test(prompt) ? prompt.normalize('NFKC') : prompt;
  return form.toLowerCase().replace(/\s+/gu, ' ').trim();
}

/** sha256 (hex) of the normalised prompt. */
export const promptHash = (prompt: string): string => sha256(normalisePrompt(prompt));
