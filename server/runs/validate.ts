/**
 * The one resolver behind `validateRun`, dry runs and `createRun`: what it returns is what runs.
 */
import { join } from 'node:path';
import type { Dataset, EvaluationSet } from '../../prisma/generated/client/client.ts';
import type { App } from '../app.ts';
import { type Issue, NotFoundError, UnavailableError, ValidationError } from '../errors.ts';
import { findSet } from '../evaluationSets/read.ts';
import { parse } from '../lib/parse.ts';
import { onlineRunnerIds } from '../runners/read.ts';
import { trainCommand } from '../tunix/command.ts';
import { attemptPaths, LORA_MODULES, tunixConfig } from '../tunix/config.ts';
import { whyUnknown } from '../tunix/hub.ts';
import { type BaseModel, listModels } from '../tunix/models.ts';
import { checkPython } from '../tunix/runtime.ts';
import { CreateRun, type CreateRunInput, type RunConfig, type RunWarning } from './model.ts';
import { warningsFor } from './warnings.ts';

export type ResolvedRun = {
  request: ReturnType<typeof CreateRun.parse>;
  dataset: Dataset;
  /** What is judged at the end; the TEST side of the dataset when null. */
  evaluationSet: EvaluationSet | null;
  model: BaseModel;
  config: RunConfig;
  stepsPerEpoch: number;
  warnings: RunWarning[];
};

type Needs = Pick<App, 'db' | 'sql' | 'config'>;

/**
 * Checks a run against limits, dataset, models and what can execute it.
 * @throws ValidationError, NotFoundError (dataset, evaluation set), UnavailableError (nothing can
 *   run Tunix).
 */
export async function resolveRun(app: Needs, input: CreateRunInput): Promise<ResolvedRun> {
  const request = parse(CreateRun, input);
  const dataset = await app.db.dataset.findUnique({ where: { key: request.datasetKey } });
  if (!dataset) {
    throw new NotFoundError(
      'Dataset',
      `There is no dataset "${request.datasetKey}". List them with \`datasets\`, or make it with ` +
        '`buildDataset`.',
    );
  }
  const { evaluationSetKey } = request;
  const evaluationSet = evaluationSetKey ? await findSet(app.db, evaluationSetKey) : null;
  const models = await listModels(app.config);
  const model = models.find(({ id }) => id === request.modelId);
  const h = request.hyperparameters;
  const issues: Issue[] = [];
  if (!model) {
    issues.push({
      path: ['modelId'],
      code: 'UNKNOWN_MODEL',
      message: `modelId: ${whyUnknown(request.modelId, models)}`,
      found: request.modelId,
    });
  }
  if (h.batchSize > dataset.trainCount) {
    issues.push({
      path: ['hyperparameters', 'batchSize'],
      code: 'BATCH_TOO_LARGE',
      message:
        `hyperparameters.batchSize: ${h.batchSize} is more than the ${dataset.trainCount} training ` +
        `items of "${dataset.key}". Use a smaller batch or a larger dataset.`,
      limit: String(dataset.trainCount),
      found: String(h.batchSize),
    });
  }
  if (!model || issues.length > 0) throw new ValidationError(issues);
  if (request.mode === 'LOCAL') await requireRuntime(app);

  const stepsPerEpoch = Math.floor(dataset.trainCount / h.batchSize);
  const available = stepsPerEpoch * h.numEpochs;
  const totalSteps = Math.min(h.maxSteps ?? available, available);
  const config: RunConfig = {
    modelId: model.id,
    mode: request.mode,
    ...evaluationsOf(request, dataset, totalSteps),
    hyperparameters: {
      learningRate: h.learningRate,
      weightDecay: h.weightDecay,
      numEpochs: h.numEpochs,
      batchSize: h.batchSize,
      maxSeqLength: h.maxSeqLength,
      seed: h.seed,
      lora: h.lora
        ? { rank: h.lora.rank, alpha: h.lora.alpha, modulePath: h.lora.modulePath ?? LORA_MODULES }
        : null,
      // Ten evaluations and checkpoints over the run unless asked otherwise.
      evalEverySteps: h.evalEverySteps ?? Math.max(1, Math.ceil(totalSteps / 10)),
      saveEverySteps: h.saveEverySteps ?? Math.max(1, Math.ceil(totalSteps / 10)),
      maxNewTokens: h.maxNewTokens,
      maxSteps: h.maxSteps ?? null,
      totalSteps,
    },
  };
  const warnings = await warningsFor(app, { dataset, evaluationSet, model, config });
  return { request, dataset, evaluationSet, model, config, stepsPerEpoch, warnings };
}

/** Judged when not said otherwise; generating many takes longer than learning. */
const EVALUATED_ITEMS = 50;

/**
 * How often the training is judged on its way, and on how many items.
 * @throws ValidationError when that is never, or on nothing.
 */
function evaluationsOf(
  { evaluateEverySteps: every, evaluateItems: items }: ResolvedRun['request'],
  dataset: Dataset,
  totalSteps: number,
): Pick<RunConfig, 'evaluateEverySteps' | 'evaluateItems'> {
  const refuse = (field: string, code: string, message: string, limit?: number): never => {
    throw new ValidationError([
      {
        path: [field],
        code,
        message: `${field}: ${message}`,
        ...(limit !== undefined && { limit: String(limit), found: String(every) }),
      },
    ]);
  };
  if (!every) {
    if (!items) return {};
    const message = 'says on how many items; say how often with evaluateEverySteps.';
    return refuse('evaluateItems', 'WITHOUT_STEPS', message);
  }
  if (every > totalSteps) {
    const message = `${every} is more than the ${totalSteps} steps of the run. Use fewer.`;
    return refuse('evaluateEverySteps', 'TOO_LARGE', message, totalSteps);
  }
  if (dataset.evalCount === 0) {
    const message = `"${dataset.key}" has no EVAL items to judge on. Build a dataset that has some.`;
    return refuse('evaluateEverySteps', 'NO_EVAL_ITEMS', message);
  }
  return {
    evaluateEverySteps: every,
    evaluateItems: Math.min(items ?? EVALUATED_ITEMS, dataset.evalCount),
  };
}

/** The config file and the command of the first attempt, with `RUN` for the id to come. */
export function previewExecution(app: Needs, resolved: ResolvedRun) {
  const paths = attemptPaths(app.config.dataDir, 'RUN', 1);
  const { file, args } = trainCommand(app.config, 'python', join(paths.attemptDir, 'config.json'));
  // Where the data folder is on this machine is nobody's business.
  const relative = <T>(value: T): T =>
    JSON.parse(
      JSON.stringify(value)
        .replaceAll(app.config.modelsDir, 'MODELS_DIR')
        .replaceAll(app.config.cacheDir, 'CACHE_DIR')
        .replaceAll(app.config.dataDir, 'DATA_DIR'),
    ) as T;
  return {
    tunixConfig: relative(tunixConfig(resolved.config, resolved.model, paths)),
    command: relative([file, ...args]),
  };
}

async function requireRuntime(app: Needs): Promise<void> {
  const online = await onlineRunnerIds(app.sql);
  const runners = await app.db.runner.findMany({
    where: { id: { in: [...online] } },
    select: { runtime: true },
  });
  const states = runners.map(({ runtime }) => runtime as { ready?: boolean; message?: string });
  if (states.some((state) => state.ready)) return;
  if (states.length === 0) {
    await checkPython(app.config);
    return;
  }
  throw new UnavailableError(
    `No runner can execute Tunix: ${states[0]?.message ?? 'Python is missing'}`,
    'Or use mode DRY_RUN, which needs no Python.',
  );
}
