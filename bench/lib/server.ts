/** The processes that are measured: each on its own, on a free loopback port. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Pool } from 'pg';
import { NODE_FLAGS } from '../../server/children.ts';
import { PROCESS_DEFAULTS } from '../../server/config.ts';

export type Server = AsyncDisposable & { readonly url: string; readonly pid: number };

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

type Options = {
  /** A folder for a CPU profile, written when the process ends. */
  profile?: string | undefined;
};

/** The product's own API process. */
export async function startApi(databaseUrl: string, options: Options = {}): Promise<Server> {
  const dir = await mkdtemp(join(tmpdir(), 'tunix-rt-bench-data-'));
  const server = await start('server/api.ts', databaseUrl, options, dir);
  return {
    url: server.url,
    pid: server.pid,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** `node:http` and `pg` without anything else; see `bench/peers/plain.ts`. */
export const startPlain = (databaseUrl: string, options: Options = {}): Promise<Server> =>
  start('bench/peers/plain.ts', databaseUrl, options, tmpdir());

/** The product's own runner process; resolves when it has registered. */
export async function startRunner(
  databaseUrl: string,
  env: Record<string, string>,
  sql: Pool,
): Promise<AsyncDisposable> {
  const child = spawnScript('server/runner.ts', databaseUrl, { env }, tmpdir());
  const isOnline = async () =>
    (await sql.query('SELECT FROM runners WHERE pid = $1 AND stopped_at IS NULL', [child.pid]))
      .rowCount !== 0;
  while (!(await isOnline())) {
    if (child.exitCode !== null) throw new Error('the runner ended before it had registered');
    await delay(50);
  }
  return { [Symbol.asyncDispose]: () => endOf(child) };
}

/** A server of the benchmark's own, in `bench/peers`, that answers what it is told. */
export async function startPeer(
  script: string,
  env: Record<string, string> = {},
): Promise<Server & { tell(message: unknown): Promise<unknown> }> {
  return start(`bench/peers/${script}`, '', { env }, tmpdir());
}

type Spawned = Options & { env?: Record<string, string> };

async function start(script: string, databaseUrl: string, options: Spawned, dataDir: string) {
  const child = spawnScript(script, databaseUrl, options, dataDir);
  const url = await addressOf(child, script);
  return {
    url,
    pid: child.pid ?? 0,
    async tell(message: unknown): Promise<unknown> {
      child.send(message as object);
      const [answer] = await once(child, 'message');
      return answer;
    },
    [Symbol.asyncDispose]: () => endOf(child),
  };
}

/** A process of Node that ends with this one, however that ends. */
function spawnScript(
  script: string,
  databaseUrl: string,
  { profile, env }: Spawned,
  dataDir: string,
): ChildProcess {
  const child = fork(join(ROOT, script), {
    execArgv: [...NODE_FLAGS, ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [])],
    env: {
      PATH: process.env.PATH,
      HOME: dataDir,
      DATABASE_URL: databaseUrl,
      DATA_DIR: dataDir,
      PORT: '0',
      LOG_LEVEL: 'warn',
      ...PROCESS_DEFAULTS,
      ...env,
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const endWithUs = () => child.kill();
  process.once('exit', endWithUs);
  child.once('exit', () => process.off('exit', endWithUs));
  return child;
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Its first message says where it listens. */
async function addressOf(child: ChildProcess, script: string): Promise<string> {
  const ended = new AbortController();
  const { signal } = ended;
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([message]) => (message as { url: string }).url),
      once(child, 'exit', { signal }).then(([code]) => {
        throw new Error(`${script} ended with code ${String(code)} before it listened`);
      }),
    ]);
  } finally {
    ended.abort();
  }
}
