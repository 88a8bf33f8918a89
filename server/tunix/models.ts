import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { type Architecture, architectureOf, FAMILIES, whyUnfaithful } from './architecture.ts';
import { hubModels } from './hub.ts';

/** A model that can be trained. */
export type BaseModel = {
  id: string;
  family: string;
  description: string;
  /** Made for each run; a folder of MODELS_DIR; or brought from the Hugging Face hub on first use. */
  source: 'BUILT_IN' | 'FOLDER' | 'HUB';
  /** Where it lies; null for the built-in one. */
  dir: string | null;
  /** Its shape; null when its config.json leaves something out. */
  architecture: Architecture | null;
  /** Why Tunix would compute something else with its weights; null when it does not. */
  unfaithful: string | null;
};

/** The model that needs no download: made for each run. */
export const TINY_MODEL = 'qwen3-tiny';

const tiny: BaseModel = {
  id: TINY_MODEL,
  family: 'qwen3',
  description:
    'A Qwen3 of about 100,000 random parameters with a tokenizer learned from the training split; ' +
    'trains on two CPU cores in a minute.',
  source: 'BUILT_IN',
  dir: null,
  // DEFAULTS of `tunix_rt/tiny.py`.
  architecture: {
    family: 'qwen3',
    layers: 2,
    width: 64,
    hidden: 192,
    heads: 4,
    kvHeads: 2,
    headDim: 16,
    vocabulary: 512,
    tied: true,
    weightBytes: 4,
  },
  unfaithful: null,
};

const HuggingFaceConfig = z.object({
  model_type: z.enum(FAMILIES),
  num_hidden_layers: z.int(),
  hidden_size: z.int(),
});

/**
 * Every model there is: the tiny one, each folder of MODELS_DIR with a config.json of a known
 * family, and the hub models that Tunix computes faithfully. A model is named by its id, never by a
 * path from a client.
 */
export async function listModels(
  config: Pick<Config, 'modelsDir' | 'cacheDir'>,
): Promise<BaseModel[]> {
  const entries = await readdir(config.modelsDir, { withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => !entry.isFile() && /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(entry.name))
    .map((entry) => entry.name)
    .sort();
  const found = await Promise.all(
    names.map(async (name): Promise<BaseModel[]> => {
      const dir = join(config.modelsDir, name);
      const file = await readFile(join(dir, 'config.json'), 'utf8').catch(() => '');
      const json = parseJson(file);
      const parsed = HuggingFaceConfig.safeParse(json);
      if (!parsed.success) return [];
      const { model_type: family, num_hidden_layers: layers, hidden_size: width } = parsed.data;
      const description = `${family}, ${layers} layers of width ${width}, from MODELS_DIR/${name}`;
      const [architecture, unfaithful] = [architectureOf(json), whyUnfaithful(json)];
      return [{ id: name, family, description, source: 'FOLDER', dir, architecture, unfaithful }];
    }),
  );
  return [tiny, ...found.flat(), ...hubModels(config)];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
