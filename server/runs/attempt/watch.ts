/**
 * Watches over one attempt: renews its lease, and says when and why the child must stop. What wants
 * it to stop may come from a user, the clock, this runner's own end, or the loss of the lease.
 */
import type { App } from '../../app.ts';
import { type Lease, LeaseLostError, renewLease } from '../lease.ts';

/** Reasons in rising urgency; the last two do not wait for a checkpoint. */
export type StopReason = 'SHUTDOWN' | 'CANCEL_SAVE' | 'TIMEOUT' | 'CANCEL_NOW' | 'LEASE_LOST';

const urgency: Record<StopReason, number> = {
  SHUTDOWN: 1,
  CANCEL_SAVE: 2,
  TIMEOUT: 3,
  CANCEL_NOW: 4,
  LEASE_LOST: 5,
};

export type Watch = {
  /** Aborts when the child should stop, by itself after a checkpoint. */
  readonly stop: AbortSignal;
  /** Aborts when it must be gone at once. */
  readonly kill: AbortSignal;
  /** Aborts when this attempt may not write any more. */
  readonly lost: AbortSignal;
  /** Why, or null while nothing wants it to stop. */
  readonly reason: StopReason | null;
  [Symbol.asyncDispose](): Promise<void>;
};

/**
 * When to try again what was not renewed, in ms. An outage that is over before the lease is costs no
 * attempt only if somebody notices in time that it is over.
 */
const TRY_AGAIN_MS = 500;

/** Starts to watch. `timeoutSeconds` counts from the first start of the run. */
export function watchAttempt(
  app: Pick<App, 'sql' | 'bell' | 'log'>,
  lease: Lease,
  timeoutSeconds: number,
  runner: { shutdown: AbortSignal; givenUp?: AbortSignal },
): Watch {
  const stop = new AbortController();
  const kill = new AbortController();
  const lost = new AbortController();
  const end = new AbortController();
  let reason: StopReason | null = null;
  const ask = (why: StopReason) => {
    if (reason && urgency[why] <= urgency[reason]) return;
    reason = why;
    stop.abort();
    if (why === 'CANCEL_NOW' || why === 'LEASE_LOST') kill.abort();
    if (why === 'LEASE_LOST') lost.abort();
  };

  // A monotonic clock: the attempt must fence itself before the database's lease runs out, whatever
  // happens to the wall clock. The margin covers the child's own end.
  const seconds = () => performance.now() / 1000;
  const margin = Math.min(3, lease.seconds / 5);
  const timeoutAt = seconds() + timeoutSeconds - lease.elapsed;
  let heldUntil = lease.askedAt + lease.seconds - margin;

  /** Whether it was renewed. */
  const renew = async (): Promise<boolean> => {
    const asked = seconds();
    try {
      const { cancel } = await renewLease(app, lease);
      heldUntil = asked + lease.seconds - margin;
      if (cancel) ask(cancel === 'NOW' ? 'CANCEL_NOW' : 'CANCEL_SAVE');
      return true;
    } catch (error) {
      if (error instanceof LeaseLostError) ask('LEASE_LOST');
      else app.log.warn({ err: error, runId: lease.runId }, 'lease not renewed');
      return false;
    }
  };

  // Its own timer, so that a renewal that hangs cannot keep it from firing.
  const clock = setInterval(() => {
    if (seconds() > heldUntil) ask('LEASE_LOST');
    if (seconds() > timeoutAt) ask('TIMEOUT');
    if (runner.shutdown.aborted) ask('SHUTDOWN');
    if (runner.givenUp?.aborted) ask('LEASE_LOST');
  }, 100);

  const loop = async () => {
    using bell = app.bell.listen(`cancel:${lease.runId}`);
    while (!end.signal.aborted && !lost.signal.aborted) {
      const isHeld = await renew();
      await bell.heard(end.signal, isHeld ? (lease.seconds * 1000) / 3 : TRY_AGAIN_MS);
    }
  };
  const renewing = loop();

  return {
    stop: stop.signal,
    kill: kill.signal,
    lost: lost.signal,
    get reason() {
      return reason;
    },
    async [Symbol.asyncDispose]() {
      end.abort();
      clearInterval(clock);
      await renewing;
    },
  };
}
