/** A run with a log of any length, written straight into the database: a training would take days. */
import { randomUUIDv7 } from 'node:crypto';
import pg from 'pg';

/** Lines of one stored chunk. */
const CHUNK = 1_000;
/** Chunks of STDERR stand this far apart. */
const STDERR_EVERY = 50;
const STDERR_AT = 7;

export type LongLog = AsyncDisposable & {
  readonly number: number;
  readonly runId: string;
  /** Appends lines `text 1` to `text n`, as a runner does. */
  append(text: string, lines: number): Promise<void>;
  /** Writes into the line that is not finished. */
  write(text: string): Promise<void>;
  /** Ends the run. */
  complete(): Promise<void>;
};

/** What line `seq` says. Every tenth is green. */
export const lineText = (seq: number) => `step ${seq}: loss 0.${String(seq).padStart(7, '0')}`;

/** How many of so many lines are STDERR. */
export const stderrLines = (lines: number) =>
  Array.from({ length: Math.ceil(lines / CHUNK) }, (_, chunk) => chunk).filter(
    (chunk) => chunk % STDERR_EVERY === STDERR_AT,
  ).length * CHUNK;

const CHUNKS = `
  INSERT INTO log_chunks (run_id, first_seq, last_seq, attempt, stream, data, bytes)
  SELECT $1, first, last, 1, stream, data, octet_length(data)
  FROM (
    SELECT min(seq) AS first, max(seq) AS last,
      (CASE WHEN (min(seq) / ${CHUNK}) % ${STDERR_EVERY} = ${STDERR_AT}
        THEN 'STDERR' ELSE 'STDOUT' END)::log_stream AS stream,
      convert_to(string_agg(
        CASE WHEN seq = ANY($3::bigint[]) THEN 'here is the needle'
          WHEN seq % 10 = 0 THEN E'\\x1b[32m' || line || E'\\x1b[0m' ELSE line END || E'\\n',
        '' ORDER BY seq), 'UTF8') AS data
    FROM (
      SELECT seq, 'step ' || seq || ': loss 0.' || lpad(seq::text, 7, '0') AS line
      FROM generate_series(1::bigint, $2::bigint) seq
    ) lines
    GROUP BY (seq - 1) / ${CHUNK}
  ) chunks`;

/** Stores a RUNNING run of nobody on any dataset, with so many lines; those of `needles` say so. */
export async function storeLongLog(
  databaseUrl: string,
  lines: number,
  needles: readonly number[] = [],
): Promise<LongLog> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const [runId, runnerId] = [randomUUIDv7(), randomUUIDv7()];
  const ring = () => client.query(`SELECT pg_notify('tunix_rt', $1)`, [`run:${runId}`]);
  await client.query(
    `INSERT INTO runners (id, name, host, pid, labels) VALUES ($1, 'nobody', 'nowhere', 1, '{}')`,
    [runnerId],
  );
  const { rows } = await client.query<{ number: number }>(
    `INSERT INTO runs (id, dataset_id, model_id, mode, status, config, config_hash, timeout_seconds, epoch,
       last_log_seq, started_at)
     VALUES ($1, (SELECT id FROM datasets LIMIT 1), 'qwen3-tiny', 'LOCAL', 'RUNNING', '{}', repeat('0', 64), 3600, 1, $2, now())
     RETURNING number`,
    [runId, lines],
  );
  await client.query(
    `INSERT INTO run_attempts (run_id, epoch, runner_id, lease_until)
     VALUES ($1, 1, $2, now() + interval '1 day')`,
    [runId, runnerId],
  );
  await client.query(CHUNKS, [runId, lines, needles]);
  return {
    number: rows[0]?.number ?? 0,
    runId,
    async append(text, count) {
      const all = Array.from({ length: count }, (_, index) => `${text} ${index + 1}\n`).join('');
      await client.query(
        `WITH run AS (
           UPDATE runs SET last_log_seq = last_log_seq + $3::int WHERE id = $1
           RETURNING last_log_seq
         )
         INSERT INTO log_chunks (run_id, first_seq, last_seq, attempt, stream, data, bytes)
         SELECT $1, last_log_seq - $3::int + 1, last_log_seq, 1, 'STDOUT', $2::bytea,
           octet_length($2::bytea)
         FROM run`,
        [runId, Buffer.from(all), count],
      );
      await ring();
    },
    async write(text) {
      await client.query(
        `UPDATE run_attempts SET open_line = $2, open_stream = 'STDERR' WHERE run_id = $1`,
        [runId, text],
      );
      await ring();
    },
    async complete() {
      await client.query(
        `UPDATE runs SET status = 'COMPLETED', finished_at = now(), version = version + 1
         WHERE id = $1`,
        [runId],
      );
      await ring();
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}
