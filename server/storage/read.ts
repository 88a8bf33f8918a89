/** How much is stored of each kind, read from the catalogue: it takes milliseconds, however much there is. */
import type { Pool } from 'pg';
import type { Config } from '../config.ts';

export const STORAGE_KINDS = [
  'LOGS',
  'ARTIFACTS',
  'CHECKPOINTS',
  'METRICS',
  'EVENTS',
  'TRACES',
  'DATASETS',
  'EVALUATIONS',
  'AUDIT',
  'OTHER',
] as const;

export type StorageKind = (typeof STORAGE_KINDS)[number];

/** `rows` is an estimate for what is in the database, and exact for files. */
export type StoragePart = { kind: StorageKind; bytes: number; rows: number; oldestAt: Date | null };

/** Whose tables they are; what stands nowhere is OTHER. */
const TABLES: Partial<Record<StorageKind, string[]>> = {
  LOGS: ['log_chunks'],
  METRICS: ['metric_points'],
  EVENTS: ['run_events'],
  TRACES: ['traces', 'trace_search', 'search_backlog', 'scores', 'import_sessions'],
  DATASETS: [
    'datasets',
    'dataset_items',
    'dataset_builds',
    'dataset_checks',
    'findings',
    'finding_waivers',
    'render_previews',
  ],
  EVALUATIONS: [
    'evaluations',
    'evaluation_items',
    'predictions',
    'evaluation_sets',
    'evaluation_set_items',
    'boards',
    'board_entries',
    'board_values',
    'baselines',
    'checks',
  ],
  AUDIT: ['audit_entries'],
};

/** Where the rows of a kind are; the others' tables only belong to those. */
const MAIN = new Set([
  'log_chunks',
  'metric_points',
  'run_events',
  'traces',
  'datasets',
  'evaluations',
  'audit_entries',
]);

// The estimate of the planner, or of the statistics as long as nobody has analysed the table.
const SIZES = `
  SELECT class.relname AS name, pg_total_relation_size(class.oid)::float8 AS bytes,
         CASE WHEN class.reltuples >= 0 THEN class.reltuples
              ELSE coalesce(pg_stat_get_live_tuples(class.oid), 0) END::float8 AS rows
  FROM pg_class class WHERE class.relkind = 'r' AND class.relnamespace = 'public'::regnamespace`;

// Each is the first entry of an index, but for evaluations, of which there are few. Ids of runs begin
// with their time, so what belongs to the oldest run comes first.
const OLDEST = `
  SELECT (SELECT created_at FROM log_chunks ORDER BY run_id, first_seq LIMIT 1) AS "LOGS",
         (SELECT at FROM metric_points ORDER BY run_id, seq LIMIT 1) AS "METRICS",
         (SELECT created_at FROM run_events ORDER BY run_id, seq LIMIT 1) AS "EVENTS",
         (SELECT min(created_at) FROM traces) AS "TRACES",
         (SELECT min(created_at) FROM datasets) AS "DATASETS",
         (SELECT min(created_at) FROM evaluations) AS "EVALUATIONS",
         (SELECT min(at) FROM audit_entries) AS "AUDIT"`;

// Equal files are one object; one that is also something else than a checkpoint stays when those go.
const FILES = `
  SELECT CASE WHEN is_checkpoint THEN 'CHECKPOINTS' ELSE 'ARTIFACTS' END AS kind,
         sum(size)::float8 AS bytes, sum(files)::int AS rows, min(created_at) AS "oldestAt"
  FROM (SELECT bool_and(kind = 'CHECKPOINT') AS is_checkpoint, max(size) AS size,
               count(*) AS files, min(created_at) AS created_at
        FROM artifacts WHERE deleted_at IS NULL GROUP BY sha256) AS object
  GROUP BY 1`;

type Table = { name: string; bytes: number; rows: number };

/** Every kind, in the order of `STORAGE_KINDS`. */
export async function readStorage(sql: Pick<Pool, 'query'>): Promise<StoragePart[]> {
  const tables = await sql.query<Table>(SIZES);
  const oldest = await sql.query<Partial<Record<StorageKind, Date | null>>>(OLDEST);
  const files = await sql.query<StoragePart>(FILES);
  const whole = await sql.query<{ bytes: number }>(
    'SELECT pg_database_size(current_database())::float8 AS bytes',
  );
  const inTables = STORAGE_KINDS.flatMap((kind): StoragePart[] => {
    const own = tables.rows.filter(({ name }) => TABLES[kind]?.includes(name));
    if (own.length === 0) return [];
    const bytes = own.reduce((sum, table) => sum + table.bytes, 0);
    const rows = own.find(({ name }) => MAIN.has(name))?.rows ?? 0;
    return [{ kind, bytes, rows, oldestAt: oldest.rows[0]?.[kind] ?? null }];
  });
  const known = inTables.reduce((sum, { bytes }) => sum + bytes, 0);
  const rest = Math.max(0, (whole.rows[0]?.bytes ?? 0) - known);
  const found = [
    ...inTables,
    ...files.rows,
    { kind: 'OTHER' as const, bytes: rest, rows: 0, oldestAt: null },
  ];
  return STORAGE_KINDS.map(
    (kind) =>
      found.find((part) => part.kind === kind) ?? { kind, bytes: 0, rows: 0, oldestAt: null },
  );
}

/** How long a kind is kept: the setting that says it, and what it says; null where nothing is deleted. */
export function retentionOf(
  kind: StorageKind,
  { logs, artifacts, events }: Pick<Config, 'logs' | 'artifacts' | 'events'>,
): { setting: string; days: number } | null {
  switch (kind) {
    case 'LOGS':
      return { setting: 'LOG_RETENTION_DAYS', days: logs.retentionDays };
    case 'CHECKPOINTS':
      return { setting: 'CHECKPOINT_RETENTION_DAYS', days: artifacts.checkpointDays };
    case 'ARTIFACTS':
      return { setting: 'ARTIFACT_RETENTION_DAYS', days: artifacts.fileDays };
    case 'METRICS':
    case 'EVENTS':
      return { setting: 'EVENT_RETENTION_DAYS', days: events.retentionDays };
    default:
      return null;
  }
}
