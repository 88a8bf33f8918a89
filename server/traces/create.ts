import { z } from 'zod';
import type { App } from '../app.ts';
import { type Issue, ValidationError } from '../errors.ts';
import { issuesOf, PARSING, parse } from '../lib/parse.ts';
import { inTransaction } from '../lib/transaction.ts';
import { TraceLabels, TracePayload } from './model.ts';
import { isCertainlyTrace } from './quick.ts';
import { canonicalTrace, toRow, type ValidTrace } from './row.ts';
import { insertRows, type Stored } from './store.ts';

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

/** Parses one trace: the trace and its canonical JSON, or every rule it breaks. */
export function parseTrace(
  input: unknown,
  maxBytes: number,
): { trace: ValidTrace; issues: [] } | { trace: null; issues: Issue[] } {
  let payload = input;
  if (!isCertainlyTrace(payload)) {
    const parsed = TracePayload.safeParse(input, PARSING);
    if (!parsed.success) return { trace: null, issues: issuesOf(parsed.error) };
    payload = parsed.data;
  }
  const trace = { payload: payload as TracePayload, json: canonicalTrace(payload as TracePayload) };
  // A UTF-16 unit has at most three bytes.
  const bytes = trace.json.length * 3 > maxBytes ? Buffer.byteLength(trace.json) : 0;
  if (bytes > maxBytes) return { trace: null, issues: [sizeIssue(bytes, maxBytes)] };
  return { trace, issues: [] };
}

const labelled = (trace: ValidTrace, labels: Labels) =>
  toRow({ ...trace, source: labels.source ?? null, tags: labels.tags ?? [] });

/**
 * Stores one trace, or finds the equal one that is there.
 * @throws ValidationError naming every rule it breaks.
 */
export async function createTrace(
  app: Pick<App, 'traceWriter' | 'config'>,
  input: { trace: unknown } & Labels,
): Promise<Stored> {
  const { trace: given, ...rest } = input;
  const labels = parse(TraceLabels, rest);
  const { trace, issues } = parseTrace(given, app.config.traces.maxBytes);
  if (!trace) {
    throw new ValidationError(
      issues.map((issue) => ({ ...issue, path: ['trace', ...issue.path] })),
    );
  }
  return app.traceWriter(labelled(trace, labels));
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
  app: Pick<App, 'sql' | 'bell' | 'config' | 'metrics'>,
  input: { traces: unknown[]; mode: 'ALL_OR_NOTHING' | 'PER_ITEM' } & Labels,
): Promise<ItemResult[]> {
  const { traces, mode } = parse(Batch, { traces: input.traces, mode: input.mode });
  const labels = parse(TraceLabels, { source: input.source, tags: input.tags });
  const parsed = traces.map((trace) => parseTrace(trace, app.config.traces.maxBytes));
  const issues = parsed.flatMap((item, index) =>
    item.issues.map((issue) => ({ ...issue, path: ['traces', String(index), ...issue.path] })),
  );
  if (mode === 'ALL_OR_NOTHING' && issues.length > 0) throw new ValidationError(issues);
  const rows = parsed.flatMap(({ trace }) => (trace ? [labelled(trace, labels)] : []));
  const stored = await app.metrics.common.timeWrite('create_traces', () =>
    inTransaction(app.sql, (client) => insertRows(client, rows)),
  );
  if (stored.some(({ created }) => created)) app.bell.ring('traces');
  const next = stored.values();
  return parsed.map((item) => ({
    stored: item.trace ? (next.next().value ?? null) : null,
    issues: item.issues,
  }));
}
