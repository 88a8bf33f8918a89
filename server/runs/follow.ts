/**
 * Live streams of a run: rows after a cursor, then what comes, until the run has ended and all of it
 * was delivered. The bell says when to look; the table says what there is.
 */
import type { RunStatus } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { cancellable } from '../lib/cancellable.ts';
import { untilAnswered } from '../lib/untilAnswered.ts';
import type { MetricRow } from './metricsRead.ts';
import type { RunEventRow } from './read.ts';
import { isFinal } from './status.ts';

export type StreamPhase = { kind: 'phase'; phase: 'BACKFILL' | 'LIVE'; behindBy: number };
export type StreamCompleted = {
  kind: 'completed';
  lastSeq: number;
  status: RunStatus;
  exitCode: number | null;
};
export type RunStreamEvent =
  | { kind: 'event'; event: RunEventRow; runId: string }
  | { kind: 'metrics'; points: MetricRow[]; runId: string }
  | StreamPhase
  | StreamCompleted;

/**
 * Follows the events of a run from after event `after`, with metric points as they come, from after
 * point `metricsAfter` (null: from now on). Ends with `completed` when the run has ended and its
 * evaluations too.
 */
export function followEvents(
  app: Pick<App, 'runStates'>,
  runId: string,
  after: number,
  metricsAfter: number | null,
) {
  return cancellable<RunStreamEvent>(async function* (signal) {
    using watch = app.runStates.watch(runId);
    let seq = after;
    let metricSeq = metricsAfter;
    let phase: StreamPhase['phase'] | null = null;
    while (!signal.aborted) {
      const state = await watch.next(signal);
      if (!state) return;
      metricSeq ??= state.lastMetricSeq;
      if (phase === null && state.lastEventSeq > seq) {
        phase = 'BACKFILL';
        yield { kind: 'phase', phase, behindBy: state.lastEventSeq - seq };
      }
      while (seq < state.lastEventSeq) {
        const events = await untilAnswered(signal, () => app.runStates.eventsAfter(runId, seq));
        for (const event of events ?? []) {
          yield { kind: 'event', event, runId };
          seq = event.seq;
        }
        if (!events?.length || signal.aborted) break;
      }
      while (metricSeq < state.lastMetricSeq) {
        const from: number = metricSeq;
        const points = await untilAnswered(signal, () => app.runStates.metricsAfter(runId, from));
        const last = points?.at(-1);
        if (!points || !last || signal.aborted) break;
        metricSeq = last.seq;
        yield { kind: 'metrics', points, runId };
      }
      if (isFinal(state.status) && state.openEvaluations === 0) {
        const { status, exitCode } = state;
        yield { kind: 'completed', lastSeq: seq, status, exitCode };
        return;
      }
      if (phase !== 'LIVE') {
        phase = 'LIVE';
        yield { kind: 'phase', phase, behindBy: 0 };
      }
    }
  });
}

/** How many finished runs are watched for a late change, such as an evaluation. */
const WATCHED = 500;

type Versioned = { id: string; number: number; version: number; isOpen: boolean };

const CHANGES = `
  SELECT id, number, version, status IN ('PENDING', 'RUNNING') AS "isOpen" FROM runs
  WHERE status IN ('PENDING', 'RUNNING') OR number > $1 OR id = ANY($2) ORDER BY number`;

const NEWEST = `
  SELECT id, number, version, status IN ('PENDING', 'RUNNING') AS "isOpen" FROM runs
  WHERE status IN ('PENDING', 'RUNNING')
    OR id IN (SELECT id FROM runs ORDER BY number DESC LIMIT ${WATCHED}) ORDER BY number`;

/**
 * Follows changes of runs: first those not finished, then every run that changes. An outage of the
 * database delays it. Never ends.
 */
export function followRuns(app: Pick<App, 'sql' | 'bell'>) {
  return cancellable<{ runId: string }>(async function* (signal) {
    using bell = app.bell.listen('runs');
    const open = new Map<string, number>();
    const ended = new Map<string, number>();
    let lastNumber = 0;
    const isNews = ({ id, number, version, isOpen }: Versioned): boolean => {
      lastNumber = Math.max(lastNumber, number);
      if ((open.get(id) ?? ended.get(id)) === version) return false;
      open.delete(id);
      ended.delete(id);
      (isOpen ? open : ended).set(id, version);
      return true;
    };
    const read = async (text: string, values: unknown[]) =>
      (await untilAnswered(signal, () => app.sql.query<Versioned>(text, values)))?.rows ?? [];
    for (const run of await read(NEWEST, []))
      if (isNews(run) && run.isOpen) yield { runId: run.id };
    while (!signal.aborted) {
      await bell.heard(signal);
      const rows = await read(CHANGES, [lastNumber, [...open.keys(), ...ended.keys()]]);
      for (const run of rows) if (isNews(run)) yield { runId: run.id };
      // The longest unchanged go first. One that is open stays: it would be news at every ring, and its
      // end would be missed.
      while (ended.size > WATCHED) ended.delete(ended.keys().next().value ?? '');
    }
  });
}
