/**
 * Where runs stand, for everybody who follows one: many followers of a run share one reader, and
 * all runs that rang meanwhile share one statement.
 */
import type { Pool } from 'pg';
import type { LogStream, RunStatus } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { gather } from '../lib/gather.ts';
import { shared } from '../lib/shared.ts';
import { untilAnswered } from '../lib/untilAnswered.ts';
import { type MetricRow, readMetricsAfter } from './metricsRead.ts';
import { type RunEventRow, readEvents } from './read.ts';

export type RunState = {
  status: RunStatus;
  exitCode: number | null;
  /** Number of the current attempt; 0 before any. */
  epoch: number;
  lastLogSeq: number;
  /** When the lines were deleted, or null. */
  logDeletedAt: Date | null;
  /** What stands in the unfinished line of the attempt that runs, or null. */
  openLine: string | null;
  openStream: LogStream | null;
  lastEventSeq: number;
  lastMetricSeq: number;
  /** Evaluations that are not done: more will happen to the run although it has ended. */
  openEvaluations: number;
};

const STATES = `
  SELECT run.id, run.status, run.exit_code AS "exitCode", run.epoch,
         run.last_log_seq AS "lastLogSeq", run.log_deleted_at AS "logDeletedAt",
         attempt.open_line AS "openLine", attempt.open_stream AS "openStream",
         run.last_event_seq AS "lastEventSeq", run.last_metric_seq AS "lastMetricSeq",
         (SELECT count(*)::int FROM evaluations
          WHERE run_id = run.id AND status IN ('PENDING', 'RUNNING')) AS "openEvaluations"
  FROM runs run LEFT JOIN run_attempts attempt
    ON attempt.run_id = run.id AND attempt.epoch = run.epoch AND attempt.status = 'RUNNING'
  WHERE run.id = ANY($1)`;

/** Where runs stand, in the order asked; null where there is none. */
export async function readStates(
  sql: Pool,
  runIds: readonly string[],
): Promise<(RunState | null)[]> {
  const { rows } = await sql.query<RunState & { id: string }>({
    name: 'run-states',
    text: STATES,
    values: [[...new Set(runIds)]],
  });
  const states = new Map(rows.map(({ id, ...state }) => [id, state]));
  return runIds.map((id) => states.get(id) ?? null);
}

async function readTime(sql: Pool): Promise<Date> {
  const { rows } = await sql.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  if (!rows[0]) throw new Error('the database tells no time');
  return rows[0].now;
}

/** Most runs in one statement. */
const AT_ONCE = 5_000;

/** A follower's own view: it sees the state now, then each one that differs from what it saw. */
export type RunWatch = Disposable & {
  /** The next state it has not seen; null when there is no such run, and when `signal` aborts. */
  next(signal: AbortSignal): Promise<RunState | null>;
  /** The newest state that is known, without a wait. */
  readonly latest: RunState | null;
};

export type RunStates = ReturnType<typeof openRunStates>;

/** Opens the readers; each lives as long as somebody watches its run. */
export function openRunStates(app: Pick<App, 'sql' | 'bell'>) {
  const read = gather((runIds: readonly string[]) => readStates(app.sql, runIds), AT_ONCE);
  const readers = new Map<string, Reader>();

  const events = shared<RunEventRow[]>();
  const points = shared<MetricRow[]>();
  const clock = shared<Date>();

  return {
    /** The time by the clock of the database, read once for all who ask at once. */
    now: () => clock('', () => readTime(app.sql)),
    /** A page of the events after event `after`, read once for all who are there. */
    eventsAfter: (runId: string, after: number) =>
      events(`${runId} ${after}`, async () => (await readEvents(app.sql, runId, after)).events),
    /** The same of metric points. */
    metricsAfter: (runId: string, after: number) =>
      points(`${runId} ${after}`, () => readMetricsAfter(app.sql, runId, after)),
    /** Watches a run from now on. */
    watch(runId: string): RunWatch {
      let reader = readers.get(runId);
      if (!reader) {
        reader = openReader(
          app.bell.listen(`run:${runId}`),
          (signal) => untilAnswered(signal, () => read(runId)),
          () => readers.delete(runId),
        );
        readers.set(runId, reader);
      }
      return reader.join();
    },
  };
}

type Ear = ReturnType<App['bell']['listen']>;
type Reader = { join(): RunWatch };

/** Reads one run at every ring, for all who watch it. `ear` listened before the first look. */
function openReader(
  ear: Ear,
  look: (signal: AbortSignal) => Promise<RunState | null>,
  onEnd: () => void,
): Reader {
  const stop = new AbortController();
  const waiting = new Set<() => void>();
  let watchers = 0;
  let state: RunState | null = null;
  let version = 0;
  let text: string | null = null;
  let failure: { error: unknown } | null = null;

  const tell = () => {
    version += 1;
    for (const wake of waiting) wake();
  };
  const refresh = async () => {
    const seen = await look(stop.signal);
    if (stop.signal.aborted) return;
    const seenText = JSON.stringify(seen);
    if (seenText === text) return;
    [state, text] = [seen, seenText];
    tell();
  };
  const end = () => {
    onEnd();
    stop.abort();
    ear[Symbol.dispose]();
  };
  const loop = async () => {
    while (!stop.signal.aborted) {
      await ear.heard(stop.signal);
      if (!stop.signal.aborted) await refresh();
    }
  };
  loop().catch((error: unknown) => {
    if (stop.signal.aborted) return;
    failure = { error };
    end();
    tell();
  });
  const changed = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const done = () => {
        waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      waiting.add(done);
      signal.addEventListener('abort', done, { once: true });
    });

  const join = (): RunWatch => {
    let seen: number | null = null;
    watchers += 1;
    return {
      get latest() {
        return state;
      },
      async next(signal) {
        // Its own first look: what is true when it comes, not what others saw before.
        if (seen === null) await refresh();
        while (version === seen && !signal.aborted) await changed(signal);
        if (failure) throw failure.error;
        seen = version;
        return signal.aborted ? null : state;
      },
      [Symbol.dispose]() {
        watchers -= 1;
        if (watchers === 0 && !stop.signal.aborted) end();
      },
    };
  };
  return { join };
}
