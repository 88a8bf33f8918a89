import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config.ts';

const PYTHON_SOURCE = fileURLToPath(new URL('./python', import.meta.url));

export type Command = { file: string; args: string[]; env: Record<string, string> };

/**
 * The environment of every Python child, built from nothing: no secret of this process, and no
 * `T_*` variable, which Tunix would take for an override or stop at.
 */
export function childEnvironment(
  config: Pick<Config, 'tunix' | 'cacheDir'>,
): Record<string, string> {
  const { inherited, accelerator } = config.tunix;
  const environment: Record<string, string | undefined> = {
    ...inherited,
    ...(accelerator === 'cpu' && { JAX_PLATFORMS: 'cpu' }),
    ...(accelerator === 'cuda' && { JAX_PLATFORMS: 'cuda,cpu' }),
    HF_HUB_OFFLINE: '1',
    TRANSFORMERS_OFFLINE: '1',
    WANDB_MODE: 'disabled',
    PYTHONPATH: PYTHON_SOURCE,
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    JAX_COMPILATION_CACHE_DIR: join(config.cacheDir, 'jax'),
  };
  return given(environment);
}

/** The same for a child that brings packages or models: how to reach the network on top. */
export const networkEnvironment = (
  config: Pick<Config, 'tunix' | 'cacheDir'>,
): Record<string, string> => ({ ...childEnvironment(config), ...given(config.tunix.network) });

const given = (environment: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => !!entry[1]),
  );

/** The command that trains: one config file, no overrides, no shell. */
export const trainCommand = (
  config: Pick<Config, 'tunix' | 'cacheDir'>,
  python: string,
  configFile: string,
): Command => ({
  file: python,
  args: ['-m', 'tunix_rt.sft', configFile],
  env: childEnvironment(config),
});

/** The command that brings a model from the hub, the only one that gets the network and a token. */
export function fetchCommand(
  config: Pick<Config, 'tunix' | 'cacheDir'>,
  python: string,
  repoId: string,
  target: string,
): Command {
  const { HF_HUB_OFFLINE: _, TRANSFORMERS_OFFLINE: __, ...env } = networkEnvironment(config);
  const { hfToken } = config.tunix;
  return {
    file: python,
    args: ['-m', 'tunix_rt.fetch', repoId, target],
    env: hfToken ? { ...env, HF_TOKEN: hfToken } : env,
  };
}

/** The command that turns records into tokens as training does; one request file, no network. */
export const tokensCommand = (
  config: Pick<Config, 'tunix' | 'cacheDir'>,
  python: string,
  requestFile: string,
): Command => ({
  file: python,
  args: ['-m', 'tunix_rt.tokens', requestFile],
  env: childEnvironment(config),
});

/** The command that prints versions and devices as one JSON line. */
export const probeCommand = (
  config: Pick<Config, 'tunix' | 'cacheDir'>,
  python: string,
): Command => ({ file: python, args: ['-m', 'tunix_rt.probe'], env: childEnvironment(config) });

/** A folder of the Python side, such as its lock files. */
export const pythonSource = (name: string): string => join(PYTHON_SOURCE, name);
