import { describe, expect, test } from '../test/test.ts';
import { untilStored } from './retry.ts';

const { signal } = new AbortController();
const lock = (n: number) => `SELECT pg_advisory_xact_lock(${n})`;

describe('untilStored', () => {
  test('makes a write again that the server undid in a deadlock', async ({ app }) => {
    const own = await app.sql.connect();
    const other = await app.sql.connect();
    const undone: unknown[] = [];
    try {
      // Whoever looks for deadlocks first is undone.
      await other.query(`BEGIN; SET LOCAL deadlock_timeout = '1h'; ${lock(2)}`);
      let ended: Promise<unknown> | undefined;
      const write = async () => {
        await own.query(`BEGIN; SET LOCAL deadlock_timeout = '10ms'; ${lock(1)}`);
        ended ??= other.query(`${lock(1)}; COMMIT`);
        try {
          await own.query(`${lock(2)}; COMMIT`);
        } catch (error) {
          undone.push(error);
          await own.query('ROLLBACK');
          throw error;
        }
        return 'stored';
      };
      expect(await untilStored(signal, app.log, write)).toBe('stored');
      await ended;
    } finally {
      own.release(true);
      other.release(true);
    }
    expect(undone).toMatchObject([{ code: '40P01' }]);
  });

  test('does not repeat what would fail again', async ({ app }) => {
    const errors: unknown[] = [];
    const write = async () => {
      await app.sql.query('SELECT 1 / 0').catch((error: unknown) => {
        errors.push(error);
        throw error;
      });
    };
    await expect(untilStored(signal, app.log, write)).rejects.toThrow('division by zero');
    expect(errors).toHaveLength(1);
  });
});
