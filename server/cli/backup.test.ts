import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { jobs } from '../jobs.ts';
import { migrate } from '../postgres/migrate.ts';
import { openPostgres } from '../postgres/start.ts';
import { installQueue } from '../queue.ts';
import { runOn } from '../test/database.ts';
import { runIn } from '../test/terminal.ts';
import { backupCommand } from './backup.ts';
import { EXIT } from './define.ts';
import { restoreCommand } from './restore.ts';

const terminal = { url: 'http://127.0.0.1:1' };
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tunix-rt-backup-cli-'));
  // What the machine of the test has set is not meant.
  vi.stubEnv('DATABASE_URL', '');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true, force: true });
});

const ours = (name: string) => vi.stubEnv('DATA_DIR', join(dir, name));

test('a system at work is backed up, and restored into a new data folder that nobody uses yet', async () => {
  ours('one');
  const folder = join(dir, 'backup');
  await using postgres = await openPostgres({
    dir: join(dir, 'one/postgres'),
    log: () => {},
    durable: false,
  });
  await migrate(postgres.url);
  await installQueue(postgres.url, jobs);
  await runOn(
    postgres.url,
    "INSERT INTO import_sessions (id) VALUES ('01a1fd8a-0000-7000-8000-000000000000')",
  );
  const made = await runIn(terminal, backupCommand, folder, '--json');
  expect(made.error).toBe('');
  expect(JSON.parse(made.out)).toEqual({
    folder,
    // The import, and the queues that are there from the start.
    rows: 1 + jobs.length,
    artifacts: 0,
    artifactBytes: 0,
  });

  ours('two');
  const back = await runIn(terminal, restoreCommand, folder);
  expect(back).toMatchObject({ code: EXIT.ok, error: '' });
  expect(back.out).toContain(`Restored ${1 + jobs.length} rows and 0 artifacts of `);
  const password = await readFile(join(dir, 'two/postgres/password'), 'utf8');
  expect(back.out).not.toContain(password);

  const again = await runIn(terminal, restoreCommand, folder);
  expect(again.code).toBe(EXIT.failed);
  expect(again.error).toMatch(
    /^tunix-rt restore: The database is not empty: import_sessions has rows/,
  );
}, 120_000);

test('both take exactly one folder', async () => {
  expect((await runIn(terminal, backupCommand)).code).toBe(EXIT.usage);
  expect((await runIn(terminal, restoreCommand, 'a', 'b')).code).toBe(EXIT.usage);
});
