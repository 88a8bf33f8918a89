/** The folder of the database belongs to another process, which is alive. */
export class PostgresInUseError extends Error {
  override readonly name = 'PostgresInUseError';
  readonly dir: string;
  readonly pid: number;
  constructor(dir: string, pid: number) {
    super(
      `The database in ${dir} is in use by process ${pid}. Stop that process, or set DATA_DIR to ` +
        'another folder, or set DATABASE_URL to a PostgreSQL server to share.',
    );
    this.dir = dir;
    this.pid = pid;
  }
}

/** PostgreSQL could not be set up or did not start; the message carries what it said. */
export class PostgresStartError extends Error {
  override readonly name = 'PostgresStartError';
}
