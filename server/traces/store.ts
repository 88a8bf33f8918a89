import { randomUUIDv7 } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { contentHash } from '../lib/canonical.ts';
import { codePoints, head, preview, promptHash } from '../lib/text.ts';
import type { TracePayload } from './model.ts';
import { baselineScore } from './score.ts';

export type NewTrace = {
  payload: TracePayload;
  source: string | null;
  tags: string[];
  importSessionId?: string;
  importLine?: number;
};

/** Which row holds the trace, and whether this call wrote it. */
export type Stored = { id: string; created: boolean };

const toRow = (trace: NewTrace) => {
  const { payload } = trace;
  const { score, stepChars } = baselineScore(payload.steps);
  const metaSource = payload.meta?.source;
  return {
    id: randomUUIDv7(),
    content_hash: contentHash(payload),
    prompt_hash: promptHash(payload.prompt),
    trace_version: payload.trace_version,
    prompt_preview: preview(payload.prompt),
    answer_preview: preview(payload.final_answer),
    step_count: payload.steps.length,
    total_chars: codePoints(payload.prompt) + codePoints(payload.final_answer) + stepChars,
    baseline_score: score,
    source: trace.source ?? (typeof metaSource === 'string' ? head(metaSource, 128) : null),
    tags: trace.tags,
    payload,
    import_session_id: trace.importSessionId ?? null,
    import_line: trace.importLine ?? null,
  };
};

// Known hashes are read, new ones inserted in hash order so that two imports cannot deadlock. The
// insert may still meet a row committed in between; the second read finds it.
const INSERT = `
  INSERT INTO traces (id, content_hash, prompt_hash, trace_version, prompt_preview, answer_preview,
                      step_count, total_chars, baseline_score, source, tags, payload,
                      import_session_id, import_line)
  SELECT id, content_hash, prompt_hash, trace_version, prompt_preview, answer_preview,
         step_count, total_chars, baseline_score, source, ARRAY(SELECT jsonb_array_elements_text(tags)), payload,
         import_session_id, import_line
  FROM jsonb_to_recordset($1::jsonb) AS row(
    id uuid, content_hash text, prompt_hash text, trace_version text, prompt_preview text,
    answer_preview text, step_count int, total_chars int,
    baseline_score float8, source text, tags jsonb, payload jsonb,
    import_session_id uuid, import_line int)
  ORDER BY content_hash
  ON CONFLICT (content_hash) DO NOTHING`;

const FIND = 'SELECT id, content_hash FROM traces WHERE content_hash = ANY($1)';

/**
 * Stores traces by content hash, each once. The result has one entry for each input, in its order;
 * `created` is false where the trace was there already, or stands earlier in the same input.
 */
export async function storeTraces(sql: Pool | PoolClient, traces: NewTrace[]): Promise<Stored[]> {
  if (traces.length === 0) return [];
  const rows = traces.map(toRow);
  const unique = new Map(rows.map((row) => [row.content_hash, row] as const).toReversed());
  await sql.query(INSERT, [JSON.stringify([...unique.values()])]);
  const found = await sql.query<{ id: string; content_hash: string }>(FIND, [[...unique.keys()]]);
  const ids = new Map(found.rows.map((row) => [row.content_hash, row.id]));
  return rows.map((row) => {
    const id = ids.get(row.content_hash);
    if (id === undefined) throw new Error(`trace ${row.content_hash} was not stored`);
    return { id, created: id === row.id };
  });
}
