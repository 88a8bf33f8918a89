/** The server process of the embedded PostgreSQL: start it, end it, end one left behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readlink, realpath, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type Account, launchAs, serverEnv } from './account.ts';
import { PostgresStartError } from './errors.ts';
import { commandOf, startOf } from './pids.ts';

/** A running server. */
export type Postmaster = { readonly port: number; stop(): Promise<void> };

/** Without a line of its log: after a crash it replays what was not written, and says so now and then. */
const SILENT_MS = 120_000;
const FAST_STOP_MS = 15_000;
const LAST_LINES = 20;
const NO_PID = 2 ** 31 - 1; // beyond what any system gives out

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '256MB',
  // Twice the default: imports write much at once, and each checkpoint makes pages costly again.
  max_wal_size: '2GB',
  random_page_cost: '1.1',
  huge_pages: 'off', // "try" kills the server in containers with a limit on them
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  log_line_prefix: '',
  log_checkpoints: 'off',
};

/** For tests: a crash of the machine may lose everything, one of the server the last commits. */
const careless = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

type Options = {
  programs: string;
  cluster: string;
  account: Account | undefined;
  durable: boolean;
  log: (line: string) => void;
  /** Is told when the server ended although nobody stopped it. */
  onLost?: ((why: string) => void) | undefined;
};

/**
 * Starts the server on a free port of the loopback interface and waits until it accepts.
 * @throws PostgresStartError with the last lines the server wrote.
 */
export async function startPostmaster(options: Options): Promise<Postmaster> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOn(await findFreePort(), options);
    } catch (error) {
      // The port is free when we look; somebody else may take it before PostgreSQL does. And the
      // children of a server that was killed need a moment to notice.
      const again = /Address already in use|shared memory block .* still in use/s;
      if (attempt === 10 || !again.test(String(error))) throw error;
      await delay(100 * attempt);
    }
  }
}

async function startOn(port: number, options: Options): Promise<Postmaster> {
  const { programs, cluster, account, log } = options;
  const all = { ...settings, ...(options.durable ? {} : careless), port: String(port) };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const file = join(programs, 'postgres');
  const launch = await launchAs(account, file, ['-D', cluster, ...flags], [file, cluster]);
  const { uid, gid } = launch;
  const child = spawn(launch.file, launch.args, {
    uid,
    gid,
    cwd: '/',
    env: serverEnv,
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true, // Ctrl-C in the terminal is for us: we stop the server after its clients
  });
  await once(child, 'spawn');

  // A process that ends on its own, unlike one that is killed, takes the server along.
  const endWithUs = () => child.kill('SIGINT');
  process.once('exit', endWithUs);
  child.once('exit', () => process.off('exit', endWithUs));
  try {
    await untilReady(child, log);
  } catch (error) {
    await end(child);
    throw error;
  }

  let stopped: Promise<void> | undefined;
  child.once('exit', (code, signal) => {
    if (stopped) return;
    const why = `PostgreSQL ended by itself (${signal ?? `code ${code}`})`;
    log(why);
    options.onLost?.(why);
  });
  return { port, stop: () => (stopped ??= end(child)) };
}

async function untilReady(child: ChildProcess, log: (line: string) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const last: string[] = [];
  const fail = (what: string) =>
    reject(new PostgresStartError([`PostgreSQL ${what}.`, ...last].join('\n')));
  const patience = setTimeout(
    () => fail(`was not ready, and silent for ${SILENT_MS / 1000} s`),
    SILENT_MS,
  );
  createInterface({ input: child.stderr as Readable }).on('line', (line) => {
    last.push(line);
    if (last.length > LAST_LINES) last.shift();
    log(line);
    patience.refresh();
    if (line.includes('database system is ready to accept connections')) resolve();
  });
  // Not "exit": the reason is in the lines that may still be on their way then.
  child.once('close', () => fail('did not start'));
  await promise.finally(() => clearTimeout(patience));
}

/** Ends sessions and writes everything out; if that takes too long, leaves the rest to recovery. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGINT');
  const patience = setTimeout(() => child.kill('SIGQUIT'), FAST_STOP_MS);
  await gone.finally(() => clearTimeout(patience));
}

/**
 * Ends the server that a killed owner left running on this data folder. To be called only by the
 * owner of the folder, before it starts its own.
 */
export async function stopOrphan(cluster: string, log: (line: string) => void): Promise<void> {
  const pidFile = join(cluster, 'postmaster.pid');
  const [first, folder] = (await readFile(pidFile, 'utf8').catch(() => '')).split('\n');
  const pid = Number(first);
  if (!Number.isInteger(pid) || pid <= 0) return;
  const start = await startOf(pid);
  const at = start === undefined ? undefined : await folderOf(pid, folder);
  if (at === 'unknown') return;
  if (start === undefined || at !== (await realpath(cluster))) {
    await disown(pidFile);
    return;
  }
  log(`Ending the PostgreSQL server that was left running (pid ${pid})`);
  const isGone = async () => (await startOf(pid)) !== start;
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (!(await isGone())) process.kill(pid, signal);
    // Not our child, so there is no event to wait for.
    for (let waited = 0; waited < FAST_STOP_MS; waited += 10) {
      if (await isGone()) return disown(pidFile); // it may be a zombie, its file still there
      await delay(10);
    }
  }
  throw new PostgresStartError(
    `A PostgreSQL server (pid ${pid}) runs on ${cluster} and does not end. Stop it.`,
  );
}

/**
 * PostgreSQL takes any process with the recorded pid for its running server, also a zombie and one
 * that got the pid later. Only the pid is overwritten: by the rest it finds children of the server
 * that still run, and refuses to start beside them.
 */
async function disown(pidFile: string): Promise<void> {
  const text = await readFile(pidFile, 'utf8').catch(() => undefined);
  if (text === undefined) return; // a server that ended in order took it along
  const lines = text.split('\n');
  await writeFile(pidFile, [NO_PID, ...lines.slice(1)].join('\n'));
}

/** The data folder of a server process; `undefined` when the process is no PostgreSQL server. */
async function folderOf(pid: number, recorded = ''): Promise<string | undefined> {
  const command = (await commandOf(pid)) ?? '';
  if (!/postgres\b.* -D /.test(command)) return undefined;
  // A server works in its data folder, also after the folder was renamed.
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  if (cwd) return cwd;
  const isThere = recorded !== '' && command.includes(` -D ${recorded} `);
  return isThere ? realpath(recorded).catch(() => 'unknown') : 'unknown';
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
