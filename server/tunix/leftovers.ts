/**
 * Finds processes that an attempt left behind, whatever group or session they made for themselves: all
 * that an attempt starts inherit a marker in their environment. Linux only; elsewhere nothing is found.
 * One that clears its environment is not found either.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import type { Config } from '../config.ts';

const MARKER = 'TUNIX_RT_ATTEMPT';
const MARKED = new RegExp(`(?:^|\\0)${MARKER}=([0-9a-f-]{36})/(\\d{1,9})(?:\\0|$)`);

type Attempt = { runId: string; epoch: number };

/** A process with the marker of an attempt. */
export type Leftover = Attempt & {
  pid: number;
  /** When it started, in ticks since the machine did: with the number it names one process, ever. */
  startedAt: string;
};

/** The settings for one attempt: every process started with them carries its marker. */
export const markedFor = <C extends Pick<Config, 'tunix'>>(
  config: C,
  { runId, epoch }: Attempt,
): C => {
  const inherited = { ...config.tunix.inherited, [MARKER]: `${runId}/${epoch}` };
  return { ...config, tunix: { ...config.tunix, inherited } };
};

/** Every process of this user that carries a marker, this one left out. */
export async function findMarked(): Promise<Leftover[]> {
  if (process.platform !== 'linux') return [];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.filter((pid) => pid !== process.pid).map(look));
  return found.filter((process) => process !== null);
}

/** Kills it, unless its number belongs to another process by now. Says whether it did. */
export async function killLeftover({ pid, startedAt }: Leftover): Promise<boolean> {
  if ((await startOf(pid)) !== startedAt) return false;
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    // It ended by itself meanwhile.
    return false;
  }
}

async function look(pid: number): Promise<Leftover | null> {
  try {
    if ((await stat(`/proc/${pid}`)).uid !== process.getuid?.()) return null;
    const startedAt = await startOf(pid);
    const [, runId, epoch] = MARKED.exec(await readFile(`/proc/${pid}/environ`, 'latin1')) ?? [];
    if (!runId || !startedAt) return null;
    return { pid, startedAt, runId, epoch: Number(epoch) };
  } catch {
    // It has ended, or hides from us.
    return null;
  }
}

/** Field 22 of the stat line; the name before it, in brackets, may hold anything. */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    const line = await readFile(`/proc/${pid}/stat`, 'latin1');
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
