/** Links of the version before, which knew their makers by name alone. */
import { randomUUIDv7 } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { expect, test } from 'vitest';
import { createDatabase } from '../test/database.ts';

const FILE = new URL(
  '../../prisma/migrations/20261124100000_link_makers/migration.sql',
  import.meta.url,
);

/** An open link that says it was made by somebody. */
const LINK = `INSERT INTO invitations (id, token_hash, role, created_by, expires_at, used_at)
  VALUES (gen_random_uuid(), md5(random()::text), 'MEMBER', $1, now() + interval '1 day', $2)`;

test('open links are given to those who made them, themselves or by a key', async () => {
  await using database = await createDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    // As before the migration.
    await client.query('ALTER TABLE invitations DROP COLUMN created_by_id');
    const ada = randomUUIDv7();
    const hers = ['ada@example.org', 'key ci of ada@example.org', 'key of bo of ada@example.org'];
    const others = ['bo@example.org', 'key ada@example.org of bo@example.org'];
    await client.query(
      `INSERT INTO users (id, email, name, role, password_hash)
       VALUES ($1, 'ada@example.org', 'Ada', 'ADMIN', 'x')`,
      [ada],
    );
    for (const by of [...hers, ...others, null]) await client.query(LINK, [by, null]);
    await client.query(LINK, [hers[0], new Date()]);
    await client.query(await readFile(FILE, 'utf8'));
    const { rows } = await client.query<{ by: string | null; id: string | null }>(
      `SELECT created_by AS by, created_by_id AS id FROM invitations
       WHERE used_at IS NULL OR created_by_id IS NOT NULL`,
    );
    expect(rows).toHaveLength(6);
    for (const { by, id } of rows)
      expect(id, String(by)).toBe(hers.includes(by ?? '') ? ada : null);
  } finally {
    await client.end();
  }
});
