/**
 * The live log of a run: the lines after a cursor, then what comes, until the run has ended and all of
 * it was delivered. The bell says when to look; the table says what there is.
 */
import type { App } from '../app.ts';
import { cancellable } from '../lib/cancellable.ts';
import { untilAnswered } from '../lib/untilAnswered.ts';
import type { StreamCompleted, StreamPhase } from '../runs/follow.ts';
import type { RunState } from '../runs/states.ts';
import { isFinal } from '../runs/status.ts';
import type { LogOpenLine, LogPart } from './model.ts';

export type RunLogEvent = LogPart | LogOpenLine | StreamPhase | StreamCompleted;

/** What stands in the unfinished line; null when nothing does, or line `seq` has come after it. */
const openLineOf = (state: RunState, seq: number): LogOpenLine | null => {
  const { openLine, openStream, epoch, lastLogSeq } = state;
  return openLine !== null && openStream !== null && lastLogSeq >= seq
    ? { kind: 'open', seq: lastLogSeq + 1, attempt: epoch, stream: openStream, text: openLine }
    : null;
};

/** Whether the viewer's unfinished line must change from what it was told last. */
function isNews(told: LogOpenLine | null, now: LogOpenLine | null): boolean {
  if (!told || !now) return told !== now;
  return told.seq !== now.seq || told.text !== now.text || told.stream !== now.stream;
}

/** Follows the log of a run from after line `after`. Ends with `completed`. */
export function followLog(app: Pick<App, 'runStates' | 'logHub'>, runId: string, after: number) {
  return cancellable<RunLogEvent>(async function* (signal) {
    using watch = app.runStates.watch(runId);
    using log = app.logHub.follow(runId);
    let seq = after;
    let phase: StreamPhase['phase'] | null = null;
    let told: LogOpenLine | null = null;
    while (!signal.aborted) {
      let state = await watch.next(signal);
      if (!state) return;
      if (phase === null && state.lastLogSeq > seq) {
        phase = 'BACKFILL';
        yield { kind: 'phase', phase, behindBy: state.lastLogSeq - seq };
      }
      // What is stored now, and what is stored meanwhile.
      while (seq < state.lastLogSeq && !signal.aborted) {
        const known = state.lastLogSeq;
        const part = await untilAnswered(signal, () => log.read(seq, known));
        // Deleted: what is known of it is that it ended.
        if (!part) break;
        yield part;
        seq = part.lastSeq;
        state = watch.latest ?? state;
      }
      if (signal.aborted) return;
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
      const open = openLineOf(state, seq);
      // A batch has taken the place of what was told before.
      if (told && told.seq <= seq) told = null;
      if (isNews(told, open)) yield open ?? { ...(told as LogOpenLine), text: '' };
      told = open;
    }
  });
}
