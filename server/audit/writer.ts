/**
 * Writes down who did what. An entry is stored before the answer goes out, so that nothing was answered
 * that is not recorded; an answer that a crash keeps back may be recorded all the same.
 */
import type { Pool } from 'pg';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { v7 } from 'uuid';
import type { Actor, Call } from '../access/actor.ts';
import { gather } from '../lib/gather.ts';
import { networkOf } from '../lib/network.ts';
import { displayable, head } from '../lib/text.ts';

/** What was done, or refused, once. */
export type AuditRecord = {
  actor: Pick<Actor, 'kind' | 'id' | 'name'>;
  call: Call;
  /** The mutation, or what was done beside GraphQL: `createRun`, `importTraces`, `signIn`. */
  action: string;
  /** Global id of what it was done to; null where nothing has one. */
  target: string | null;
  /** `OK`, or the code of the error. */
  outcome: string;
  /** What was asked for, short and without secrets: whoever records it sees to that. */
  detail: Record<string, unknown>;
};

export type AuditWriter = {
  /**
   * Stored when it resolves. Entries that come at once share one statement. What strangers are refused is
   * stored for `STRANGER_PER_MINUTE` of each address, and not beyond.
   */
  record(entry: AuditRecord): Promise<void>;
};

/** As many entries as one statement may have. */
const MOST = 500;

/**
 * The log is never shortened, and a stranger is refused as often as they like: without a measure they could
 * fill the disk. The metrics count every refusal.
 */
export const STRANGER_PER_MINUTE = 60;

const INSERT = `
  INSERT INTO audit_entries (id, actor_kind, actor_id, actor_name, action, target, outcome, detail,
    request_id, address, client)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[],
    $7::text[], $8::jsonb[], $9::text[], $10::text[], $11::text[])`;

/** A text as its column holds it. */
const fit = (text: string, max: number): string => head(displayable(text), max);
const fitOrNull = (text: string | null, max: number) => (text === null ? null : fit(text, max));

const fitJson = (detail: Record<string, unknown>): string =>
  JSON.stringify(detail, (_key, value: unknown) =>
    typeof value === 'string' ? displayable(value) : value,
  );

/** The values of an entry, in the order of the columns. */
const valuesOf = ({ actor, call, action, target, outcome, detail }: AuditRecord) => [
  v7(), // in the order of the calls also within a millisecond, and the log is read by it
  fit(actor.kind, 16),
  actor.id,
  fit(actor.name, 160),
  fit(action, 128),
  fitOrNull(target, 255),
  fit(outcome, 64),
  fitJson(detail),
  fitOrNull(call.requestId, 64),
  fitOrNull(call.address, 64),
  fitOrNull(call.client, 128),
];

const COLUMNS = 11;

/** Opens the writer of a process. */
export function openAuditWriter(sql: Pick<Pool, 'query'>): AuditWriter {
  const store = gather<AuditRecord, void>(async (entries) => {
    const rows = entries.map(valuesOf);
    const columns = Array.from({ length: COLUMNS }, (_, at) => rows.map((row) => row[at]));
    await sql.query(INSERT, columns);
    return [];
  }, MOST);
  const strangers = new RateLimiterMemory({ points: STRANGER_PER_MINUTE, duration: 60 });
  return {
    async record(entry) {
      if (entry.actor.kind === 'ANONYMOUS' && entry.outcome === 'UNAUTHENTICATED') {
        const { consumedPoints } = await strangers.penalty(
          networkOf(entry.call.address ?? 'unknown'),
        );
        if (consumedPoints > STRANGER_PER_MINUTE) return;
      }
      await store(entry);
    },
  };
}
