/** From what was asked for to what runs: every default filled in, every number resolved. */
import type { Dataset } from '../../../prisma/generated/client/client.ts';
import { type Issue, ValidationError } from '../../errors.ts';
import { LORA_MODULES } from '../../tunix/config.ts';
import type { CreateRun, RunConfig } from '../model.ts';

type Request = ReturnType<typeof CreateRun.parse>;

const LEARNING_RATE = 2e-5;

/** Judged when not said otherwise; generating many takes longer than learning. */
const EVALUATED_ITEMS = 50;

/** Updates between evaluations, and between checkpoints: ten over the run unless asked otherwise. */
export const defaultInterval = (totalSteps: number): number =>
  Math.max(1, Math.ceil(totalSteps / 10));

/**
 * Resolves a request on a dataset.
 * @throws ValidationError when the data does not give one update, or the training would be judged
 *   never or on nothing.
 */
export function resolveConfig(
  request: Request,
  dataset: Pick<Dataset, 'key' | 'trainCount' | 'evalCount'>,
): { config: RunConfig; stepsPerEpoch: number } {
  const { hyperparameters: h, advanced } = request;
  const { stepsPerEpoch, available } = countSteps(request, dataset);
  const totalSteps = Math.min(h.maxSteps ?? available, available);
  const schedule = advanced?.optimizer_config?.schedule_type;
  const { mesh } = h;
  const config: RunConfig = {
    modelId: request.modelId,
    mode: request.mode,
    ...evaluationsOf(request, dataset, totalSteps),
    ...(advanced && { advanced }),
    hyperparameters: {
      learningRate: h.learningRate ?? (schedule ? null : LEARNING_RATE),
      weightDecay: h.weightDecay,
      numEpochs: h.numEpochs,
      batchSize: h.batchSize,
      maxSeqLength: h.maxSeqLength,
      seed: h.seed,
      lora: h.lora
        ? { rank: h.lora.rank, alpha: h.lora.alpha, modulePath: h.lora.modulePath ?? LORA_MODULES }
        : null,
      ...(mesh && mesh.fsdp * mesh.tp > 1 && { mesh }),
      evalEverySteps: h.evalEverySteps ?? defaultInterval(totalSteps),
      saveEverySteps: h.saveEverySteps ?? defaultInterval(totalSteps),
      maxNewTokens: h.maxNewTokens,
      maxSteps: h.maxSteps ?? null,
      totalSteps,
    },
  };
  return { config, stepsPerEpoch };
}

const refuse = (
  path: string[],
  code: string,
  message: string,
  facts: Partial<Issue> = {},
): never => {
  throw new ValidationError([{ path, code, message: `${path.join('.')}: ${message}`, ...facts }]);
};

/** What decides how many updates items give. */
type Paced = {
  hyperparameters: { batchSize: number; numEpochs: number };
  advanced?: RunConfig['advanced'] | null;
};

/**
 * Full batches in a pass over so many items, how many of them make one update, and updates in a pass
 * and in all passes, as `count_steps` of `tunix_rt/data.py`.
 */
export function countUpdates(items: number, { hyperparameters: h, advanced }: Paced) {
  const accumulation = advanced?.training_config?.gradient_accumulation_steps ?? 1;
  const batches = Math.floor(items / h.batchSize);
  return {
    batches,
    accumulation,
    perPass: Math.floor(batches / accumulation),
    possible: Math.floor((batches * h.numEpochs) / accumulation),
  };
}

/** Updates in a pass over the data and in all passes; refuses what gives none. */
function countSteps(
  request: Request,
  dataset: Pick<Dataset, 'key' | 'trainCount'>,
): { stepsPerEpoch: number; available: number } {
  const { hyperparameters: h } = request;
  if (h.batchSize > dataset.trainCount) {
    refuse(
      ['hyperparameters', 'batchSize'],
      'BATCH_TOO_LARGE',
      `${h.batchSize} is more than the ${dataset.trainCount} training items of "${dataset.key}". ` +
        'Use a smaller batch or a larger dataset.',
      { limit: String(dataset.trainCount), found: String(h.batchSize) },
    );
  }
  const { batches, accumulation, perPass, possible } = countUpdates(dataset.trainCount, request);
  if (possible === 0) {
    refuse(
      ['advanced', 'training_config', 'gradient_accumulation_steps'],
      'TOO_LARGE',
      `${accumulation} batches make one update, and ${h.numEpochs} passes give only ` +
        `${batches * h.numEpochs} batches. Accumulate fewer, or raise numEpochs.`,
      { limit: String(batches * h.numEpochs), found: String(accumulation) },
    );
  }
  return { stepsPerEpoch: perPass, available: possible };
}

/** How often the training is judged on its way, and on how many items. */
function evaluationsOf(
  { evaluateEverySteps: every, evaluateItems: items }: Request,
  dataset: Pick<Dataset, 'key' | 'evalCount'>,
  totalSteps: number,
): Pick<RunConfig, 'evaluateEverySteps' | 'evaluateItems'> {
  if (!every) {
    if (!items) return {};
    const message = 'says on how many items; say how often with evaluateEverySteps.';
    return refuse(['evaluateItems'], 'WITHOUT_STEPS', message);
  }
  if (every > totalSteps) {
    const message = `${every} is more than the ${totalSteps} steps of the run. Use fewer.`;
    const facts = { limit: String(totalSteps), found: String(every) };
    return refuse(['evaluateEverySteps'], 'TOO_LARGE', message, facts);
  }
  if (dataset.evalCount === 0) {
    const message = `"${dataset.key}" has no EVAL items to judge on. Build a dataset that has some.`;
    return refuse(['evaluateEverySteps'], 'NO_EVAL_ITEMS', message);
  }
  return {
    evaluateEverySteps: every,
    evaluateItems: Math.min(items ?? EVALUATED_ITEMS, dataset.evalCount),
  };
}
