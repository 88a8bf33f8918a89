/** The models of the Hugging Face hub that Tunix computes faithfully, by name. */
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { BaseModel } from './models.ts';

/** Id, Tunix's family, and roughly how much there is to download. */
const SUPPORTED = [
  ...[
    ['0.6B', '1.5 GB'],
    ['1.7B', '4 GB'],
    ['4B', '8 GB'],
    ['8B', '16 GB'],
    ['14B', '30 GB'],
  ].flatMap(([size, download]) => [
    { id: `Qwen/Qwen3-${size}`, family: 'qwen3', download },
    { id: `Qwen/Qwen3-${size}-Base`, family: 'qwen3', download },
  ]),
  ...[
    ['0.5B', '1 GB'],
    ['1.5B', '3 GB'],
    ['3B', '6 GB'],
    ['7B', '15 GB'],
  ].flatMap(([size, download]) => [
    { id: `Qwen/Qwen2.5-${size}`, family: 'qwen2', download },
    { id: `Qwen/Qwen2.5-${size}-Instruct`, family: 'qwen2', download },
  ]),
];

/** Every supported hub model, with the folder of the cache it is kept in. */
export const hubModels = (config: Pick<Config, 'cacheDir'>): BaseModel[] =>
  SUPPORTED.map(({ id, family, download }) => ({
    id,
    family,
    description: `${family}, brought from the Hugging Face hub on first use (about ${download})`,
    source: 'HUB',
    dir: join(config.cacheDir, 'hub', id.replace('/', '--')),
  }));

/** Why a model cannot be used and what can be done; for ids that `listModels` does not have. */
export function whyUnknown(id: string, known: readonly BaseModel[]): string {
  if (/^google\/gemma/i.test(id)) {
    return 'Tunix reads Gemma from Orbax checkpoints, which Tunix RT cannot load yet. Use a Qwen.';
  }
  if (/^meta-llama\//i.test(id)) {
    return (
      'Tunix computes every Llama with one rotary base, which is not the one of this model; its ' +
      'results would be wrong. Use a Qwen.'
    );
  }
  const own = known.filter(({ source }) => source !== 'HUB').map((model) => model.id);
  return (
    `There is no such model. Here are ${own.join(', ')}; from the hub come Qwen/Qwen3-0.6B to 14B ` +
    'and Qwen/Qwen2.5-0.5B to 7B; a Hugging Face model folder under MODELS_DIR adds one.'
  );
}
