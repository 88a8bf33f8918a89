/**
 * Live streams of a run: rows after a cursor, then what comes, until the run has ended and all of it
 * was delivered. The bell says when to look; the table says what there is.
 */
import type { RunStatus } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { cancellable } from '../lib/cancellable.ts';
import {
  type LogBatch,
  type MetricRow,
  type RunEventRow,
  readEvents,
  readLog,
  readMetricsAfter,
  readState,
} from './read.ts';
import { isFinal } from './status.ts';

export type StreamPhase = { kind: 'phase'; phase: 'BACKFILL' | 'LIVE'; behindBy: number };
export type StreamCompleted = {
  kind: 'completed';
  lastSeq: number;
  status: RunStatus;
  exitCode: number | null;
};
export type RunLogEvent = ({ kind: 'batch' } & LogBatch) | StreamPhase | StreamCompleted;

export type RunStreamEvent =
  | { kind: 'event'; event: RunEventRow; runId: string }
  | { kind: 'metrics'; points: MetricRow[]; runId: string }
  | StreamPhase
  | StreamCompleted;

type Needs = Pick<App, 'sql' | 'bell'>;

/** Follows the log of a run from after line `after`. Ends with `completed`. */
export function followLog(app: Needs, runId: string, after: number) {
  return cancellable<RunLogEvent>(async function* (signal) {
    using bell = app.bell.listen(`run:${runId}`); // listen first, read second: nothing slips between
    let seq = after;
    let phase: StreamPhase['phase'] | null = null;
    while (!signal.aborted) {
      const state = await readState(app.sql, runId);
      if (!state) return;
      const behindBy = Math.max(0, state.lastLogSeq - seq);
      if (phase === null && behindBy > 0) {
        phase = 'BACKFILL';
        yield { kind: 'phase', phase, behindBy };
      }
      const { batches, hasMore } =
        behindBy > 0 ? await readLog(app.sql, runId, seq) : { batches: [], hasMore: false };
      for (const batch of batches) {
        yield { kind: 'batch', ...batch };
        seq = batch.lastSeq;
      }
      if (hasMore) continue;
      if (isFinal(state.status)) {
        // The status was read before the lines, and lines are stored before the status: no more.
        const { status, exitCode } = state;
        yield { kind: 'completed', lastSeq: seq, status, exitCode };
        return;
      }
      if (phase !== 'LIVE') {
        phase = 'LIVE';
        yield { kind: 'phase', phase, behindBy: 0 };
      }
      await bell.heard(signal);
    }
  });
}

/**
 * Follows the events of a run from after event `after`, with metric points as they come, from after
 * point `metricsAfter` (null: from now on). Ends with `completed` when the run has ended and its
 * evaluations too.
 */
export function followEvents(
  app: Needs,
  runId: string,
  after: number,
  metricsAfter: number | null,
) {
  return cancellable<RunStreamEvent>(async function* (signal) {
    using bell = app.bell.listen(`run:${runId}`);
    let seq = after;
    let metricSeq = metricsAfter;
    let phase: StreamPhase['phase'] | null = null;
    while (!signal.aborted) {
      const state = await readState(app.sql, runId);
      if (!state) return;
      metricSeq ??= state.lastMetricSeq;
      const behindBy = Math.max(0, state.lastEventSeq - seq);
      if (phase === null && behindBy > 0) {
        phase = 'BACKFILL';
        yield { kind: 'phase', phase, behindBy };
      }
      const { events, hasMore } = await readEvents(app.sql, runId, seq);
      for (const event of events) {
        yield { kind: 'event', event, runId };
        seq = event.seq;
      }
      const points = await readMetricsAfter(app.sql, runId, metricSeq);
      const last = points.at(-1);
      if (last) {
        metricSeq = last.seq;
        yield { kind: 'metrics', points, runId };
      }
      if (hasMore || last) continue;
      if (isFinal(state.status) && state.openEvaluations === 0) {
        const { status, exitCode } = state;
        yield { kind: 'completed', lastSeq: seq, status, exitCode };
        return;
      }
      if (phase !== 'LIVE') {
        phase = 'LIVE';
        yield { kind: 'phase', phase, behindBy: 0 };
      }
      await bell.heard(signal);
    }
  });
}

/** How many runs are watched for late changes of a finished one, such as an evaluation. */
const WATCHED = 500;

type Versioned = { id: string; number: number; version: number; isOpen: boolean };

const CHANGES = `
  SELECT id, number, version, status IN ('PENDING', 'RUNNING') AS "isOpen" FROM runs
  WHERE status IN ('PENDING', 'RUNNING') OR number > $1 OR id = ANY($2) ORDER BY number`;

const NEWEST = `
  SELECT id, number, version, status IN ('PENDING', 'RUNNING') AS "isOpen" FROM runs
  WHERE status IN ('PENDING', 'RUNNING')
    OR id IN (SELECT id FROM runs ORDER BY number DESC LIMIT ${WATCHED}) ORDER BY number`;

/** Follows changes of runs: first those not finished, then every run that changes. Never ends. */
export function followRuns(app: Needs) {
  return cancellable<{ runId: string }>(async function* (signal) {
    using bell = app.bell.listen('runs');
    const versions = new Map<string, number>();
    let lastNumber = 0;
    const first = (await app.sql.query<Versioned>(NEWEST)).rows;
    for (const { id, number, version, isOpen } of first) {
      lastNumber = Math.max(lastNumber, number);
      versions.set(id, version);
      if (isOpen) yield { runId: id };
    }
    while (!signal.aborted) {
      await bell.heard(signal);
      const { rows } = await app.sql.query<Versioned>(CHANGES, [lastNumber, [...versions.keys()]]);
      for (const { id, number, version } of rows) {
        lastNumber = Math.max(lastNumber, number);
        if (versions.get(id) === version) continue;
        versions.delete(id);
        versions.set(id, version);
        yield { runId: id };
      }
      // The longest unchanged go first.
      while (versions.size > WATCHED) versions.delete(versions.keys().next().value ?? '');
    }
  });
}
