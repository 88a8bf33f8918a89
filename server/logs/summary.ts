/** What a log consists of, without its lines. */
import type { Pool } from 'pg';
import type { LogStream } from '../../prisma/generated/client/enums.ts';

export type LogAttempt = { attempt: number; firstSeq: number; lastSeq: number };

export type LogSummary = {
  lines: number;
  bytes: number;
  /** Those that wrote something, in order. */
  attempts: LogAttempt[];
  linesOf: Record<LogStream, number>;
  gaps: number;
  /** When its lines were deleted, or null. */
  deletedAt: Date | null;
};

type Row = {
  attempt: number;
  stream: LogStream;
  firstSeq: number;
  lastSeq: number;
  lines: number;
  bytes: number;
  gaps: number;
};

const PARTS = `
  SELECT attempt, stream, min(first_seq) AS "firstSeq", max(last_seq) AS "lastSeq",
         sum(last_seq - first_seq + 1)::float8 AS lines, sum(bytes)::float8 AS bytes,
         count(lost_bytes)::int AS gaps
  FROM log_chunks WHERE run_id = $1 GROUP BY attempt, stream ORDER BY attempt`;

/** Sums up what is stored of a log. */
export async function summariseLog(sql: Pool, runId: string): Promise<LogSummary> {
  const { rows } = await sql.query<Row>(PARTS, [runId]);
  const run = await sql.query<{ deletedAt: Date | null }>(
    'SELECT log_deleted_at AS "deletedAt" FROM runs WHERE id = $1',
    [runId],
  );
  const sum = (of: (row: Row) => number) => rows.reduce((total, row) => total + of(row), 0);
  const linesOf = (stream: LogStream) => sum((row) => (row.stream === stream ? row.lines : 0));
  const attempts = [...Map.groupBy(rows, ({ attempt }) => attempt)].map(([attempt, parts]) => ({
    attempt,
    firstSeq: Math.min(...parts.map(({ firstSeq }) => firstSeq)),
    lastSeq: Math.max(...parts.map(({ lastSeq }) => lastSeq)),
  }));
  return {
    lines: sum(({ lines }) => lines),
    bytes: sum(({ bytes }) => bytes),
    attempts,
    linesOf: {
      STDOUT: linesOf('STDOUT'),
      STDERR: linesOf('STDERR'),
      SYSTEM: linesOf('SYSTEM'),
    },
    gaps: sum(({ gaps }) => gaps),
    deletedAt: run.rows[0]?.deletedAt ?? null,
  };
}
