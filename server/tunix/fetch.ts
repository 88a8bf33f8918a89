import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../config.ts';
import { UnavailableError } from '../errors.ts';
import { fetchCommand } from './command.ts';
import type { BaseModel } from './models.ts';
import { type Output, start } from './process.ts';

/**
 * Makes sure that a model is on this machine, bringing it from the hub when it is not. What is said
 * on the way goes to `output`.
 * @throws UnavailableError when it cannot be had.
 */
export async function ensureModel(
  config: Pick<Config, 'tunix' | 'cacheDir'>,
  model: BaseModel,
  python: string,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  if (model.source !== 'HUB' || !model.dir || existsSync(join(model.dir, 'config.json'))) return;
  signal.throwIfAborted();
  await mkdir(dirname(model.dir), { recursive: true });
  let last = '';
  const child = start(fetchCommand(config, python, model.id, model.dir), '/', (stream, bytes) => {
    if (stream === 'STDERR') last = bytes.toString('utf8').trim().split('\n').at(-1) ?? last;
    return output(stream, bytes);
  });
  signal.addEventListener('abort', child.kill, { once: true });
  const exit = await child.exit;
  signal.removeEventListener('abort', child.kill);
  signal.throwIfAborted();
  if (exit.kind === 'exited' && exit.code === 0) return;
  throw new UnavailableError(
    `${model.id} could not be brought from the hub: ${last}`,
    'Mend this and retry, or put the model folder under MODELS_DIR.',
  );
}
