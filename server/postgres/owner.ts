/**
 * One owner at a time for a folder.
 *
 * Owners are numbered: `owner.1`, `owner.2`, … and the highest one counts. A claim creates the
 * next number, which the file system lets only one process do, and only when the owner before is
 * dead. So a process that was killed leaves nothing to clean up, and of several that find it dead
 * one wins. The highest number is never deleted, only overwritten when its owner lets go: else a
 * slow claimant could count from a number that has been given out twice.
 */
import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PostgresInUseError } from './errors.ts';
import { startOf } from './pids.ts';

type Owner = { pid: number; start: string };

/** The right to a folder, until it is released or this process ends. */
export type Claim = { release(): Promise<void> };

const NOBODY: Owner = { pid: 0, start: '' };

/**
 * Makes this process the owner of the folder.
 * @throws PostgresInUseError when it has an owner that is alive, this very process included.
 */
export async function claimFolder(dir: string): Promise<Claim> {
  const self: Owner = { pid: process.pid, start: (await startOf(process.pid)) ?? '' };
  for (;;) {
    const before = await lastNumber(dir);
    const owner = before === 0 ? NOBODY : await readOwner(dir, before);
    if (!owner) continue; // a later claim has just removed it
    const start = await startOf(owner.pid);
    if (start !== undefined && start === owner.start) throw new PostgresInUseError(dir, owner.pid);

    const number = before + 1;
    if (!(await createOwner(dir, number, self))) continue; // somebody was faster
    if ((await lastNumber(dir)) !== number) {
      // Counted from a number long gone.
      await rm(fileOf(dir, number), { force: true });
      continue;
    }
    if (before > 0) await removeUpTo(dir, before);
    return { release: () => replaceOwner(dir, number, NOBODY) };
  }
}

const fileOf = (dir: string, number: number): string => join(dir, `owner.${number}`);

async function numbersIn(dir: string): Promise<number[]> {
  const names = await readdir(dir);
  return names.map((name) => Number(/^owner\.(\d+)$/.exec(name)?.[1] ?? 0));
}

const lastNumber = async (dir: string): Promise<number> => Math.max(0, ...(await numbersIn(dir)));

async function readOwner(dir: string, number: number): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(fileOf(dir, number), 'utf8')) as Owner;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (error instanceof SyntaxError) return NOBODY; // cut off by a power failure
    throw error;
  }
}

/** Creates the file with all of its content at once, or answers false when it exists. */
async function createOwner(dir: string, number: number, owner: Owner): Promise<boolean> {
  const draft = await writeDraft(dir, owner);
  try {
    await link(draft, fileOf(dir, number));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function replaceOwner(dir: string, number: number, owner: Owner): Promise<void> {
  await rename(await writeDraft(dir, owner), fileOf(dir, number));
}

async function writeDraft(dir: string, owner: Owner): Promise<string> {
  const draft = join(dir, `owner.${randomUUID()}.draft`);
  await writeFile(draft, `${JSON.stringify(owner)}\n`, { flag: 'wx' });
  return draft;
}

async function removeUpTo(dir: string, last: number): Promise<void> {
  const old = (await numbersIn(dir)).filter((number) => number > 0 && number <= last);
  await Promise.all(old.map((number) => rm(fileOf(dir, number), { force: true })));
}
