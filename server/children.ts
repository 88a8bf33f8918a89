/** The processes of `npm start`: kept alive while it runs, gone when it goes. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Log } from './log.ts';
import { NOT_AGAIN } from './signals.ts';

const RESTART_MS = 1_000;

/**
 * How our processes are started everywhere: here, in package.json and in the Dockerfile. With the
 * young generation that Node chooses, an import holds 100 MB more and is no faster; and a new process
 * would collect its old generation for the first time only when that has 200 MB, which it then keeps.
 */
export const NODE_FLAGS = ['--max-semi-space-size=8', '--initial-heap-size=96'];

export type Kept = {
  /** Waits for the first message of the process. Rejects when it ends before it sends one. */
  ready(): Promise<unknown>;
  /** Asks it to stop and waits until it has. */
  stop(): Promise<void>;
};

/** Starts `server/<name>.ts` and starts it again whenever it ends unasked, unless it says NOT_AGAIN. */
export function keep(name: 'api' | 'runner', env: NodeJS.ProcessEnv, log: Log): Kept {
  const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  let stopping = false;
  let child: ChildProcess;
  let restart: NodeJS.Timeout | undefined;
  const begin = () => {
    // A group of its own: Ctrl-C reaches us, and we stop it in order. It ends when our pipe breaks.
    child = fork(script, {
      env,
      execArgv: [...process.execArgv, ...NODE_FLAGS],
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child.on('exit', (code, signal) => {
      if (stopping) return;
      if (code === NOT_AGAIN) {
        log.error({ name }, 'process ended and said why; it is not started again');
        return;
      }
      log.error({ name, code, signal }, 'process ended, starting it again');
      restart = setTimeout(begin, RESTART_MS);
    });
    return child;
  };
  const first = begin();
  return {
    async ready() {
      const ended = new AbortController();
      const { signal } = ended;
      try {
        return await Promise.race([
          once(first, 'message', { signal }).then(([message]: unknown[]) => message),
          once(first, 'exit', { signal }).then(([code]: unknown[]) => {
            throw new Error(`${name} ended with code ${String(code)} before it was ready`);
          }),
        ]);
      } finally {
        ended.abort();
      }
    },
    async stop() {
      stopping = true;
      clearTimeout(restart);
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
