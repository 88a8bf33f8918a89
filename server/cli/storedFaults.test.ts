/** What `backup` and `restore` say when they cannot work; `backup.test.ts` has them at work. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { StoreAwayError } from '../artifacts/faults.ts';
import { BackupError } from '../backup/errors.ts';
import { newManifest, writeManifest } from '../backup/manifest.ts';
import { createDatabase, withDatabase } from '../test/database.ts';
import { runIn } from '../test/terminal.ts';
import { backupCommand } from './backup.ts';
import { EXIT } from './define.ts';
import { restoreCommand } from './restore.ts';
import { storedFaultOf } from './storedFaults.ts';

const terminal = { url: 'http://127.0.0.1:1' };
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tunix-rt-stored-'));
  vi.stubEnv('DATA_DIR', join(dir, 'data'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true, force: true });
});

describe('a backup', () => {
  const backUp = (folder = join(dir, 'backup')) => runIn(terminal, backupCommand, folder);

  test('exits with 3 and one sentence when nobody answers', async () => {
    vi.stubEnv('DATABASE_URL', 'postgresql://ada:hidden@127.0.0.1:1/x');
    expect(await backUp()).toEqual({
      code: EXIT.unreachable,
      out: '',
      error:
        'tunix-rt backup: The database at 127.0.0.1, port 1, cannot be reached: ECONNREFUSED. Start it, ' +
        'or correct DATABASE_URL.\n',
    });
  });

  test('exits with 4 when the database is not there', async () => {
    await using database = await createDatabase({ migrated: false });
    vi.stubEnv('DATABASE_URL', withDatabase(database.url, 'nowhere'));
    const { code, error } = await backUp();
    expect(code).toBe(EXIT.refused);
    expect(error).toMatch(/^tunix-rt backup: .*"nowhere" does not exist\. Name a database/);
  });

  test('exits with 1 when the database has no tables', async () => {
    await using database = await createDatabase({ migrated: false });
    vi.stubEnv('DATABASE_URL', database.url);
    const { code, error } = await backUp();
    expect(code).toBe(EXIT.failed);
    expect(error).toContain('run `npm run migrate` first');
  });

  test('exits with 1 when something that is no folder is in the way', async () => {
    vi.stubEnv('DATABASE_URL', 'postgresql://ada:hidden@127.0.0.1:1/x');
    await writeFile(join(dir, 'file'), '');
    const { code, error } = await backUp(join(dir, 'file/below'));
    expect(code).toBe(EXIT.failed);
    expect(error).toMatch(
      /^tunix-rt backup: \S+file\S* cannot be used \((ENOTDIR|EEXIST)\)\. Remove/,
    );
  });
});

test('a restore of a good backup exits with 3 when nobody answers', async () => {
  vi.stubEnv('DATABASE_URL', 'postgresql://ada:hidden@127.0.0.1:1/x');
  const nothing = { migrations: [], tables: [], sequences: [], objects: [], goneObjects: [] };
  await writeManifest(dir, newManifest({ version: '0.1.0', ...nothing }));
  expect(await runIn(terminal, restoreCommand, dir)).toMatchObject({
    code: EXIT.unreachable,
    error: expect.stringMatching(/^tunix-rt restore: The database at .* cannot be reached/),
  });
});

test('both exit with 2 for settings that are wrong, and list them in lines', async () => {
  vi.stubEnv('PORT', 'many');
  vi.stubEnv('DATABASE_URL', 'mysql://ada:hidden@127.0.0.1/x');
  for (const [name, command] of [
    ['backup', backupCommand],
    ['restore', restoreCommand],
  ] as const) {
    const { code, error } = await runIn(terminal, command, join(dir, 'backup'));
    expect(code).toBe(EXIT.usage);
    expect(error).toMatch(new RegExp(`^tunix-rt ${name}: Bad settings:\\n`));
    expect(error).toContain('→ at PORT\n');
    expect(error).toContain('→ at DATABASE_URL\n');
    expect(error).not.toContain('hidden');
  }
});

test('both tell their exit codes', async () => {
  for (const command of [backupCommand, restoreCommand]) {
    const { out } = await runIn(terminal, command, '--help');
    expect(out).toMatch(
      /Exit codes: 0 done, 1 .*, 2 .*,\n3 the database cannot be reached, 4 it refuses/s,
    );
  }
});

describe('a fault', () => {
  const ofSystem = (code: string, path?: string) =>
    Object.assign(new Error(code), { code, syscall: 'open', ...(path && { path }) });

  test.for([
    [ofSystem('EACCES', '/x'), EXIT.failed, '/x cannot be used (EACCES). Let the user of this'],
    [ofSystem('EROFS', '/x'), EXIT.failed, '/x cannot be used (EROFS). Mount it for writing'],
    [ofSystem('ENOENT', '/x'), EXIT.failed, '/x cannot be used (ENOENT). Make it, or name'],
    [ofSystem('ENOSPC'), EXIT.failed, 'The folder cannot be used (ENOSPC). Free space'],
    [new BackupError('It is damaged.'), EXIT.failed, 'It is damaged.'],
    [new StoreAwayError('It is away.', 'Look.'), EXIT.failed, 'It is away. Look.'],
    [Object.assign(new Error('no right'), { code: '42501' }), EXIT.refused, 'no right'],
    [Object.assign(new Error('no password'), { code: '28P01' }), EXIT.refused, 'Correct the user'],
  ] as const)('%s has its code and its remedy', ([error, code, message]) => {
    expect(storedFaultOf(error)).toEqual({ code, message: expect.stringContaining(message) });
  });

  test.for([[new TypeError('bug')], [Object.assign(new Error('bug'), { code: 'ENOENT' })]])(
    '%s of ours is none',
    ([error]) => expect(storedFaultOf(error)).toBeNull(),
  );
});
