/** The Python environment of the system, with more packages beside it for tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { basename, delimiter, dirname, resolve } from 'node:path';
import { readConfig } from '../server/config.ts';
import { contentHash } from '../server/lib/canonical.ts';
import { childEnvironment, networkEnvironment } from '../server/tunix/command.ts';
import { ensureRuntime } from '../server/tunix/runtime.ts';

/** The settings of a checkout: one environment for `npm run demo` and all tests. */
const config = readConfig();

export type Python = {
  /** Starts the interpreter; output goes to pipes unless `inherit` is asked for. */
  start(args: string[], cwd: string, stdio?: 'inherit' | 'pipe'): ChildProcess;
};

const seeOutput = (_stream: string, bytes: Buffer) => {
  process.stderr.write(bytes);
};

/** The environment with everything that hash-locked files list on top, made once. */
export async function pythonWith(...requirements: string[]): Promise<Python> {
  const { python } = await ensureRuntime(config, seeOutput, new AbortController().signal);
  const folders: string[] = [];
  for (const file of requirements) folders.push(await install(python, resolve(file)));
  const env = { ...childEnvironment(config), PYTHONPATH: folders.join(delimiter) };
  return {
    start: (args, cwd, stdio = 'pipe') => spawn(python, args, { cwd, stdio, env }),
  };
}

/** Installs what a file lists into a folder of its own and returns the folder. */
async function install(python: string, lock: string): Promise<string> {
  const digest = contentHash([python, await readFile(lock, 'utf8')]).slice(0, 12);
  const dir = resolve(config.cacheDir, 'python', `${basename(lock, '.txt')}-${digest}`);
  if (existsSync(dir)) return dir;
  await mkdir(dirname(dir), { recursive: true });
  const draft = await mkdtemp(`${dir}.draft-`);
  try {
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    const args = [...pip, '--no-deps', '--require-hashes', '--target', draft, '-r', lock];
    const child = spawn(python, args, { env: networkEnvironment(config), stdio: 'inherit' });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`${lock} could not be installed`);
    await rename(draft, dir).catch((error: NodeJS.ErrnoException) => {
      // Another test was quicker, and brought the same.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return dir;
}
