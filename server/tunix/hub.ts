/** The models of the Hugging Face hub that Tunix computes faithfully, by name. */
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Architecture } from './architecture.ts';
import type { BaseModel } from './models.ts';

/** What differs between the sizes of a family: layers, width, MLP, heads, key heads, size of a head. */
type Size = [layers: number, width: number, hidden: number, heads: number, kv: number, dim: number];

const QWEN3: [size: string, download: string, shape: Size][] = [
  ['0.6B', '1.5 GB', [28, 1024, 3072, 16, 8, 128]],
  ['1.7B', '4 GB', [28, 2048, 6144, 16, 8, 128]],
  ['4B', '8 GB', [36, 2560, 9728, 32, 8, 128]],
  ['8B', '16 GB', [36, 4096, 12288, 32, 8, 128]],
  ['14B', '30 GB', [40, 5120, 17408, 40, 8, 128]],
];

const QWEN25: typeof QWEN3 = [
  ['0.5B', '1 GB', [24, 896, 4864, 14, 2, 64]],
  ['1.5B', '3 GB', [28, 1536, 8960, 12, 2, 128]],
  ['3B', '6 GB', [36, 2048, 11008, 16, 2, 128]],
  ['7B', '15 GB', [28, 3584, 18944, 28, 4, 128]],
];

/** From this size on the head is apart from the embedding. */
const UNTIED = ['7B', '8B', '14B'];

/** Shapes as in the config.json of each repository; all are stored as bfloat16. */
const architecture = (family: 'qwen3' | 'qwen2', name: string, size: Size): Architecture => {
  const [layers, width, hidden, heads, kvHeads, headDim] = size;
  const vocabulary = family === 'qwen2' && name === '7B' ? 152_064 : 151_936;
  const tied = !UNTIED.includes(name);
  const shape = { layers, width, hidden, heads, kvHeads, headDim, vocabulary };
  return { family, ...shape, tied, weightBytes: 2 };
};

const SUPPORTED = [
  ...QWEN3.flatMap(([name, download, size]) =>
    [`Qwen/Qwen3-${name}`, `Qwen/Qwen3-${name}-Base`].map((id) => ({
      id,
      download,
      architecture: architecture('qwen3', name, size),
    })),
  ),
  ...QWEN25.flatMap(([name, download, size]) =>
    [`Qwen/Qwen2.5-${name}`, `Qwen/Qwen2.5-${name}-Instruct`].map((id) => ({
      id,
      download,
      architecture: architecture('qwen2', name, size),
    })),
  ),
];

/** Every supported hub model, with the folder of the cache it is kept in. */
export const hubModels = (config: Pick<Config, 'cacheDir'>): BaseModel[] =>
  SUPPORTED.map(({ id, download, architecture: shape }) => ({
    id,
    family: shape.family,
    description: `${shape.family}, brought from the Hugging Face hub on first use (about ${download})`,
    source: 'HUB',
    dir: join(config.cacheDir, 'hub', id.replace('/', '--')),
    architecture: shape,
    unfaithful: null,
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
