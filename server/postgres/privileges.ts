/**
 * What each role of the database may do with each table: nothing that is not said here. A test holds the
 * list against the schema, so a new table is decided on before it is used.
 */

/** The API, a runner, and whoever only looks, such as a dashboard. */
export const ROLES = ['api', 'runner', 'readonly'] as const;
export type Role = (typeof ROLES)[number];

/** `SELECT, UPDATE (last_used_at)`: as GRANT takes it; null for nothing. */
type Rights = Record<Role, string | null>;

const ALL = 'SELECT, INSERT, UPDATE, DELETE';
const LOOK = 'SELECT';

/** A table of the API: a runner reads it, or does `runner` with it. */
const shared = (runner: string | null): Rights => ({ api: ALL, runner, readonly: LOOK });

export const TABLE_RIGHTS: Record<string, Rights> = {
  traces: shared(LOOK),
  trace_search: shared(null),
  search_backlog: shared(null),
  scores: shared(null),
  import_sessions: shared(null),
  datasets: shared(LOOK),
  dataset_items: shared(LOOK),
  dataset_builds: shared(null),
  dataset_checks: shared('SELECT, UPDATE'),
  findings: shared('SELECT, INSERT'),
  finding_waivers: shared(LOOK),
  render_previews: shared('SELECT, UPDATE'),
  evaluation_sets: shared(LOOK),
  evaluation_set_items: shared(LOOK),
  // A runner takes runs and says how they go; it neither makes nor removes one.
  runs: shared('SELECT, UPDATE'),
  run_queues: shared(LOOK),
  run_attempts: shared('SELECT, INSERT, UPDATE'),
  run_events: shared('SELECT, INSERT, DELETE'),
  log_chunks: shared('SELECT, INSERT, DELETE'),
  metric_points: shared('SELECT, INSERT, DELETE'),
  artifacts: shared('SELECT, INSERT, UPDATE'),
  predictions: shared('SELECT, INSERT'),
  evaluations: shared('SELECT, INSERT, UPDATE'),
  evaluation_items: shared('SELECT, INSERT, DELETE'),
  boards: shared('SELECT, INSERT, UPDATE'),
  board_entries: shared('SELECT, INSERT, UPDATE'),
  board_values: shared('SELECT, INSERT, UPDATE'),
  // Files of a baseline outlast their time.
  baselines: shared('SELECT (evaluation_id)'),
  checks: shared(null),
  runners: shared('SELECT, INSERT, UPDATE'),
  // Whose key it is, so that a runner can tell whether its own still holds.
  users: {
    api: ALL,
    runner: 'SELECT (id, email, role, disabled_at)',
    readonly: 'SELECT (id, email, name, role, created_at, last_seen_at, disabled_at)',
  },
  sessions: { api: ALL, runner: null, readonly: null },
  invitations: { api: ALL, runner: null, readonly: null },
  api_keys: {
    api: ALL,
    runner: `SELECT (id, name, prefix, key_hash, scopes, owner_id, expires_at, last_used_at, revoked_at),
      UPDATE (last_used_at)`,
    readonly:
      'SELECT (id, name, prefix, scopes, owner_id, created_by, created_at, expires_at, last_used_at, revoked_at)',
  },
  // Added to by all that act, changed by none.
  audit_entries: { api: 'SELECT, INSERT', runner: 'INSERT', readonly: LOOK },
  _prisma_migrations: { api: LOOK, runner: LOOK, readonly: LOOK },
};

/** What a session of the role starts with. The processes set stricter limits for some statements. */
export const ROLE_SETTINGS: Record<Role, Record<string, string>> = {
  api: { statement_timeout: '60s', idle_in_transaction_session_timeout: '10s' },
  runner: { statement_timeout: '60s', idle_in_transaction_session_timeout: '10s' },
  readonly: {
    statement_timeout: '5min',
    idle_in_transaction_session_timeout: '1min',
    default_transaction_read_only: 'on',
  },
};
