import type { App } from '../../app.ts';
import type { Lease } from '../lease.ts';
import type { Outcome } from './outcome.ts';

/** How an attempt came out for its runner: fenced when it lost the run, broken when its end was not stored. */
type SeenOutcome = Outcome['status'] | 'FENCED' | 'BROKEN';

/** An attempt under way, for the numbers and the spans of the runner. */
export type ObservedAttempt = Disposable & {
  identify(run: { number: number; mode: string }): void;
  /** BROKEN until it is called. */
  ended(outcome: SeenOutcome): void;
};

/** Counts an attempt, and opens a span for it that begins with its claim. */
export function observeAttempt(
  app: Pick<App, 'metrics' | 'tracing'>,
  { runId, epoch, askedAt }: Lease,
): ObservedAttempt {
  const count = app.metrics.runner.attemptStarted();
  const claimedAt = performance.timeOrigin + askedAt * 1000;
  const attributes = { 'tunix.run.id': runId, 'tunix.attempt': epoch };
  const span = app.tracing.start('attempt', attributes, null, claimedAt);
  app.tracing.start('claim', attributes, span, claimedAt).end();
  let seen: SeenOutcome = 'BROKEN';
  return {
    identify: ({ number, mode }) =>
      span.set({ 'tunix.run.number': number, 'tunix.run.mode': mode }),
    ended(outcome) {
      seen = outcome;
    },
    [Symbol.dispose]() {
      const outcome = seen.toLowerCase();
      count(outcome);
      span.set({ 'tunix.attempt.outcome': outcome });
      const isFine = ['COMPLETED', 'CANCELLED', 'RELEASED'].includes(seen);
      span.end(isFine ? undefined : outcome);
    },
  };
}
