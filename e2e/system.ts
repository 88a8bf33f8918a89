/** The whole system as a user starts it, on a data folder of its own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

export type System = AsyncDisposable & {
  readonly url: string;
  readonly pid: number;
  /** Everything it printed so far. */
  output(): string;
  /** Resolves with the exit code when it ends by itself. */
  readonly ended: Promise<number | null>;
};

/** Starts `server/up.ts` with arguments and settings; resolves when it prints its URL. */
export async function startSystem(
  args: string[] = [],
  settings: Record<string, string> = {},
): Promise<System> {
  const dir = await mkdtemp(join(tmpdir(), 'tunix-rt-e2e-'));
  const child = spawn(process.execPath, [resolve('server/up.ts'), ...args], {
    env: {
      ...process.env,
      PORT: '0',
      DATA_DIR: dir,
      LOG_FORMAT: 'json',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const pipe of [child.stdout, child.stderr]) {
    pipe.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const ended = once(child, 'exit').then(([code]: unknown[]) => code as number | null);
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const url = await printedUrl(child, () => printed);
    return { url, pid: child.pid ?? 0, output: () => printed, ended, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function printedUrl(child: ChildProcess, printed: () => string): Promise<string> {
  for (;;) {
    const url = /running at (http:\S+)/.exec(printed())?.[1];
    if (url) return url;
    if (child.exitCode !== null) throw new Error(`it ended before it was ready:\n${printed()}`);
    await Promise.race([once(child.stdout ?? child, 'data'), once(child, 'exit')]);
  }
}

/** Where a runner can be asked how it is, by what it printed as JSON; undefined before it listens. */
export const runnerAddress = (printed: string): string | undefined =>
  /"url":"(http:[^"]+)","msg":"health and numbers can be read"/.exec(printed)?.[1];

type Process = { pid: number; parent: number; args: string };

/** Every process that is not a zombie. */
async function listProcesses(): Promise<Process[]> {
  const { stdout } = await promisify(execFile)('ps', ['-ww', '-eo', 'pid=,ppid=,stat=,args=']);
  return stdout.split('\n').flatMap((line): Process[] => {
    const [, pid, parent, stat, args] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return !pid || stat?.startsWith('Z')
      ? []
      : [{ pid: Number(pid), parent: Number(parent), args: args ?? '' }];
  });
}

/** Whether a process is there and no zombie. */
export const isAlive = async (pid: number): Promise<boolean> =>
  (await listProcesses()).some((process) => process.pid === pid);

/** Pids of the processes below `pid` whose command line contains `text`. */
export async function descendants(pid: number, text: string): Promise<number[]> {
  const processes = await listProcesses();
  const below = new Set([pid]);
  for (let before = 0; below.size > before; ) {
    before = below.size;
    for (const process of processes) if (below.has(process.parent)) below.add(process.pid);
  }
  return processes
    .filter((process) => process.pid !== pid && below.has(process.pid))
    .filter((process) => process.args.includes(text))
    .map((process) => process.pid);
}
