/** What a run will execute, as people read it: the config file, the command and the YAML of it. */
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { App } from '../../app.ts';
import { trainCommand } from '../../tunix/command.ts';
import { attemptPaths, tunixConfig } from '../../tunix/config.ts';
import { type BaseModel, listModels } from '../../tunix/models.ts';
import type { RunConfig } from '../model.ts';

type Needs = Pick<App, 'config'>;

/** The config file and the command of the first attempt; `runId` is `RUN` for one to come. */
export function previewExecution(
  app: Needs,
  { config, model }: { config: RunConfig; model: BaseModel },
  runId = 'RUN',
) {
  const paths = attemptPaths(app.config.dataDir, runId, 1);
  const { file, args } = trainCommand(app.config, 'python', join(paths.attemptDir, 'config.json'));
  // Where the data folder is on this machine is nobody's business.
  const relative = <T>(value: T): T =>
    JSON.parse(
      JSON.stringify(value)
        .replaceAll(app.config.modelsDir, '/MODELS_DIR')
        .replaceAll(app.config.cacheDir, '/CACHE_DIR')
        .replaceAll(app.config.dataDir, '/DATA_DIR'),
    ) as T;
  return {
    tunixConfig: relative(tunixConfig(config, model, paths)),
    command: relative([file, ...args]),
  };
}

const HEAD =
  '# The config of the training, as Tunix takes it: python -m tunix_rt.sft FILE\n' +
  '# /DATA_DIR, /MODELS_DIR and /CACHE_DIR stand for folders of the runner.\n';

/** A config as YAML with the same content: JSON is what the runner writes, and YAML is its superset. */
export const writeManifest = (config: object): string =>
  HEAD + stringify(config, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });

const NO_CONFIG = '# Trained elsewhere: there is no config of Tunix.\n';

/** The manifest of a stored run; of a model that is gone the folder it would have in MODELS_DIR. */
export async function runManifest(
  app: Needs,
  { id: runId, config }: { id: string; config: Partial<RunConfig> },
): Promise<string> {
  if (!isWhole(config)) return NO_CONFIG;
  const models = await listModels(app.config);
  const model = models.find(({ id }) => id === config.modelId) ?? {
    ...goneModel,
    id: config.modelId,
    dir: join(app.config.modelsDir, config.modelId),
  };
  return writeManifest(previewExecution(app, { config, model }, runId).tunixConfig);
}

const isWhole = (config: Partial<RunConfig>): config is RunConfig =>
  config.hyperparameters !== undefined;

const goneModel: Omit<BaseModel, 'id' | 'dir'> = {
  family: '',
  description: '',
  source: 'FOLDER',
  architecture: null,
  unfaithful: null,
};
