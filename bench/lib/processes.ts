/** CPU time and memory of other processes, from /proc; all null where there is none. */
import { readdir, readFile, writeFile } from 'node:fs/promises';

const TICKS = 100; // USER_HZ, fixed for user space on Linux

type Stat = { parent: number; own: number; ended: number };

async function statOf(pid: number | string): Promise<Stat | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  // The name, in brackets, may hold anything.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const at = (index: number) => fields[index] ?? 0;
  return { parent: at(1), own: (at(11) + at(12)) / TICKS, ended: (at(13) + at(14)) / TICKS };
}

/** CPU seconds of a process and all its children, ended ones included. */
export async function cpuOfTree(root: number): Promise<number | null> {
  const parent = await statOf(root);
  if (!parent) return null;
  let total = parent.own + parent.ended;
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await statOf(name);
    if (stat?.parent === root) total += stat.own + stat.ended;
  }
  return total;
}

/** The memory a process holds, and the most it has held since `forgetPeak`, in bytes. */
export async function memoryOf(pid: number): Promise<{ now: number; peak: number } | null> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const read = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]);
  const [now, peak] = [read('VmRSS') * 1024, read('VmHWM') * 1024];
  return Number.isNaN(now + peak) ? null : { now, peak };
}

/** Starts the peak of a process anew. */
export async function forgetPeak(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, '5').catch(() => {});
}
