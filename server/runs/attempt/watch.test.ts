import { registerRunner } from '../../runners/register.ts';
import { queueRun, until } from '../../test/rig.ts';
import { describe, expect, test } from '../../test/test.ts';
import { claimRun } from '../lease.ts';
import { watchAttempt } from './watch.ts';

/** Without the time that is kept for the end of the child, a lease of 6 s holds for 4.8. */
const LEASE_SECONDS = 6;

describe('a lease that is not renewed because the database is away', () => {
  test('is renewed as soon as the database is back, and the attempt goes on', async ({ app }) => {
    const { id } = await queueRun(app);
    const lease = await claimRun(app, id, await registerRunner(app), LEASE_SECONDS);
    if (!lease) throw new Error('nobody else claims it');
    // Three times a third of the lease would be too late.
    let failures = 3;
    let renewals = 0;
    const sql = new Proxy(app.sql, {
      get: (pool, name) =>
        name !== 'query'
          ? Reflect.get(pool, name)
          : async (...asked: Parameters<typeof pool.query>) => {
              if (failures-- > 0) throw new Error('Connection terminated unexpectedly');
              renewals += 1;
              return pool.query(...asked);
            },
    });
    const shutdown = new AbortController().signal;
    await using watch = watchAttempt({ ...app, sql }, lease, 60, { shutdown });
    await until(async () => renewals > 0 || watch.lost.aborted);
    expect(watch.reason).toBeNull();
    const { leaseUntil } = await app.db.runAttempt.findFirstOrThrow({ where: { runId: id } });
    expect(leaseUntil.getTime()).toBeGreaterThan(Date.now());
  });
});
