/**
 * The one resolver behind `validateRun`, dry runs and `createRun`: what it returns is what runs.
 */
import type { Dataset, EvaluationSet } from '../../../prisma/generated/client/client.ts';
import type { App } from '../../app.ts';
import { type Issue, NotFoundError, ValidationError } from '../../errors.ts';
import { findSet } from '../../evaluationSets/read.ts';
import { parse } from '../../lib/parse.ts';
import type { BaseModel } from '../../tunix/models.ts';
import { requireModel } from '../../tunix/requireModel.ts';
import { CreateRun, type CreateRunInput, type RunConfig, type RunWarning } from '../model.ts';
import { adviseAdvanced } from './advice.ts';
import { checkDevices } from './devices.ts';
import { estimateRun, type RunEstimate } from './estimate.ts';
import { measureLengths, readDataBytes, type SequenceLengths } from './lengths.ts';
import { matchLora } from './lora.ts';
import { eligibleRunners, requirePython } from './placement.ts';
import { countUpdates, resolveConfig } from './resolveConfig.ts';
import { checkResources } from './resources.ts';
import { warningsFor } from './warnings.ts';

export type ResolvedRun = {
  request: ReturnType<typeof CreateRun.parse>;
  dataset: Dataset;
  /** What is judged at the end; the TEST side of the dataset when null. */
  evaluationSet: EvaluationSet | null;
  model: BaseModel;
  config: RunConfig;
  /** Updates in one pass over the data, of what fits where that is known. */
  stepsPerEpoch: number;
  estimate: RunEstimate;
  lengths: SequenceLengths;
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
  const dataset = await findDataset(app, request.datasetKey);
  const { evaluationSetKey } = request;
  const evaluationSet = evaluationSetKey ? await findSet(app.db, evaluationSetKey) : null;
  const model = await requireModel(app.config, request.modelId);
  const { config, stepsPerEpoch } = resolveConfig(request, dataset);
  const { lora, mesh, batchSize, maxSeqLength, weightDecay } = config.hyperparameters;
  const { architecture } = model;
  const learningRate = request.hyperparameters.learningRate ?? null;

  const runners = await eligibleRunners(app, request.requiredLabels);
  const matched = lora && matchLora(lora, architecture);
  const devices = checkDevices(config, architecture, runners);
  const advice = adviseAdvanced(config.advanced, { learningRate, weightDecay });
  const lengths = await measureLengths(app, dataset.id, model.id, maxSeqLength);
  const issues = [
    ...whyUnsupported(model),
    ...(matched?.issues ?? []),
    ...devices.issues,
    ...advice.issues,
    ...whyTooLong(lengths, batchSize, maxSeqLength),
  ];
  if (issues.length > 0) throw new ValidationError(issues);
  if (request.mode === 'LOCAL') await requirePython(app, runners);

  const modules = matched?.modules ?? null;
  const dataBytes = await readDataBytes(app.sql, dataset.id);
  const estimate = estimateRun({ architecture, config, modules, dataBytes });
  const warnings = [
    ...(await warningsFor(app, { dataset, evaluationSet, model, config, lengths })),
    ...(matched?.warnings ?? []),
    ...advice.warnings,
    ...devices.warnings,
    ...checkResources(estimate, mesh, runners),
  ];
  return {
    request,
    dataset,
    evaluationSet,
    model,
    config,
    stepsPerEpoch:
      lengths.source === 'TOKENS' ? countUpdates(lengths.train, config).perPass : stepsPerEpoch,
    estimate,
    lengths,
    warnings,
  };
}

async function findDataset(app: Pick<App, 'db'>, key: string): Promise<Dataset> {
  const dataset = await app.db.dataset.findUnique({ where: { key } });
  if (dataset) return dataset;
  throw new NotFoundError(
    'Dataset',
    `There is no dataset "${key}". List them with \`datasets\`, or make it with \`buildDataset\`.`,
  );
}

function whyUnsupported({ id, unfaithful }: BaseModel): Issue[] {
  if (!unfaithful) return [];
  const message = `modelId: ${unfaithful}, so "${id}" would be another model. Choose another.`;
  return [{ path: ['modelId'], code: 'UNSUPPORTED_MODEL', message, found: id }];
}

/** Counted tokens are a fact, characters a guess: only the first refuse a run. */
function whyTooLong(
  { source, train }: { source: string; train: number },
  batchSize: number,
  maxSeqLength: number,
): Issue[] {
  if (source !== 'TOKENS' || train >= batchSize) return [];
  const path = ['hyperparameters', 'maxSeqLength'];
  const message =
    `${path.join('.')}: only ${train} training items fit ${maxSeqLength} tokens, which do not fill ` +
    `a batch of ${batchSize}. Raise it, or lower batchSize.`;
  return [{ path, code: 'TOO_FEW_FIT', message, limit: String(batchSize), found: String(train) }];
}
