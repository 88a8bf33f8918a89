import { describe, expect, test } from '../test/test.ts';
import { isOutage } from './outage.ts';
import { inTransaction } from './transaction.ts';

describe('inTransaction', () => {
  test('stores all of it, or nothing', async ({ app }) => {
    await inTransaction(app.sql, (client) => client.query('CREATE TABLE kept (n int)'));
    const failing = inTransaction(app.sql, async (client) => {
      await client.query('INSERT INTO kept VALUES (1)');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect((await app.sql.query('SELECT FROM kept')).rowCount).toBe(0);
  });

  test('fails as an outage when its connection is ended between two statements', async ({
    app,
  }) => {
    const ended = inTransaction(app.sql, async (client) => {
      const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
      const gone = new Promise((resolve) => client.once('end', resolve));
      await app.sql.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
      await gone;
      await client.query('SELECT 1');
    });
    await expect(ended).rejects.toSatisfy(isOutage);
    expect((await app.sql.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  test('is ended by the database when its process freezes inside it', async ({ app }) => {
    const { rows } = await app.sql.query('SHOW idle_in_transaction_session_timeout');
    expect(rows).toEqual([{ idle_in_transaction_session_timeout: '10s' }]);
  });
});
