import { hash } from 'node:crypto';

/** sha256 of a text (UTF-8) or bytes, as 64 hex digits. */
export const sha256 = (content: string | Uint8Array): string => hash('sha256', content, 'hex');

/**
 * JSON with object keys in code-unit order and no spaces, numbers as JavaScript prints them: the
 * form of RFC 8785 (JCS), so that equal values have equal bytes and equal hashes.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
  return `{${fields.join(',')}}`;
}

/** sha256 of the canonical JSON of a value, as 64 hex digits. */
export const contentHash = (value: unknown): string => sha256(canonicalJson(value));
