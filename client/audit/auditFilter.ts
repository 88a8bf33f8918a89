/** Which entries are meant: words of the URL and the filter of the API. Pure. */
import type { AuditFilter } from '../gql/graphql.ts';

export const AUDIT_KEYS = ['actor', 'action', 'target', 'outcome', 'from', 'until'] as const;

export type AuditUrl = { [Key in (typeof AUDIT_KEYS)[number]]?: string | undefined };

/** `OK`, and the codes with which something is refused. */
export const OUTCOMES = [
  'OK',
  'FORBIDDEN',
  'UNAUTHENTICATED',
  'VALIDATION',
  'NOT_FOUND',
  'CONFLICT',
  'INVALID_STATE',
  'IN_USE',
  'UNAVAILABLE',
  'RATE_LIMITED',
  'INTERNAL',
] as const;

/** The start of a day of the browser, `later` days after it; undefined for what is no day. */
function startOf(day: string | undefined, later = 0): string | undefined {
  if (!day || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const date = new Date(`${day}T00:00:00`);
  if (Number.isNaN(date.getTime())) return undefined;
  date.setDate(date.getDate() + later);
  return date.toISOString();
}

/** The filter of the API; both days belong to what is meant. What is no day is left out. */
export function toAuditFilter(url: AuditUrl): AuditFilter {
  const filter: AuditFilter = {
    actor: url.actor,
    action: url.action,
    target: url.target,
    outcome: url.outcome,
    from: startOf(url.from),
    until: startOf(url.until, 1),
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value));
}
