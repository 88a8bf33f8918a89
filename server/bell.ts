/**
 * A doorbell between processes, over Postgres LISTEN/NOTIFY.
 *
 * A ring carries no data and may be lost. It only says "look again": listeners read the table,
 * which is the truth, and also look every `patience` ms on their own.
 */
import type { Pool } from 'pg';
import type { Log } from './log.ts';

const CHANNEL = 'tunix_rt';
/** Rings of one topic are sent at most this often; the first goes out at once. */
const COALESCE_MS = 5;

/**
 * `run:<id>` for one run's log, events and metrics; `cancel:<id>` for the runner of a run or an
 * evaluation; `build:<key>` for the building of a dataset; `runs` for any change of a run or a runner;
 * `queue` for what may let a runner take a run: one that begins to wait, a queue that goes on;
 * `traces` for new traces, which are to be indexed; `access` for a person, session or key that may do less
 * than before.
 */
export type Topic =
  | `run:${string}`
  | `cancel:${string}`
  | `import:${string}`
  | `build:${string}`
  | `check:${string}`
  | `preview:${string}`
  | `evaluation:${string}`
  | 'runs'
  | 'queue'
  | 'traces'
  | 'evaluations'
  | 'access';

type Listen = (
  channel: string,
  onRing: (payload: string) => void,
  onReconnect: () => void,
) => Promise<{ close(): Promise<void> }>;

export type Bell = Awaited<ReturnType<typeof openBell>>;

/** Opens the process's one LISTEN connection. */
export async function openBell(sql: Pool, listen: Listen, log: Log, patience = 2_000) {
  const ears = new Map<string, Set<() => void>>();
  const wake = (topic: string) => {
    for (const ring of ears.get(topic) ?? []) ring();
  };
  const wakeAll = () => {
    for (const topic of ears.keys()) wake(topic);
  };
  const handle = await listen(CHANNEL, wake, wakeAll);

  const waiting = new Map<string, { again: boolean }>();
  const send = (topic: string) =>
    sql
      .query('SELECT pg_notify($1, $2)', [CHANNEL, topic])
      .catch((error: unknown) => log.debug({ err: error, topic }, 'ring lost'));

  /** Rings once now, and once more after the pause if asked in between. */
  const ring = (topic: Topic) => {
    const pause = waiting.get(topic);
    if (pause) {
      pause.again = true;
      return;
    }
    const state = { again: false };
    waiting.set(topic, state);
    void send(topic);
    setTimeout(() => {
      waiting.delete(topic);
      if (state.again) ring(topic);
    }, COALESCE_MS).unref();
  };

  return {
    /** Says after a commit that something of this topic changed. Never fails, never waits. */
    ring,
    /** How many listeners there are; a test that leaves one fails. */
    get listeners() {
      return [...ears.values()].reduce((sum, set) => sum + set.size, 0);
    },
    /** Listens from now on. Read the table after this, so that nothing slips between. */
    listen(topic: Topic) {
      let rung = false;
      let resume: (() => void) | undefined;
      const onRing = () => {
        rung = true;
        resume?.();
      };
      const set = ears.get(topic) ?? new Set();
      ears.set(topic, set.add(onRing));
      return {
        /** Resolves at the next ring, after `patience`, or when the signal aborts. */
        async heard(signal: AbortSignal, wait = patience) {
          if (!rung && !signal.aborted) {
            await new Promise<void>((resolve) => {
              const done = () => {
                clearTimeout(timer);
                signal.removeEventListener('abort', done);
                resolve();
              };
              const timer = setTimeout(done, wait);
              resume = done;
              signal.addEventListener('abort', done, { once: true });
            });
          }
          resume = undefined;
          rung = false;
        },
        [Symbol.dispose]() {
          set.delete(onRing);
          if (set.size === 0 && ears.get(topic) === set) ears.delete(topic);
        },
      };
    },
    async close() {
      await handle.close();
    },
  };
}
