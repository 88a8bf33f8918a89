/** The system account PostgreSQL runs under. It refuses to run as root, so root lends it one. */
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { PostgresStartError } from './errors.ts';

const run = promisify(execFile);

export type Account = { uid: number; gid: number };

/** A program and how to start it under the account. */
export type Launch = { file: string; args: string[]; uid?: number; gid?: number };

/** All that PostgreSQL sees of our environment. We read its messages: they stay English. */
export const serverEnv = { LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin' };

/** The account for this data folder: its owner's when it exists, else `postgres` if we are root. */
export async function findAccount(cluster: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(cluster).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const known = await lookUp('postgres');
  if (known) return known;
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
  } catch (cause) {
    throw new PostgresStartError(
      'PostgreSQL does not run as root, and the system account "postgres" does not exist and ' +
        'could not be created. Create it, or start as another user, or set DATABASE_URL.',
      { cause },
    );
  }
  return lookUp('postgres');
}

async function lookUp(user: string): Promise<Account | undefined> {
  try {
    const ask = async (flag: string) => Number((await run('id', [flag, user])).stdout);
    return { uid: await ask('-u'), gid: await ask('-g') };
  } catch {
    return undefined;
  }
}

/**
 * How to start a program under the account. Below a folder closed to others, such as /root, the
 * account could reach neither the program nor the data: there `setpriv` lends it root's way past
 * file permissions, kept through the checks PostgreSQL makes of its own program.
 */
export async function launchAs(
  account: Account | undefined,
  file: string,
  args: string[],
  paths: string[],
): Promise<Launch> {
  if (!account) return { file, args };
  const closed = (await Promise.all(paths.map((path) => findClosed(path, account)))).find(Boolean);
  if (!closed) return { file, args, ...account };
  const prefix = [
    `--reuid=${account.uid}`,
    `--regid=${account.gid}`,
    '--clear-groups',
    '--securebits=+no_setuid_fixup',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
  ];
  try {
    await run('setpriv', [...prefix, 'true'], { env: serverEnv });
  } catch (cause) {
    throw new PostgresStartError(
      `PostgreSQL runs as user id ${account.uid}, which may not enter ${closed}. Allow it ` +
        `(chmod o+x ${closed}), or start as another user than root, or set DATABASE_URL.`,
      { cause },
    );
  }
  return { file: 'setpriv', args: [...prefix, file, ...args] };
}

async function findClosed(path: string, account: Account): Promise<string | undefined> {
  for (let at = dirname(path); ; at = dirname(at)) {
    const { mode, uid, gid } = await stat(at);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return at;
    if (at === dirname(at)) return undefined;
  }
}
