/**
 * Starts child processes in a group of their own and sees them end. The bytes they write go to a
 * callback; while it is busy the pipe is not read, so a fast child waits instead of filling memory.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { Command } from './command.ts';

/** The exit code of a training that a signal ended, with a checkpoint to go on from (`tunix_rt/sft.py`). */
export const STOPPED = 75;

export type Exit =
  | { kind: 'exited'; code: number }
  | { kind: 'killed'; signal: NodeJS.Signals }
  | { kind: 'absent'; reason: string };

export type Output = (stream: 'STDOUT' | 'STDERR', bytes: Buffer) => Promise<void> | void;

/** How long a pipe is read after the process itself has ended: a grandchild may hold it open. */
const DRAIN_MS = 2_000;

export type Child = {
  readonly pid: number | undefined;
  /** The end of the process, after what it wrote was handed over. Never rejects for its exit. */
  readonly exit: Promise<Exit>;
  /** Sends a signal to the process itself, which passes it on as it sees fit. */
  signal(signal: NodeJS.Signals): void;
  /** Kills the whole group, grandchildren included. */
  kill(): void;
};

/** Starts a command in `cwd`, with exactly the given environment and a stdin that stays open. */
export function start(command: Command, cwd: string, output: Output): Child {
  const child = spawn(command.file, command.args, {
    cwd,
    env: command.env,
    // An open stdin tells the child that we live; it ends itself when the pipe breaks.
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    shell: false,
  });
  child.stdin?.on('error', () => {});
  let isOver = false;
  const killGroup = () => {
    try {
      // Afterwards the number may be another's.
      if (child.pid !== undefined && !isOver) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The group is gone already.
    }
  };
  return {
    pid: child.pid,
    exit: seeEnd(child, output, killGroup).finally(() => {
      isOver = true;
    }),
    signal: (signal) => {
      if (!isOver) child.kill(signal);
    },
    kill: killGroup,
  };
}

async function seeEnd(child: ChildProcess, output: Output, killGroup: () => void): Promise<Exit> {
  // `spawn` fails by event; without this wait a missing interpreter would look like a live run.
  try {
    await once(child, 'spawn');
  } catch (error) {
    return { kind: 'absent', reason: error instanceof Error ? error.message : String(error) };
  }
  const ended = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) =>
      resolve(signal ? { kind: 'killed', signal } : { kind: 'exited', code: code ?? 1 }),
    );
  });
  const pipes = [child.stdout, child.stderr].filter((pipe) => pipe !== null);
  const drain = openDrain(() => {
    for (const pipe of pipes) pipe.destroy();
  });
  const drained = Promise.all([
    read(child.stdout, (bytes) => drain.during(output('STDOUT', bytes))),
    read(child.stderr, (bytes) => drain.during(output('STDERR', bytes))),
  ]);
  drained.catch(() => killGroup());
  const exit = await ended;
  // What it left behind in its group must not outlive it, nor hold the pipes.
  killGroup();
  drain.begin();
  try {
    await drained;
  } finally {
    drain.end();
  }
  return exit;
}

/**
 * Gives up on the pipes when nothing has come for a while. Time in which we ourselves did not read,
 * because the output was busy, does not count: what the process wrote is still in the pipe then.
 */
function openDrain(giveUp: () => void) {
  let busy = 0;
  let timer: NodeJS.Timeout | undefined;
  const check = () => {
    if (busy > 0) timer?.refresh();
    else giveUp();
  };
  return {
    async during(taken: Promise<void> | void) {
      busy += 1;
      try {
        await taken;
      } finally {
        busy -= 1;
        timer?.refresh();
      }
    },
    begin() {
      timer = setTimeout(check, DRAIN_MS);
    },
    end() {
      clearTimeout(timer);
    },
  };
}

async function read(pipe: Readable | null, write: (bytes: Buffer) => Promise<void> | void) {
  if (!pipe) return;
  try {
    for await (const bytes of pipe) await write(bytes as Buffer);
  } catch (error) {
    // Destroyed after the drain time; what a grandchild still writes is nobody's.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

/** Runs a command to its end and returns what it printed on stdout. */
export async function capture(
  command: Command,
  cwd: string,
): Promise<{ exit: Exit; stdout: string; stderr: string }> {
  const parts = { STDOUT: [] as Buffer[], STDERR: [] as Buffer[] };
  const child = start(command, cwd, (stream, bytes) => {
    parts[stream].push(bytes);
  });
  const exit = await child.exit;
  const decode = (stream: 'STDOUT' | 'STDERR') => Buffer.concat(parts[stream]).toString('utf8');
  return { exit, stdout: decode('STDOUT'), stderr: decode('STDERR') };
}
