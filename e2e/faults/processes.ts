/** Our own processes, started so that each can be killed, stopped and cut off by itself. */
import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

export type Started = AsyncDisposable & {
  readonly pid: number;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** What it printed so far. */
  output(): string;
  /** Its first message over IPC. */
  readonly ready: Promise<unknown>;
  signal(signal: NodeJS.Signals): void;
};

/**
 * Starts `server/<name>.ts`; disposing asks it to stop and, after 15 s, kills it.
 * @param flags for Node.
 * @param node what is started as Node, such as a script that sets limits first.
 */
export function startProcess(
  name: 'api' | 'runner',
  env: NodeJS.ProcessEnv,
  flags: string[] = [],
  node = process.execPath,
): Started {
  const child: ChildProcess = fork(resolve(`server/${name}.ts`), {
    env,
    execArgv: flags,
    execPath: node,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let printed = '';
  for (const pipe of [child.stdout, child.stderr]) {
    pipe?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const ended = once(child, 'exit').then(
    ([code, signal]: unknown[]) => (signal ?? code) as number | string,
  );
  const ready = Promise.race([
    once(child, 'message').then(([message]: unknown[]) => message),
    ended.then((how) => {
      throw new Error(`${name} ended with ${how} before it was ready:\n${printed}`);
    }),
  ]);
  ready.catch(() => {}); // who needs it awaits it
  return {
    pid: child.pid ?? 0,
    ended,
    ready,
    output: () => printed,
    signal(signal) {
      child.kill(signal);
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGCONT'); // one that is stopped hears nothing else
        child.kill('SIGTERM');
      }
      const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await ended;
      clearTimeout(late);
    },
  };
}

/** Pids of the processes that are alive, no zombies, and have `entry` in their environment. */
export async function withEnvironment(entry: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['axeww', '-o', 'pid=,stat=,args='], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, stat] = /^\s*(\d+)\s+(\S+)\s/.exec(line) ?? [];
    return pid && !stat?.startsWith('Z') && ` ${line} `.includes(` ${entry} `) ? [Number(pid)] : [];
  });
}
