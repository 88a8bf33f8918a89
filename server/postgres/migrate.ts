/**
 * Applies `prisma/migrations` at start-up, without Prisma's engine.
 *
 * It keeps Prisma's own book, the table `_prisma_migrations`, and takes Prisma's own lock: `prisma
 * migrate status`, `deploy` and `dev` agree with what it did, and may run beside it. Unlike Prisma
 * it applies each migration in one transaction, so one that fails leaves nothing behind, and a
 * migration must not commit by itself.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { connect } from './connection.ts';

const FOLDER = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/** The advisory lock Prisma holds while it migrates. */
const LOCK = 72_707_369;

/** Prisma's table, column by column as Prisma creates it. */
const TABLE = `
CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
)`;

type Migration = { name: string; sql: string };
export type AppliedMigration = { name: string; checksum: string };
type Applied = AppliedMigration & { finished: boolean };

/** Whatever runs a query: a client, a pool. */
export type Queryable = { query(sql: string): Promise<{ rows: unknown[] }> };

/** An applied migration is no longer what was applied. */
export class MigrationChangedError extends Error {
  override readonly name = 'MigrationChangedError';
  readonly migration: string;
  constructor(migration: string) {
    super(
      `The migration ${migration} was changed after it had been applied to this database. ` +
        'Restore its file, and put the change into a new migration.',
    );
    this.migration = migration;
  }
}

/** A migration failed, now or in an earlier `prisma migrate deploy`. */
export class MigrationFailedError extends Error {
  override readonly name = 'MigrationFailedError';
  readonly migration: string;
  constructor(migration: string, reason: string, options?: ErrorOptions) {
    super(`The migration ${migration} failed: ${reason}`, options);
    this.migration = migration;
  }
}

/**
 * Applies what the database lacks, in the order of the names, up to `last` if it is given. Of several
 * callers at once one works while the others wait, and then find nothing to do.
 * @returns the names of the migrations it applied.
 * @throws MigrationChangedError, MigrationFailedError; those before the one named stay applied.
 */
export async function migrate(url: string, folder = FOLDER, last?: string): Promise<string[]> {
  const all = await readMigrations(folder);
  const migrations = last === undefined ? all : all.filter(({ name }) => name <= last);
  const client = await connect(url);
  try {
    // Held by the session: it ends with the connection, whatever happens.
    await client.query(`SELECT pg_advisory_lock(${LOCK})`);
    await client.query(TABLE);
    const pending = compare(migrations, await readApplied(client));
    for (const migration of pending) await apply(client, migration);
    return pending.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

/**
 * The names of the migrations that the database lacks. Those it has beyond ours do not matter: a
 * newer version has been here.
 * @throws MigrationChangedError, MigrationFailedError as `migrate` would.
 */
export async function pendingMigrations(
  database: string | Queryable,
  folder = FOLDER,
): Promise<string[]> {
  const migrations = await readMigrations(folder);
  if (typeof database !== 'string') {
    return compare(migrations, await readApplied(database)).map(({ name }) => name);
  }
  const client = await connect(database);
  try {
    return compare(migrations, await readApplied(client)).map(({ name }) => name);
  } finally {
    await client.end();
  }
}

/** The migrations that were applied to a database, in the order of their names. */
export async function appliedMigrations(database: Queryable): Promise<AppliedMigration[]> {
  const applied = await readApplied(database);
  return applied
    .map(({ name, checksum }) => ({ name, checksum }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The names of those migrations that this version does not have, or has with other content. */
export async function foreignMigrations(
  applied: readonly AppliedMigration[],
  folder = FOLDER,
): Promise<string[]> {
  const known = new Map(
    (await readMigrations(folder)).map(({ name, sql }) => [name, checksums(sql)]),
  );
  return applied
    .filter(({ name, checksum }) => !known.get(name)?.includes(checksum))
    .map(({ name }) => name);
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => ({
      name,
      sql: await readFile(join(folder, name, 'migration.sql'), 'utf8'),
    })),
  );
}

async function readApplied(database: Queryable): Promise<Applied[]> {
  const [table] = (await database.query("SELECT to_regclass('_prisma_migrations')::text AS name"))
    .rows as { name: string | null }[];
  if (!table?.name) return [];
  const { rows } = await database.query(`
    SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
    FROM _prisma_migrations WHERE rolled_back_at IS NULL`);
  return rows as Applied[];
}

/** What is left to apply, once all that was applied is found to be in order. */
function compare(migrations: Migration[], applied: Applied[]): Migration[] {
  const known = new Map(applied.map((row) => [row.name, row]));
  return migrations.filter(({ name, sql }) => {
    const row = known.get(name);
    if (!row) return true;
    if (!row.finished) {
      const remedy = 'Repair the database, then run `prisma migrate resolve` for it.';
      throw new MigrationFailedError(name, `an earlier attempt did not finish. ${remedy}`);
    }
    if (!checksums(sql).includes(row.checksum)) throw new MigrationChangedError(name);
    return false;
  });
}

async function apply(client: pg.Client, { name, sql }: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations
         (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksums(sql)[0], name],
    );
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => {}); // the connection may be what failed
    throw new MigrationFailedError(name, describe(cause, sql), { cause });
  }
}

/** Git may have changed the line ends since: like Prisma, take either for the same. */
function checksums(sql: string): string[] {
  const unix = sql.replaceAll('\r\n', '\n');
  return [sql, unix, unix.replaceAll('\n', '\r\n')].map((text) =>
    createHash('sha256').update(text).digest('hex'),
  );
}

function describe(error: unknown, sql: string): string {
  if (!(error instanceof pg.DatabaseError)) return String(error);
  const line = error.position && sql.slice(0, Number(error.position)).split('\n').length;
  return [error.message, line && `line ${line}`, error.detail, error.hint]
    .filter(Boolean)
    .join('; ');
}
