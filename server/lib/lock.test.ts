import { until } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';
import { withLock } from './lock.ts';
import { isOutage } from './outage.ts';

const never = new AbortController().signal;

/** A promise and what resolves it. */
const gate = () => Promise.withResolvers<void>();

describe('withLock', () => {
  test('lets one at a time do work of the same key', async ({ app }) => {
    let active = 0;
    let most = 0;
    let done = 0;
    const work = async () => {
      active += 1;
      most = Math.max(most, active);
      await app.sql.query('SELECT 1');
      active -= 1;
      done += 1;
    };
    await Promise.all([1, 2, 3].map(() => withLock(app.sql, 'same', never, work)));
    expect([most, done]).toEqual([1, 3]);
  });

  test('does not make other keys wait', async ({ app }) => {
    const { promise, resolve } = gate();
    const first = withLock(app.sql, 'one', never, () => promise);
    await withLock(app.sql, 'two', never, async () => resolve());
    await first;
  });

  test('lets go when the work fails', async ({ app }) => {
    const failing = withLock(app.sql, 'failed', never, () => Promise.reject(new Error('broken')));
    await expect(failing).rejects.toThrow('broken');
    await withLock(app.sql, 'failed', never, () => Promise.resolve());
  });

  test('tells the work when its connection is lost, and lets go', async ({ app }) => {
    const { promise, resolve } = gate();
    const first = withLock(app.sql, 'lost', never, async (signal) => {
      signal.addEventListener('abort', () => resolve());
      await app.sql.query(
        `SELECT pg_terminate_backend(pid) FROM pg_locks
         WHERE locktype = 'advisory' AND pid <> pg_backend_pid()
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND (classid::bigint << 32) | objid::bigint = hashtextextended('lost', 0)`,
      );
      await promise;
      signal.throwIfAborted();
    });
    await expect(first).rejects.toSatisfy(isOutage);
    await withLock(app.sql, 'lost', never, () => Promise.resolve());
  });

  test('stops waiting when it is told to', async ({ app }) => {
    const { promise, resolve } = gate();
    const first = withLock(app.sql, 'busy', never, () => promise);
    const stop = new AbortController();
    let isDone = false;
    const second = withLock(app.sql, 'busy', stop.signal, async () => {
      isDone = true;
    });
    await until(async () => app.sql.totalCount - app.sql.idleCount >= 2);
    stop.abort(new Error('stopping'));
    await expect(second).rejects.toThrow();
    expect(isDone).toBe(false);
    resolve();
    await first;
  });
});
