import { z } from 'zod';
import type { App } from '../app.ts';
import { type Issue, ValidationError } from '../errors.ts';
import { canonicalJson } from '../lib/canonical.ts';
import { issuesOf, parse } from '../lib/parse.ts';
import { TraceLabels, TracePayload } from './model.ts';
import { type Stored, storeTraces } from './store.ts';

type Labels = z.input<typeof TraceLabels>;
export type ItemResult = { stored: Stored | null; issues: Issue[] };

/** Bytes of a payload beyond the configured limit, as an issue. */
export const sizeIssue = (bytes: number, limit: number): Issue => ({
  path: [],
  code: 'TOO_LARGE',
  message: `The trace has ${bytes} bytes, at most ${limit} are allowed (setting TRACE_MAX_BYTES).`,
  limit: String(limit),
  found: String(bytes),
});

/** Parses one trace: the payload, or every rule it breaks. */
export function parseTrace(
  input: unknown,
  maxBytes: number,
): { payload: TracePayload; issues: [] } | { payload: null; issues: Issue[] } {
  const parsed = TracePayload.safeParse(input, { reportInput: true });
  if (!parsed.success) return { payload: null, issues: issuesOf(parsed.error) };
  const bytes = Buffer.byteLength(canonicalJson(parsed.data));
  if (bytes > maxBytes) return { payload: null, issues: [sizeIssue(bytes, maxBytes)] };
  return { payload: parsed.data, issues: [] };
}

/**
 * Stores one trace, or finds the equal one that is there.
 * @throws ValidationError naming every rule it breaks.
 */
export async function createTrace(
  app: Pick<App, 'sql' | 'config'>,
  input: { trace: unknown } & Labels,
): Promise<Stored> {
  const { trace, ...rest } = input;
  const labels = parse(TraceLabels, rest);
  const { payload, issues } = parseTrace(trace, app.config.traces.maxBytes);
  if (!payload) {
    throw new ValidationError(
      issues.map((issue) => ({ ...issue, path: ['trace', ...issue.path] })),
    );
  }
  const [stored] = await storeTraces(app.sql, [
    { payload, source: labels.source ?? null, tags: labels.tags ?? [] },
  ]);
  if (!stored) throw new Error('nothing was stored');
  return stored;
}

const Batch = z.strictObject({
  traces: z.array(z.unknown()).min(1).max(1000),
  mode: z.enum(['ALL_OR_NOTHING', 'PER_ITEM']),
});

/**
 * Stores up to 1000 traces. ALL_OR_NOTHING stores none when one is bad; PER_ITEM stores the good
 * ones and reports the bad.
 * @throws ValidationError when the batch itself is bad, or any trace in ALL_OR_NOTHING.
 */
export async function createTraces(
  app: Pick<App, 'sql' | 'config'>,
  input: { traces: unknown[]; mode: 'ALL_OR_NOTHING' | 'PER_ITEM' } & Labels,
): Promise<ItemResult[]> {
  const { traces, mode } = parse(Batch, { traces: input.traces, mode: input.mode });
  const labels = parse(TraceLabels, { source: input.source, tags: input.tags });
  const parsed = traces.map((trace) => parseTrace(trace, app.config.traces.maxBytes));
  const issues = parsed.flatMap((item, index) =>
    item.issues.map((issue) => ({ ...issue, path: ['traces', String(index), ...issue.path] })),
  );
  if (mode === 'ALL_OR_NOTHING' && issues.length > 0) throw new ValidationError(issues);
  const good = parsed.flatMap(({ payload }) => (payload ? [payload] : []));
  const stored = await storeTraces(
    app.sql,
    good.map((payload) => ({ payload, source: labels.source ?? null, tags: labels.tags ?? [] })),
  );
  const next = stored.values();
  return parsed.map((item) => ({
    stored: item.payload ? (next.next().value ?? null) : null,
    issues: item.issues,
  }));
}
