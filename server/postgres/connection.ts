import pg from 'pg';

/**
 * A connection of its own, for what lasts longer than a request. When it is lost between two statements,
 * the next one says so; without a listener the whole process would end, and leave undone what it cleans up.
 */
export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, keepAlive: true });
  client.on('error', () => {});
  await client.connect();
  return client;
}
