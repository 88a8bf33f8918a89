/**
 * The Python side: an environment made once from a hash-locked list, probed once, then reused. It is
 * built beside its place and moved there when it works, so a broken or half-made one is never used.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { UnavailableError } from '../errors.ts';
import { sha256 } from '../lib/canonical.ts';
import { childEnvironment, networkEnvironment, probeCommand, pythonSource } from './command.ts';
import { capture, type Exit, type Output, start } from './process.ts';

type Settings = Pick<Config, 'tunix' | 'cacheDir'>;

/** What `python -m tunix_rt.probe` prints. */
const Runtime = z.object({
  python: z.string(),
  tunix: z.string(),
  jax: z.string(),
  flax: z.string().nullable(),
  qwix: z.string().nullable(),
  transformers: z.string().nullable(),
  backend: z.string(),
  devices: z.array(
    z.object({
      kind: z.string(),
      platform: z.string(),
      id: z.int(),
      /** Of its own, as far as JAX may take it; not reported by a processor. */
      memoryBytes: z.int().nullish(),
    }),
  ),
});

export type Runtime = z.output<typeof Runtime>;
export type ReadyPython = { python: string; runtime: Runtime };

const REMEDY =
  'Install Python 3.11 to 3.13 with venv (Debian: apt install python3 python3-venv), or name an ' +
  'interpreter with PYTHON=/path/to/python3, and start the runner again.';

const wantsCuda = (config: Settings): boolean =>
  config.tunix.accelerator === 'cuda' ||
  (config.tunix.accelerator === 'auto' && existsSync('/dev/nvidia0'));

async function environmentOf(config: Settings): Promise<{ dir: string; lock: string }> {
  const variant = wantsCuda(config) ? 'cuda' : 'cpu';
  const lock = pythonSource(`requirements-${variant}.txt`);
  const digest = sha256(await readFile(lock)).slice(0, 12);
  return { lock, dir: join(config.cacheDir, 'python', `${variant}-${digest}`) };
}

/** The environment if it is ready, without making one. */
export async function findRuntime(config: Settings): Promise<ReadyPython | null> {
  const { dir } = await environmentOf(config);
  const marker = await readFile(join(dir, 'ready.json'), 'utf8').catch(() => null);
  if (!marker) return null;
  const parsed = Runtime.safeParse(parseJson(marker));
  return parsed.success ? { python: join(dir, 'bin', 'python'), runtime: parsed.data } : null;
}

/**
 * The version of the interpreter that would create the environment.
 * @throws UnavailableError when there is none, or it is older than 3.11.
 */
export async function checkPython(config: Settings): Promise<string> {
  const { python } = config.tunix;
  const program = 'import sys, venv, ensurepip; print("%d.%d.%d" % sys.version_info[:3])';
  const command = { file: python, args: ['-c', program], env: childEnvironment(config) };
  const { exit, stdout, stderr } = await capture(command, '/');
  if (exit.kind === 'absent') {
    throw new UnavailableError(`Python is missing: ${exit.reason}.`, REMEDY);
  }
  const version = stdout.trim();
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (exit.kind !== 'exited' || exit.code !== 0 || !version) {
    const reason = stderr.trim().split('\n').at(-1) ?? '';
    throw new UnavailableError(`Python (${python}) cannot make environments: ${reason}.`, REMEDY);
  }
  if (major !== 3 || minor < 11) {
    throw new UnavailableError(`Python ${version} is too old for Tunix.`, REMEDY);
  }
  return version;
}

/**
 * The environment, made on first use; what pip says goes to `output`.
 * @throws UnavailableError when Python is missing or the environment cannot be made.
 */
export async function ensureRuntime(
  config: Settings,
  output: Output,
  signal: AbortSignal,
): Promise<ReadyPython> {
  const { readyPython } = config.tunix;
  if (readyPython) return { python: readyPython, runtime: await probe(config, readyPython) };
  const found = await findRuntime(config);
  if (found) return found;
  const version = await checkPython(config);
  const { dir, lock } = await environmentOf(config);
  const say = (line: string) => output('STDOUT', Buffer.from(`${line}\n`));
  await mkdir(dirname(dir), { recursive: true });
  const draft = await mkdtemp(`${dir}.draft-`);
  try {
    await say(`Making the Python environment (Python ${version}), once on this machine …`);
    const run = async (file: string, args: string[]) => {
      signal.throwIfAborted();
      const child = start({ file, args, env: networkEnvironment(config) }, draft, output);
      const stop = () => child.kill();
      signal.addEventListener('abort', stop, { once: true });
      const exit = await child.exit;
      signal.removeEventListener('abort', stop);
      signal.throwIfAborted();
      if (exit.kind !== 'exited' || exit.code !== 0) {
        throw new UnavailableError(
          `The Python environment could not be made: ${[file, ...args].join(' ')} ${describe(exit)}.`,
          'The log has what pip said. Check the network, then retry the run.',
        );
      }
    };
    await run(config.tunix.python, ['-m', 'venv', draft]);
    const python = join(draft, 'bin', 'python');
    const install = ['install', '--no-deps', '--require-hashes', '--disable-pip-version-check'];
    await run(python, ['-m', 'pip', ...install, '--no-compile', '--progress-bar=off', '-r', lock]);
    const runtime = await probe(config, python);
    await writeFile(join(draft, 'ready.json'), JSON.stringify(runtime));
    await rename(draft, dir).catch((error: NodeJS.ErrnoException) => {
      // Another process was faster; its environment is as good.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
    await say(`The Python environment is ready: google-tunix ${runtime.tunix}.`);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  const ready = await findRuntime(config);
  if (!ready) throw new Error(`${dir} was made but cannot be found`);
  return ready;
}

const describe = (exit: Exit): string => {
  switch (exit.kind) {
    case 'exited':
      return `ended with code ${exit.code}`;
    case 'killed':
      return `was ended by ${exit.signal}`;
    case 'absent':
      return `could not start (${exit.reason})`;
    default:
      return exit satisfies never;
  }
};

async function probe(config: Settings, python: string): Promise<Runtime> {
  const { exit, stdout, stderr } = await capture(probeCommand(config, python), '/');
  const parsed = Runtime.safeParse(parseJson(stdout.trim().split('\n').at(-1) ?? ''));
  if (exit.kind === 'exited' && exit.code === 0 && parsed.success) return parsed.data;
  throw new UnavailableError(
    `Tunix cannot be imported: ${stderr.trim().split('\n').at(-1) ?? describe(exit)}.`,
    'Remove the folder python in CACHE_DIR to have the environment made anew.',
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
