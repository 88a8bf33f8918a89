import { expect, test } from 'vitest';
import { createDatabase, runOn } from '../test/database.ts';
import { connect } from './connection.ts';

test('a connection that is lost between two statements fails the next one, not the process', async () => {
  await using database = await createDatabase({ migrated: false });
  const client = await connect(database.url);
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const ended = new Promise<void>((resolve) => client.once('end', resolve));
  await runOn(database.url, `SELECT pg_terminate_backend(${rows[0]?.pid})`);
  await ended;
  await expect(client.query('SELECT 1')).rejects.toThrow('not queryable');
  await client.end();
});
