/** How often the kernel has ended a process of this control group for lack of memory. */
import { readFile } from 'node:fs/promises';

/** Where the counter stands in version 2 of control groups, then in version 1. */
const FILES = ['/sys/fs/cgroup/memory.events', '/sys/fs/cgroup/memory/memory.oom_control'];

/** The counter; 0 where it cannot be read, as outside of a container. */
export async function readOomKills(files: readonly string[] = FILES): Promise<number> {
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const kills = /^oom_kill (\d+)$/m.exec(text)?.[1];
    if (kills !== undefined) return Number(kills);
  }
  return 0;
}
