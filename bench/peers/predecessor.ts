/**
 * The predecessor, tunix-rt (FastAPI, one uvicorn process), from a checkout of its public repository
 * with its Python environment in `backend/.venv` or named by PREDECESSOR_PYTHON.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Server } from '../lib/server.ts';

const run = promisify(execFile);

const START_MS = 30_000;

/** Why it cannot run, or null. */
export async function predecessorFault(dir: string | undefined): Promise<string | null> {
  if (!dir) return 'the predecessor: no --predecessor=DIR was given';
  const python = pythonOf(dir);
  try {
    await access(python);
    await run(python, ['-c', 'import uvicorn, alembic, tunix_rt_backend.app'], {
      cwd: join(resolve(dir), 'backend'),
    });
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
    return `the predecessor: ${python} cannot run it (${reason}); see bench/README.md`;
  }
}

/** Migrates the empty database by its own migrations and starts it. */
export async function startPredecessor(dir: string, databaseUrl: string): Promise<Server> {
  const cwd = join(resolve(dir), 'backend');
  const python = pythonOf(dir);
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: databaseUrl.replace(/^postgresql:/, 'postgresql+asyncpg:'),
  };
  await run(python, ['-m', 'alembic', 'upgrade', 'head'], { cwd, env });
  const port = await freePort();
  const args = ['-m', 'uvicorn', 'tunix_rt_backend.app:app', '--host', '127.0.0.1'];
  const child = spawn(python, [...args, '--port', `${port}`, '--no-access-log'], {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  const until = performance.now() + START_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error('the predecessor ended at its start');
    if (
      await fetch(`${url}/api/health`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      break;
    if (performance.now() > until) throw new Error('the predecessor did not answer in 30 s');
    await delay(50);
  }
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

const pythonOf = (dir: string): string =>
  process.env.PREDECESSOR_PYTHON ?? join(resolve(dir), 'backend/.venv/bin/python');

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
