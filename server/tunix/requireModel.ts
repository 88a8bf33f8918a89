import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { UnavailableError, ValidationError } from '../errors.ts';
import { whyUnknown } from './hub.ts';
import { type BaseModel, listModels } from './models.ts';

type Settings = Pick<Config, 'modelsDir' | 'cacheDir'>;

/**
 * The model that an input names in its field `modelId`.
 * @throws ValidationError with the ids there are.
 */
export async function requireModel(config: Settings, modelId: string): Promise<BaseModel> {
  const models = await listModels(config);
  const model = models.find(({ id }) => id === modelId);
  if (model) return model;
  throw new ValidationError([
    {
      path: ['modelId'],
      code: 'UNKNOWN_MODEL',
      message: `modelId: ${whyUnknown(modelId, models)}`,
      found: modelId,
    },
  ]);
}

/**
 * The model, if its files are on this machine; nothing is downloaded.
 * @throws UnavailableError with what brings them.
 */
export async function requireLocalModel(config: Settings, modelId: string): Promise<BaseModel> {
  const model = (await listModels(config)).find(({ id }) => id === modelId);
  if (!model) {
    throw new UnavailableError(
      `Model "${modelId}" is not on this runner.`,
      'Put its folder under MODELS_DIR there, then ask again.',
    );
  }
  if (model.dir && !existsSync(join(model.dir, 'config.json'))) {
    throw new UnavailableError(
      `${modelId} is not on this runner yet.`,
      'The first LOCAL run with it brings it from the hub; or put its folder under MODELS_DIR. ' +
        'Then ask again.',
    );
  }
  return model;
}
