import { bind, hasText, type TraceFilter, traceConditions } from './filter.ts';
import { toQuery } from './search.ts';

/** A FROM with its conditions, and what id and moment of a trace are called in it. */
export type Source = { from: string; conditions: string[]; id: string; createdAt: string };

/** Conditions as a WHERE, if there are any. */
export const where = (conditions: string[]) =>
  conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';

/**
 * Where the traces of a filter are read. With a text that is the search, which knows their moments
 * too; the traces themselves join only for conditions or columns (`needsTrace`) of their own.
 */
export function sourceOf(filter: TraceFilter, params: unknown[], needsTrace: boolean): Source {
  if (!hasText(filter)) {
    const conditions = traceConditions(filter, params);
    return { from: 'traces t', conditions, id: 't.id', createdAt: 't.created_at' };
  }
  const found = `s.document @@ ${toQuery(bind(params, filter.text))}`;
  const others = traceConditions({ ...filter, text: null }, params);
  const join = needsTrace || others.length > 0 ? ' JOIN traces t ON t.id = s.trace_id' : '';
  return {
    from: `trace_search s${join}`,
    conditions: [found, ...others],
    id: 's.trace_id',
    createdAt: 's.created_at',
  };
}
