/** From the bytes of one record to a valid trace, or to what is wrong with it. */
import { isUtf8 } from 'node:buffer';
import type { Issue } from '../errors.ts';
import { countKeys, countKeysAtMost, inspectJson } from '../lib/jsonText.ts';
import type { RawRecord } from '../lib/records.ts';
import { displayable, head, printable } from '../lib/text.ts';
import { parseTrace, sizeIssue } from './create.ts';
import { applyMapping, type TraceMapping } from './mapping.ts';
import { MAX_DEPTH } from './model.ts';
import type { ValidTrace } from './row.ts';
import { convert, shapeOf, type TraceShape } from './shapes.ts';

/** `meta` stands one level inside a trace, which may stand one level inside a record. */
const MAX_RECORD_DEPTH = MAX_DEPTH + 2;
const EXCERPT = 120;

export type ReadOptions = { maxBytes: number; mapping: TraceMapping | null };

export type ReadRecord = { shape: TraceShape; value: unknown } & (
  | { trace: ValidTrace; issues: [] }
  | { trace: null; issues: Issue[] }
);

/** An issue with its place in the file and the beginning of what stands there. */
export type LineIssue = Issue & { line: number; byteOffset: number; excerpt: string };

const refused = (issue: Issue): ReadRecord => ({
  shape: 'UNKNOWN',
  value: undefined,
  trace: null,
  issues: [issue],
});

const issue = (code: string, message: string, more: Partial<Issue> = {}): Issue => ({
  path: [],
  code,
  message,
  ...more,
});

function badJson(json: string, error: unknown): Issue {
  const { notNumber, depth } = inspectJson(json);
  if (notNumber) {
    const message = `${notNumber} is no JSON. Write null, or the value as text.`;
    return issue('BAD_JSON', message, { found: notNumber });
  }
  if (depth > MAX_RECORD_DEPTH) return tooDeep(depth);
  // V8 quotes the line, which may be long; the excerpt shows it.
  const reason = (error as Error).message.replace(/, (\.\.\.)?".*$/s, '');
  return issue('BAD_JSON', `The line is no JSON: ${head(reason, 200)}.`);
}

const tooDeep = (depth: number): Issue =>
  issue(
    'TOO_DEEP',
    `The record is nested ${depth} levels deep, at most ${MAX_RECORD_DEPTH} are allowed.`,
    {
      limit: String(MAX_RECORD_DEPTH),
      found: String(depth),
    },
  );

const duplicateKey = (path: string[]): Issue =>
  issue('DUPLICATE_KEY', `${path.join('.')}: the key stands twice in its object. Keep one.`, {
    path,
  });

/** Numbers as the file has them: the parsed value has lost their digits. */
function asWritten(issues: Issue[], json: string): Issue[] {
  if (!issues.some(({ code }) => code === 'TOO_LARGE' || code === 'NOT_FINITE')) return issues;
  const { inexact } = inspectJson(json);
  return issues.map((one) => {
    const number = inexact.find(({ path }) => path.join('\0').endsWith(one.path.join('\0')));
    return number ? { ...one, found: head(number.written, 40) } : one;
  });
}

/** Reads a record; what it says of a record depends on nothing but its bytes and the options. */
export function readRecord(raw: RawRecord, { maxBytes, mapping }: ReadOptions): ReadRecord {
  if ('tooLong' in raw) return refused(sizeIssue(raw.tooLong, maxBytes));
  if ('fault' in raw) return refused(issue(raw.fault.code, raw.fault.message));
  if (!isUtf8(raw.bytes)) {
    const message = 'The line is not encoded in UTF-8. Convert the file: iconv -f latin1 -t utf-8.';
    return refused(issue('BAD_UTF8', message));
  }
  const json = raw.bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return refused(badJson(json, error));
  }
  const shape = mapping ? 'MAPPED' : shapeOf(value);
  const no = (issues: Issue[]): ReadRecord => ({ shape, value, trace: null, issues });
  // Fewer keys than are written: some stand twice, or a text looks like one.
  const mayHaveDuplicates = countKeysAtMost(json) !== countKeys(value);
  if (mayHaveDuplicates) {
    const { depth, duplicateKeys } = inspectJson(json);
    if (depth > MAX_RECORD_DEPTH) return no([tooDeep(depth)]);
    if (duplicateKeys.length > 0) return no(duplicateKeys.map(duplicateKey));
  }
  const converted = mapping ? applyMapping(mapping, value) : convert(shape, value);
  if ('issue' in converted) return no([converted.issue]);
  const { trace, issues } = parseTrace(converted.trace, maxBytes);
  if (trace) return { shape, value, trace, issues: [] };
  const { depth } = inspectJson(json);
  return no(depth > MAX_RECORD_DEPTH ? [tooDeep(depth)] : asWritten(issues, json));
}

/** The first characters of a record, safe to show: what is no text becomes U+FFFD. */
function excerptOf(raw: RawRecord): string {
  if (!('bytes' in raw)) return '';
  return head(printable(raw.bytes.subarray(0, EXCERPT * 4).toString('utf8')), EXCERPT);
}

/** Longer than any message of ours; a name in a file may be. */
const MESSAGE = 500;

/** An issue as the report of an import keeps it. */
export const lineIssue = (raw: RawRecord, { path, message, found, ...rest }: Issue): LineIssue => ({
  line: raw.line,
  byteOffset: raw.byteOffset,
  ...rest,
  path: path.slice(0, 70).map((part) => head(displayable(part), 100)),
  message: head(displayable(message), MESSAGE),
  ...(found !== undefined && { found: head(displayable(found), 200) }),
  excerpt: excerptOf(raw),
});
