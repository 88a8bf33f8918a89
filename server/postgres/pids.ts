/**
 * Who runs under a pid, as far as the operating system tells.
 *
 * A pid alone names nobody for long: it is given out again. Together with the start of the process
 * it does. Two containers that share a folder do not see each other's processes; this cannot help.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const onLinux = process.platform === 'linux';

/**
 * When the process with this pid started, as text that only serves to compare. `undefined` when
 * there is none, or only a zombie: that one holds no files and runs no code.
 */
export async function startOf(pid: number): Promise<string | undefined> {
  if (pid <= 0) return undefined;
  if (!onLinux) {
    const { stdout } = await ps(pid, 'state=,lstart=');
    return stdout === '' || stdout.startsWith('Z') ? undefined : stdout.replace(/^\S+\s+/, '');
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (!stat) return undefined;
  // The name, in parentheses, may itself hold blanks and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  // The start counts from the boot of the machine, so the boot belongs to it.
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return `${boot.trim()}/${fields[19]}`;
}

/** The command line of a process, `undefined` when there is none. */
export async function commandOf(pid: number): Promise<string | undefined> {
  if (!onLinux) return (await ps(pid, 'args=')).stdout || undefined;
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return line.replaceAll('\0', ' ').trim() || undefined;
}

async function ps(pid: number, columns: string): Promise<{ stdout: string }> {
  // ps ends with 1 when there is no such process
  const { stdout } = await run('ps', ['-ww', '-p', String(pid), '-o', columns], {
    env: { LC_ALL: 'C', PATH: '/bin:/usr/bin' },
  }).catch(() => ({ stdout: '' }));
  return { stdout: stdout.trim() };
}
