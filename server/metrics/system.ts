/**
 * Numbers about the whole system, read from its rows at each scrape: right after a restart and with
 * any number of processes. Every process of the API tells the same ones; take the maximum of them.
 */
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../lib/transaction.ts';
import { IS_ONLINE } from '../runners/read.ts';
import { readStorage } from '../storage/read.ts';
import { type Family, family } from './family.ts';
import { readRunFamilies } from './runsNow.ts';

/** A scrape that takes longer is worth nothing: Prometheus has given up. */
const TIMEOUT_MS = 8_000;
/** Queues with waiting runs that are told by name; the longest ones. */
const QUEUES = 50;
/** The name of the queue of runs that require no label; no label has brackets. */
const ANY = '(any)';

type Read = (client: PoolClient) => Promise<Family[]>;

const rowsOf = async <T extends object>(client: PoolClient, name: string, text: string) =>
  (await client.query<T>({ name: `metrics-${name}`, text })).rows;

const readQueues: Read = async (client) => {
  type Row = { queue: string; runs: number; age: number };
  const rows = await rowsOf<Row>(
    client,
    'queues',
    `SELECT array_to_string(required_labels, ',') AS queue, count(*)::int AS runs,
            greatest(0, extract(epoch FROM clock_timestamp() - min(queued_at)))::float8 AS age
     FROM runs WHERE status = 'PENDING' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${QUEUES}`,
  );
  const [paused] = await rowsOf<{ queues: number }>(
    client,
    'paused',
    'SELECT count(*)::int AS queues FROM run_queues WHERE paused_at IS NOT NULL',
  );
  const by = (pick: (row: Row) => number) =>
    rows.map((row): [{ queue: string }, number] => [{ queue: row.queue || ANY }, pick(row)]);
  return [
    family(
      'gauge',
      'tunix_queue_waiting_runs',
      'Runs that wait by queue; a queue is named by the labels its runs require.',
      by(({ runs }) => runs),
    ),
    family(
      'gauge',
      'tunix_queue_oldest_wait_seconds',
      'How long the run that waits longest has waited by queue.',
      by(({ age }) => age),
    ),
    family('gauge', 'tunix_queues_paused', 'Queues that are paused.', [[{}, paused?.queues ?? 0]]),
  ];
};

const readAttempts: Read = async (client) => {
  const rows = await rowsOf<{ status: string; attempts: number }>(
    client,
    'attempts',
    `SELECT lower(status::text) AS status, count(*)::int AS attempts FROM run_attempts GROUP BY 1`,
  );
  const [running] = await rowsOf<{ lapsed: number; silence: number }>(
    client,
    'running',
    `SELECT count(*) FILTER (WHERE attempt.lease_until < clock_timestamp())::int AS lapsed,
            coalesce(max(extract(epoch FROM clock_timestamp() -
              greatest(attempt.started_at, log.at, event.at))), 0)::float8 AS silence
     FROM run_attempts attempt
     LEFT JOIN LATERAL (SELECT created_at AS at FROM log_chunks WHERE run_id = attempt.run_id
                        ORDER BY first_seq DESC LIMIT 1) log ON true
     LEFT JOIN LATERAL (SELECT created_at AS at FROM run_events WHERE run_id = attempt.run_id
                        ORDER BY seq DESC LIMIT 1) event ON true
     WHERE attempt.status = 'RUNNING'`,
  );
  return [
    family(
      'counter',
      'tunix_attempts_total',
      'Attempts that ended by outcome; a lost one was not heard of any more.',
      rows
        .filter(({ status }) => status !== 'running')
        .map(({ status, attempts }) => [{ outcome: status }, attempts]),
    ),
    family('gauge', 'tunix_attempts_lapsed', 'Attempts whose lease lapsed and nobody ended yet.', [
      [{}, running?.lapsed ?? 0],
    ]),
    family(
      'gauge',
      'tunix_runs_longest_silence_seconds',
      'How long the running run that has been silent longest has stored neither a line nor an event.',
      [[{}, Math.max(0, running?.silence ?? 0)]],
    ),
  ];
};

const readRunners: Read = async (client) => {
  const [row] = await rowsOf<{ online: number; draining: number; lost: number; slots: number }>(
    client,
    'runners',
    `SELECT count(*) FILTER (WHERE ${IS_ONLINE} AND draining_at IS NULL)::int AS online,
            count(*) FILTER (WHERE ${IS_ONLINE} AND draining_at IS NOT NULL)::int AS draining,
            count(*) FILTER (WHERE stopped_at IS NULL AND NOT ${IS_ONLINE})::int AS lost,
            coalesce(sum(slots) FILTER (WHERE ${IS_ONLINE} AND draining_at IS NULL), 0)::int AS slots
     FROM runners WHERE heartbeat_at > clock_timestamp() - interval '1 day'`,
  );
  return [
    family(
      'gauge',
      'tunix_runners',
      'Runners by state; lost ones fell silent within a day without saying good-bye.',
      [
        [{ state: 'online' }, row?.online ?? 0],
        [{ state: 'draining' }, row?.draining ?? 0],
        [{ state: 'lost' }, row?.lost ?? 0],
      ],
    ),
    family('gauge', 'tunix_runners_slots', 'Runs that all runners online may execute at once.', [
      [{}, row?.slots ?? 0],
    ]),
  ];
};

const readImports: Read = async (client) => {
  type Row = {
    status: string;
    imports: number;
    stored: number;
    duplicates: number;
    rejected: number;
  };
  const rows = await rowsOf<Row>(
    client,
    'imports',
    `SELECT lower(status::text) AS status, count(*)::int AS imports, sum(stored)::float8 AS stored,
            sum(duplicates)::float8 AS duplicates, sum(rejected)::float8 AS rejected
     FROM import_sessions GROUP BY 1`,
  );
  const lines = (what: 'stored' | 'duplicates' | 'rejected') =>
    rows.reduce((sum, row) => sum + row[what], 0);
  return [
    family(
      'gauge',
      'tunix_imports',
      'Imports of traces by the status they have now.',
      rows.map(({ status, imports }) => [{ status }, imports]),
    ),
    family('counter', 'tunix_import_lines_total', 'Lines of imports of traces by outcome.', [
      [{ outcome: 'stored' }, lines('stored')],
      [{ outcome: 'duplicate' }, lines('duplicates')],
      [{ outcome: 'rejected' }, lines('rejected')],
    ]),
  ];
};

const readDatabase: Read = async (client) => {
  const [row] = await rowsOf<{ bytes: number; oldest: number }>(
    client,
    'database',
    `SELECT pg_database_size(current_database())::float8 AS bytes,
            coalesce((SELECT max(extract(epoch FROM clock_timestamp() - xact_start))
                      FROM pg_stat_activity WHERE datname = current_database()), 0)::float8 AS oldest`,
  );
  return [
    family('gauge', 'tunix_db_size_bytes', 'Size of the database.', [[{}, row?.bytes ?? 0]]),
    family(
      'gauge',
      'tunix_db_oldest_transaction_seconds',
      'Age of the oldest transaction on the database: while it lasts, nothing deleted since is given back.',
      [[{}, Math.max(0, row?.oldest ?? 0)]],
    ),
  ];
};

const readStored: Read = async (client) => {
  const parts = await readStorage(client);
  return [
    family(
      'gauge',
      'tunix_storage_bytes',
      'Bytes stored by kind: files in the artifact store, everything else in the database.',
      parts.map(({ kind, bytes }) => [{ kind: kind.toLowerCase() }, bytes]),
    ),
  ];
};

const READS: readonly Read[] = [
  readRunFamilies,
  readQueues,
  readAttempts,
  readRunners,
  readImports,
  readDatabase,
  readStored,
];

/** Reads them all on one connection. Rejects while the database does not answer. */
export async function readSystem(sql: Pool): Promise<Family[]> {
  return inTransaction(sql, async (client) => {
    await client.query(`SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = ${TIMEOUT_MS}`);
    const all: Family[] = [];
    for (const read of READS) all.push(...(await read(client)));
    return all;
  });
}
