/** What one trace is in the table: its columns, and the same as a line of COPY. */
import { v7 } from 'uuid';
import { canonicalJson, sha256 } from '../lib/canonical.ts';
import { codePoints, head, preview, promptHash } from '../lib/text.ts';
import type { TracePayload } from './model.ts';
import { baselineScore } from './score.ts';

/** A trace that obeys every rule, with its canonical JSON, which is what is hashed and stored. */
export type ValidTrace = { payload: TracePayload; json: string };

export type NewTrace = ValidTrace & {
  source: string | null;
  tags: readonly string[];
  importSessionId?: string;
  importLine?: number;
};

export type TraceRow = ReturnType<typeof toRow>;

/** `canonicalJson` of a trace, written out because its keys are known. */
export function canonicalTrace(payload: TracePayload): string {
  const { final_answer, meta, prompt, steps, trace_version } = payload;
  const ordered = steps.map(({ content, i, type }) => ({ content, i, type }));
  return (
    `{"final_answer":${JSON.stringify(final_answer)},` +
    `${meta === undefined ? '' : `"meta":${canonicalJson(meta)},`}` +
    `"prompt":${JSON.stringify(prompt)},"steps":${JSON.stringify(ordered)},` +
    `"trace_version":${JSON.stringify(trace_version)}}`
  );
}

/** The columns of a trace. Ids rise in the order of calls, also within a millisecond. */
export function toRow(trace: NewTrace) {
  const { payload, json } = trace;
  const { score, stepChars } = baselineScore(payload.steps);
  const metaSource = payload.meta?.source;
  return {
    id: v7(),
    content_hash: sha256(json),
    prompt_hash: promptHash(payload.prompt),
    trace_version: payload.trace_version,
    prompt_preview: preview(payload.prompt),
    answer_preview: preview(payload.final_answer),
    step_count: payload.steps.length,
    total_chars: codePoints(payload.prompt) + codePoints(payload.final_answer) + stepChars,
    baseline_score: score,
    source: trace.source ?? (typeof metaSource === 'string' ? head(metaSource, 128) : null),
    tags: trace.tags,
    payload: json,
    import_session_id: trace.importSessionId ?? null,
    import_line: trace.importLine ?? null,
  };
}

/** The columns in the order of `copyLine`. */
export const COLUMNS =
  'id, content_hash, prompt_hash, trace_version, prompt_preview, answer_preview, step_count, ' +
  'total_chars, baseline_score, source, tags, payload, import_session_id, import_line';

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const escaped = (text: string) =>
  /[\\\n\r\t]/.test(text) ? text.replaceAll(/[\\\n\r\t]/g, (found) => ESCAPES[found] ?? '') : text;

/** A row in the text format of COPY, with its newline. */
export function copyLine(row: TraceRow): string {
  // A tag has nothing that an array would need escaped.
  const tags = row.tags.length > 0 ? `{"${row.tags.join('","')}"}` : '{}';
  return (
    `${row.id}\t${row.content_hash}\t${row.prompt_hash}\t${escaped(row.trace_version)}\t` +
    `${escaped(row.prompt_preview)}\t${escaped(row.answer_preview)}\t${row.step_count}\t` +
    `${row.total_chars}\t${row.baseline_score}\t${row.source === null ? '\\N' : escaped(row.source)}\t` +
    `${tags}\t${escaped(row.payload)}\t${row.import_session_id ?? '\\N'}\t${row.import_line ?? '\\N'}\n`
  );
}

/** A row as COPY takes it; see `packing.ts`. */
export type PackedRow = { id: string; content_hash: string; line: Buffer };
