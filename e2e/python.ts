/** A Python environment of the tests' own, made once for each list of requirements. */

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The interpreter of an environment with everything a hash-locked file lists. */
export async function pythonWith(requirements: string): Promise<string> {
  const lock = resolve(requirements);
  const digest = createHash('sha256')
    .update(await readFile(lock))
    .digest('hex')
    .slice(0, 12);
  const dir = resolve('.data/python', `test-${digest}`);
  if (existsSync(dir)) return join(dir, 'bin', 'python');
  await mkdir(dirname(dir), { recursive: true });
  const draft = await mkdtemp(`${dir}-`);
  try {
    await run(process.env.PYTHON ?? 'python3', ['-m', 'venv', draft]);
    const install = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--require-hashes'];
    await run(join(draft, 'bin', 'python'), [...install, '-r', lock], { maxBuffer: 1e8 });
    await rename(draft, dir);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return join(dir, 'bin', 'python');
}
