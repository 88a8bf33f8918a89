/**
 * How often a password may be tried: by address and by email, so that neither one machine tries many
 * people nor many machines one person. Counted before the password is looked at, so that attempts that
 * come at once are no more than others. The counts live in this process and end with it.
 */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { networkOf } from '../lib/network.ts';
import { digestOf } from './secrets.ts';

/** Too many passwords were tried. Not part of an answer's union: it may come from any attempt. */
export class TooManyAttempts extends Error {
  readonly retryAfterSeconds: number;
  constructor(retryAfterSeconds: number) {
    super(`Too many wrong passwords. Try again in ${Math.ceil(retryAfterSeconds / 60)} minutes.`);
    this.name = 'TooManyAttempts';
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

const WINDOW_SECONDS = 15 * 60;
/** People who share an address, as behind a proxy, share its count; right passwords do not count. */
export const PER_ADDRESS = 50;
export const PER_EMAIL = 10;

export type Attempts = {
  /**
   * Counts an attempt, makes it, and takes it off again when it was right.
   * @throws TooManyAttempts
   */
  guarded<T>(of: { email: string; address: string | null }, attempt: () => Promise<T>): Promise<T>;
};

export function openAttempts(): Attempts {
  const byAddress = new RateLimiterMemory({ points: PER_ADDRESS, duration: WINDOW_SECONDS });
  const byEmail = new RateLimiterMemory({ points: PER_EMAIL, duration: WINDOW_SECONDS });
  const take = async (limiter: RateLimiterMemory, key: string) => {
    try {
      await limiter.consume(key);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw new TooManyAttempts(Math.ceil(error.msBeforeNext / 1000));
    }
  };
  return {
    async guarded({ email, address }, attempt) {
      // The address first: whoever is stopped by it adds no more emails to the memory.
      const place = address === null ? null : networkOf(address);
      if (place !== null) await take(byAddress, place);
      const person = digestOf(email);
      await take(byEmail, person);
      const result = await attempt();
      if (result) {
        await byEmail.delete(person);
        if (place !== null) await byAddress.reward(place);
      }
      return result;
    },
  };
}
