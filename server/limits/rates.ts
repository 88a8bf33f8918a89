/**
 * How much each caller may ask for in a minute. The counts live in this process: several API
 * processes beside each other each give the full measure.
 */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Actor, Call } from '../access/actor.ts';
import { networkOf } from '../lib/network.ts';

/** What is left of a minute; `limit` null is without limit. */
export type Rate = { limit: number | null; remaining: number | null; resetAt: Date | null };

export type RateLimits = {
  /** Takes one request off; answers after how many seconds to come again, or null when it may go on. */
  take(actor: Actor, call: Pick<Call, 'address'>): Promise<number | null>;
  read(actor: Actor, call: Pick<Call, 'address'>): Promise<Rate>;
};

const WINDOW_SECONDS = 60;

/**
 * Whom a count belongs to; null for nobody. Where no access is asked for there is one user, on the
 * machine itself, who has nobody to be protected from but could be stopped by their own scripts.
 */
function keyOf(actor: Actor, call: Pick<Call, 'address'>): string | null {
  if (actor.kind === 'LOCAL' || actor.kind === 'SYSTEM') return null;
  return actor.id ? `${actor.kind} ${actor.id}` : `address ${networkOf(call.address ?? 'unknown')}`;
}

/** Counts requests; `perMinute` 0 counts nothing. */
export function openRateLimits(perMinute: number): RateLimits {
  const limiter =
    perMinute > 0 ? new RateLimiterMemory({ points: perMinute, duration: WINDOW_SECONDS }) : null;
  return {
    async take(actor, call) {
      const key = keyOf(actor, call);
      if (!limiter || key === null) return null;
      try {
        await limiter.consume(key);
        return null;
      } catch (error) {
        if (error instanceof RateLimiterRes) return Math.ceil(error.msBeforeNext / 1000);
        throw error;
      }
    },
    async read(actor, call) {
      const key = keyOf(actor, call);
      if (!limiter || key === null) return { limit: null, remaining: null, resetAt: null };
      const used = await limiter.get(key);
      return {
        limit: perMinute,
        remaining: Math.max(0, used?.remainingPoints ?? perMinute),
        resetAt: used ? new Date(Date.now() + used.msBeforeNext) : null,
      };
    },
  };
}
