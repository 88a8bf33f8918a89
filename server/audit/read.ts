/** Reads the audit log. Entries are only ever added, so a page that was read stays what it was. */
import type { Pool } from 'pg';
import { z } from 'zod';
import type { AuditEntry } from '../../prisma/generated/client/client.ts';
import { ValidationError } from '../errors.ts';
import { parse } from '../lib/parse.ts';
import { unstorable } from '../lib/text.ts';

const AuditFilter = z.strictObject({
  /** Id of the user or of the key. */
  actorId: z.uuid().nullish(),
  /** Stands, in any case, in the name of the actor. */
  actor: z.string().nullish(),
  action: z.string().nullish(),
  /** Global id. */
  target: z.string().nullish(),
  outcome: z.string().nullish(),
  /** From then on. */
  from: z.date().nullish(),
  /** Before then. */
  until: z.date().nullish(),
});

export type AuditFilter = z.input<typeof AuditFilter>;

const PageArgs = z.strictObject({
  first: z.int().min(1).max(100).default(20),
  after: z.string().nullish(),
});

const Cursor = z.tuple([z.iso.datetime(), z.uuid()]);

type Place = Pick<AuditEntry, 'at' | 'id'>;

const encodeCursor = ({ at, id }: Place): string =>
  Buffer.from(JSON.stringify([at.toISOString(), id])).toString('base64url');

function decodeCursor(cursor: string): z.output<typeof Cursor> {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    const message = 'after: this is no cursor of this list. Take `endCursor` of one of its pages.';
    throw new ValidationError([{ path: ['after'], code: 'BAD_CURSOR', message }]);
  }
}

type AuditPage = {
  rows: { entry: AuditEntry; cursor: string }[];
  hasNextPage: boolean;
};

const COLUMNS = `id, at, actor_kind AS "actorKind", actor_id AS "actorId", actor_name AS "actorName",
  action, target, outcome, detail, request_id AS "requestId", address, client`;

/** The conditions of a filter, and their values in `params`; false where nothing can match. */
function conditionsOf(input: AuditFilter, params: unknown[]): string[] {
  const filter = parse(AuditFilter, input);
  const bind = (value: unknown) => `$${params.push(value)}`;
  const texts = [filter.actor, filter.action, filter.target, filter.outcome];
  // PostgreSQL refuses to look for what it cannot store.
  if (texts.some((text) => text && unstorable(text))) return ['false'];
  const { actorId, actor, action, target, outcome, from, until } = filter;
  return [
    ...(actorId ? [`actor_id = ${bind(actorId)}`] : []),
    ...(actor ? [`position(lower(${bind(actor)}) in lower(actor_name)) > 0`] : []),
    ...(action ? [`action = ${bind(action)}`] : []),
    ...(target ? [`target = ${bind(target)}`] : []),
    ...(outcome ? [`outcome = ${bind(outcome)}`] : []),
    ...(from ? [`at >= ${bind(from)}`] : []),
    ...(until ? [`at < ${bind(until)}`] : []),
  ];
}

/**
 * A page of the entries of a filter, newest first, by keyset: what it costs does not depend on its depth.
 * @throws ValidationError for a size outside 1–100 or a foreign cursor.
 */
export async function readAuditPage(
  sql: Pool,
  filter: AuditFilter,
  input: z.input<typeof PageArgs>,
): Promise<AuditPage> {
  const { first, after } = parse(PageArgs, input);
  const params: unknown[] = [];
  const conditions = conditionsOf(filter, params);
  if (after) {
    const [at, id] = decodeCursor(after);
    params.push(at, id);
    conditions.push(`(at, id) < ($${params.length - 1}::timestamptz, $${params.length}::uuid)`);
  }
  const { rows } = await sql.query<AuditEntry>(
    `SELECT ${COLUMNS} FROM audit_entries
     ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
     ORDER BY at DESC, id DESC LIMIT ${first + 1}`,
    params,
  );
  return {
    rows: rows.slice(0, first).map((entry) => ({ entry, cursor: encodeCursor(entry) })),
    hasNextPage: rows.length > first,
  };
}
