/** Runs, their durations and their waits, counted from the rows in one statement. */
import type { PoolClient } from 'pg';
import type { RunMode, RunStatus } from '../../prisma/generated/client/enums.ts';
import { isFinal } from '../runs/status.ts';
import { type Distribution, type Family, family, histogram } from './family.ts';

/** From a dry run of a second to a training of a week. */
const DURATIONS = [
  1, 10, 60, 300, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400, 172_800, 345_600, 604_800,
];
const WAITS = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400, 43_200, 86_400];

/**
 * In which bucket seconds fall, from 0; null for null. Times have milliseconds and a bound belongs to
 * the bucket below it, so buckets begin half a millisecond after their bound.
 */
const bucketOf = (seconds: string, bounds: readonly number[]) =>
  `width_bucket(${seconds}, ARRAY[${bounds.map((bound) => bound + 0.0005).join(', ')}]::float8[])`;

// A run that has ended never changes, and runs are never deleted: what is counted here only rises.
// An EXTERNAL run was trained elsewhere; nobody knows how long it waited and took.
const RUNS = `
  SELECT mode, status, ${bucketOf('duration', DURATIONS)} AS "durationBucket",
         ${bucketOf('wait', WAITS)} AS "waitBucket", count(*)::int AS runs,
         coalesce(sum(greatest(duration, 0)), 0) AS duration,
         coalesce(sum(greatest(wait, 0)), 0) AS wait
  FROM (
    SELECT mode, status,
           CASE WHEN mode <> 'EXTERNAL'
                THEN extract(epoch FROM finished_at - started_at)::float8 END AS duration,
           CASE WHEN mode <> 'EXTERNAL'
                THEN extract(epoch FROM started_at - created_at)::float8 END AS wait
    FROM runs
  ) AS run
  GROUP BY 1, 2, 3, 4`;

/** Runs of one mode and status that fall into the same buckets. */
type Row = {
  mode: RunMode;
  status: RunStatus;
  runs: number;
  /** Null for those that have not ended, or never started. */
  durationBucket: number | null;
  waitBucket: number | null;
  /** Sums of seconds. */
  duration: number;
  wait: number;
};

const MODES: Record<RunMode, string> = {
  DRY_RUN: 'dry-run',
  LOCAL: 'local',
  EXTERNAL: 'external',
};

/** What rows say of one of their two times. */
function distributionOf(
  rows: readonly Row[],
  time: 'duration' | 'wait',
  bounds: readonly number[],
): Distribution {
  const counts = Array<number>(bounds.length + 1).fill(0);
  let sum = 0;
  for (const row of rows) {
    const bucket = row[`${time}Bucket`];
    if (bucket === null) continue;
    counts[bucket] = (counts[bucket] ?? 0) + row.runs;
    sum += row[time];
  }
  return { counts, sum };
}

type Labelled<T> = [Record<string, string>, T];

const countOf = (rows: readonly Row[]) => rows.reduce((sum, { runs }) => sum + runs, 0);

/** The families about runs as they are now. */
export async function readRunFamilies(client: PoolClient): Promise<Family[]> {
  const { rows } = await client.query<Row>({ name: 'metrics-runs', text: RUNS });
  const groups = Map.groupBy(rows, ({ mode, status }) => `${mode} ${status}`)
    .values()
    .map((group) => {
      const { mode, status } = group[0] as Row;
      const labels = { status: status.toLowerCase(), mode: MODES[mode] };
      return { labels, isOver: isFinal(status), rows: group };
    })
    .toArray();
  const own = Map.groupBy(
    rows.filter(({ mode }) => mode !== 'EXTERNAL'),
    ({ mode }) => MODES[mode],
  );
  const over = groups.filter(({ isOver }) => isOver);
  const made = [...own].map(
    ([mode, all]): Labelled<number> => [{ status: 'pending', mode }, countOf(all)],
  );
  return [
    family(
      'counter',
      'tunix_runs_total',
      'Runs by status they came to and mode: every run once as pending, and once more as how it ended.',
      [...made, ...over.map((group): Labelled<number> => [group.labels, countOf(group.rows)])],
    ),
    family(
      'gauge',
      'tunix_runs',
      'Runs by the status they have now and mode.',
      groups.map((group) => [group.labels, countOf(group.rows)]),
    ),
    histogram(
      'tunix_runs_duration_seconds',
      'Seconds from the first start of a run to its end by mode and status, later attempts included.',
      DURATIONS,
      over
        .filter((group) => group.labels.mode !== MODES.EXTERNAL)
        .map((group) => [group.labels, distributionOf(group.rows, 'duration', DURATIONS)]),
    ),
    histogram(
      'tunix_queue_latency_seconds',
      'Seconds from when a run was stored to its first claim by mode.',
      WAITS,
      [...own].map(([mode, all]) => [{ mode }, distributionOf(all, 'wait', WAITS)]),
    ),
  ];
}
