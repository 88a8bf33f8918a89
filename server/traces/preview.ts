/** Reads the beginning of a file as an import would, and stores nothing. */
import { z } from 'zod';
import type { App } from '../app.ts';
import type { Issue } from '../errors.ts';
import { parse } from '../lib/parse.ts';
import type { RawRecord } from '../lib/records.ts';
import { FORMATS, type KnownFormat, recordSplitter } from './importFormat.ts';
import { fieldsOf, suggestMapping, TraceMapping } from './mapping.ts';
import type { TracePayload } from './model.ts';
import { type LineIssue, lineIssue, readRecord } from './readRecord.ts';
import type { TraceShape } from './shapes.ts';

/** As much of a file as is looked at. */
const MAX_SAMPLE = 262_144;
const MAX_ROWS = 20;
const MAX_FIELDS = 100;

const Input = z.strictObject({
  sample: z.string().max(MAX_SAMPLE),
  format: z.enum(FORMATS).nullish(),
  mapping: TraceMapping.nullish(),
});

export type PreviewRow = {
  line: number;
  shape: TraceShape;
  /** What would be stored; null where it would be refused. */
  trace: TracePayload | null;
  /** Every rule it breaks. */
  issues: LineIssue[];
};

export type ImportPreview = {
  format: KnownFormat;
  /** Names of the fields of these records; those of an object in one with a dot. */
  fields: string[];
  /** What most of them are. */
  shape: TraceShape;
  /** A guess, where none of them makes a trace as it is. */
  suggestedMapping: TraceMapping | null;
  /** The first 20 records. */
  rows: PreviewRow[];
};

/** The end of a sample is a record that was cut, when it is no JSON because something is missing. */
const isCut = ({ code, message }: Issue) =>
  code === 'UNCLOSED_ARRAY' ||
  (code === 'BAD_JSON' && /Unterminated|Unexpected end|Expected/.test(message));

const mostCommon = (shapes: TraceShape[]): TraceShape => {
  const counts = [...Map.groupBy(shapes, (shape) => shape)];
  return counts.toSorted((a, b) => b[1].length - a[1].length)[0]?.[0] ?? 'UNKNOWN';
};

/**
 * Previews the beginning of a file of at most 262 144 characters.
 * @throws ValidationError when an option is bad or the sample is too long.
 */
export function previewImport(
  app: Pick<App, 'config'>,
  input: z.input<typeof Input>,
): ImportPreview {
  const { sample, format, mapping } = parse(Input, input);
  const { maxBytes } = app.config.traces;
  const splitter = recordSplitter(format ?? 'AUTO', maxBytes, null);
  const records = splitter.push(Buffer.from(sample));
  const whole = records.length;
  records.push(...splitter.end());
  const fields = new Set<string>();
  const rows: PreviewRow[] = [];
  const isBlank = (raw: RawRecord) => 'bytes' in raw && raw.bytes.every((byte) => byte <= 32);
  for (const [index, raw] of records.entries()) {
    if (rows.length === MAX_ROWS) break;
    if (splitter.format === 'NDJSON' && isBlank(raw)) continue;
    const { shape, value, trace, issues } = readRecord(raw, { maxBytes, mapping: mapping ?? null });
    if (index >= whole && rows.length > 0 && issues.some(isCut)) continue;
    for (const name of fieldsOf(value)) if (fields.size < MAX_FIELDS) fields.add(name);
    rows.push({
      line: raw.line,
      shape,
      trace: trace?.payload ?? null,
      issues: issues.map((issue) => lineIssue(raw, issue)),
    });
  }
  const shape = mostCommon(
    rows.filter(({ shape }) => shape !== 'UNKNOWN').map(({ shape }) => shape),
  );
  const isNeeded = !mapping && rows.every(({ trace }) => trace === null);
  const suggestedMapping = isNeeded ? suggestMapping([...fields]) : null;
  return {
    format: splitter.format ?? 'NDJSON',
    fields: [...fields],
    shape,
    suggestedMapping,
    rows,
  };
}
