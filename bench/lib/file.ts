/**
 * The file of the import workload: valid lines, 1 % repeats of an earlier line, 0.1 % bad lines of
 * five kinds. What an importer must answer is known beforehand.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../server/lib/canonical.ts';
import type { TracePayload } from '../../server/traces/model.ts';
import { passDigits, passOffset, traceOf } from './traces.ts';

const CHUNK = 1 << 20;

/** What a complete import of the file must find. */
export type Expected = { lines: number; stored: number; duplicates: number; badLines: number[] };

/** Lines in chunks of about 1 MiB, and where the digits of `pass` stand in each. */
export type TraceFile = {
  chunks: { bytes: Buffer; passes: number[] }[];
  bytes: number;
  expected: Expected;
};

/** A line that must be refused; the kinds take turns. */
function badLine(trace: TracePayload, kind: number): string {
  const { prompt, ...rest } = trace;
  switch (kind % 5) {
    case 0:
      return JSON.stringify(trace).slice(0, -25); // cut off
    case 1:
      return JSON.stringify(rest); // no prompt
    case 2:
      return JSON.stringify({ ...trace, steps: [...trace.steps, trace.steps[0]] }); // number twice
    case 3:
      return JSON.stringify({ ...trace, final_answer: 'a\0b' });
    default:
      return JSON.stringify({ ...trace, prompt: prompt.repeat(2000) }); // too long
  }
}

// 0.1 % and 1 %; a repeated line is never a bad one nor itself a repeat.
const isBad = (index: number) => index % 1000 === 333;
const isRepeat = (index: number) => index % 100 === 50;
const REPEATS_BACK = 37;

/** The trace on line `index` (from 0), or undefined when the line is bad. */
export function traceAt(seed: number, index: number, size: number): TracePayload | undefined {
  if (isBad(index)) return undefined;
  return traceOf(seed, isRepeat(index) ? index - REPEATS_BACK : index, size);
}

/** Makes the file in memory: `lines` lines of about `size` bytes. */
export function makeFile(seed: number, lines: number, size: number): TraceFile {
  const file: TraceFile = {
    chunks: [],
    bytes: 0,
    expected: { lines, stored: 0, duplicates: 0, badLines: [] },
  };
  let parts: Buffer[] = [];
  let length = 0;
  let passes: number[] = [];
  const flush = () => {
    file.chunks.push({ bytes: Buffer.concat(parts), passes });
    file.bytes += length;
    parts = [];
    length = 0;
    passes = [];
  };
  for (let index = 0; index < lines; index += 1) {
    const trace = traceAt(seed, index, size);
    const text = trace
      ? JSON.stringify(trace)
      : badLine(traceOf(seed, index, size), Math.floor(index / 1000));
    const line = Buffer.from(`${text}\n`);
    if (trace) passes.push(length + passOffset(line));
    parts.push(line);
    length += line.length;
    if (!trace) file.expected.badLines.push(index + 1);
    else if (isRepeat(index)) file.expected.duplicates += 1;
    else file.expected.stored += 1;
    if (length >= CHUNK) flush();
  }
  if (length > 0) flush();
  return file;
}

/** What `passes` passes over the file must find when sent as one file. */
export function expectedOf({ expected }: TraceFile, passes: number): Expected {
  const badLines = Array.from({ length: passes }, (_, pass) =>
    expected.badLines.map((line) => line + pass * expected.lines),
  ).flat();
  const { lines, stored, duplicates } = expected;
  return {
    lines: lines * passes,
    stored: stored * passes,
    duplicates: duplicates * passes,
    badLines,
  };
}

/** The bytes of the file, `passes` times over with other digits each time. */
export function* bytesOf(file: TraceFile, passes: number): Generator<Buffer> {
  for (let pass = 0; pass < passes; pass += 1) {
    for (const chunk of file.chunks) yield pass === 0 ? chunk.bytes : stamped(chunk, pass);
  }
}

function stamped({ bytes, passes }: TraceFile['chunks'][number], pass: number): Buffer {
  const copy = Buffer.from(bytes);
  const digits = passDigits(pass);
  for (const at of passes) copy.write(digits, at, 'latin1');
  return copy;
}

/** Digest of the content hashes of all traces of the file, ordered: what the table must hold. */
export function checksumOf(seed: number, lines: number, size: number): string {
  const hashes: string[] = [];
  for (let index = 0; index < lines; index += 1) {
    if (isRepeat(index)) continue;
    const trace = traceAt(seed, index, size);
    if (trace) hashes.push(sha256(canonicalJson(trace)));
  }
  return createHash('md5').update(hashes.sort().join('')).digest('hex');
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** The same digest of what a `traces` table holds. */
export const TABLE_CHECKSUM = `
  SELECT count(*)::int AS count,
         md5(coalesce(string_agg(content_hash::text, '' ORDER BY content_hash COLLATE "C"), '')) AS digest
  FROM traces`;
