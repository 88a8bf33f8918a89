/** The processes that are measured: each on its own, on a free loopback port. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

async function start(
  script: string,
  databaseUrl: string,
  { profile }: Options,
  dataDir: string,
): Promise<Server> {
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
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  // Ended with this process, however that ends.
  const endWithUs = () => child.kill();
  process.once('exit', endWithUs);
  child.once('exit', () => process.off('exit', endWithUs));
  const url = await addressOf(child, script);
  return {
    url,
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
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
