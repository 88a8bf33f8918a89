/** Whether RediAI works: asked at most once for all who want to know, and not again for a while. */
import type { Config } from '../config.ts';

export type RediHealth = {
  mode: 'mock' | 'real';
  status: 'healthy' | 'down';
  /** Why it is down; null while it is healthy. */
  error: string | null;
  checkedAt: Date;
  /** Whether this is an earlier answer. */
  cached: boolean;
};

type Seen = Omit<RediHealth, 'cached'> & { at: number };

/** How long RediAI may take. */
const PATIENCE_SECONDS = 5;

export type Redi = { health(): Promise<RediHealth> };

/**
 * Opens the look at RediAI; it asks nothing by itself. Failures hold as long as successes do, so that
 * one that is down is not asked by everybody. `clock` counts monotonic milliseconds.
 */
export function openRedi(
  { mode, healthUrl, cacheSeconds }: Config['redi'],
  { clock = () => performance.now(), patienceMs = PATIENCE_SECONDS * 1000 } = {},
): Redi {
  let last: Seen | null = null;
  let asking: Promise<Seen> | null = null;
  const ask = async (): Promise<Seen> => {
    const error = mode === 'mock' ? null : await faultOf(healthUrl, patienceMs);
    const status = error === null ? 'healthy' : 'down';
    last = { mode, status, error, checkedAt: new Date(), at: clock() };
    return last;
  };
  return {
    async health() {
      const isFresh = last !== null && clock() - last.at < cacheSeconds * 1000;
      if (last && isFresh) return tell(last, true);
      asking ??= ask().finally(() => {
        asking = null;
      });
      return tell(await asking, false);
    },
  };
}

const tell = ({ at: _, ...seen }: Seen, cached: boolean): RediHealth => ({ ...seen, cached });

/** What is wrong, in the words its users know; null when nothing is. */
async function faultOf(url: string, patienceMs: number): Promise<string | null> {
  try {
    const signal = AbortSignal.timeout(patienceMs);
    const response = await fetch(url, { signal, redirect: 'manual' });
    await response.body?.cancel();
    return response.ok ? null : `HTTP ${response.status}`;
  } catch (error) {
    return describe(error);
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return `Unexpected error: ${typeof error}`;
  if (error.name === 'TimeoutError') return `Timeout after ${PATIENCE_SECONDS}s`;
  // What fetch says is always the same; why stands below it.
  const { cause } = error;
  if (!(cause instanceof Error)) return `Unexpected error: ${error.name}`;
  const { code = '' } = cause as NodeJS.ErrnoException;
  // No connection was made; where several addresses were tried, the cause holds one error for each.
  if (['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code)) {
    return `Connection refused: ${firstMessage(cause)}`;
  }
  return `HTTP error: ${code || cause.name}`;
}

const firstMessage = (error: Error): string =>
  error instanceof AggregateError && error.errors[0] instanceof Error
    ? error.errors[0].message
    : error.message;
