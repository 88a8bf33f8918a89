/** What is allowed in a run and probably not meant. */
import type { Dataset, EvaluationSet } from '../../prisma/generated/client/client.ts';
import type { App } from '../app.ts';
import { countLeaks, countLongPrompts } from '../evaluationSets/read.ts';
import type { BaseModel } from '../tunix/models.ts';
import type { RunConfig, RunWarning } from './model.ts';

/** Rough number of characters in a token; only for warnings, the tokenizer decides. */
const CHARS_PER_TOKEN = 4;

/** More evaluations on the way than this cost more time than they tell. */
const MANY_EVALUATIONS = 50;

type Resolved = {
  dataset: Dataset;
  evaluationSet: EvaluationSet | null;
  model: BaseModel;
  config: RunConfig;
};

/** Everything that createRun wants acknowledged. */
export async function warningsFor(
  app: Pick<App, 'db' | 'sql'>,
  { dataset, evaluationSet, model, config }: Resolved,
): Promise<RunWarning[]> {
  const { maxSteps, totalSteps, maxSeqLength, lora } = config.hyperparameters;
  const warnings: RunWarning[] = [];
  const evaluations = Math.floor(totalSteps / (config.evaluateEverySteps ?? Infinity));
  if (evaluations > MANY_EVALUATIONS) {
    warnings.push({
      code: 'FREQUENT_EVALUATIONS',
      message:
        `The training is interrupted ${evaluations} times to answer ${config.evaluateItems} items; ` +
        'raise evaluateEverySteps unless you want that.',
    });
  }
  if (maxSteps && maxSteps > totalSteps) {
    warnings.push({
      code: 'MAX_STEPS_NOT_REACHED',
      message:
        `maxSteps is ${maxSteps}, but the data gives only ${totalSteps} steps; raise numEpochs to ` +
        'train longer.',
    });
  }
  if (!evaluationSet && dataset.testCount === 0) {
    warnings.push({
      code: 'NO_TEST_ITEMS',
      message:
        'The dataset has no TEST items, so this run will not be evaluated automatically. Choose ' +
        'an evaluation set to judge it on.',
    });
  }
  if (lora && model.source === 'BUILT_IN') {
    warnings.push({
      code: 'LORA_ON_RANDOM_MODEL',
      message:
        'The tiny model starts from random weights; LoRA leaves those frozen and learns little. ' +
        'Train it fully, or choose a pre-trained model.',
    });
  }
  const longest = maxSeqLength * CHARS_PER_TOKEN;
  const long = await app.db.datasetItem.count({
    where: {
      datasetId: dataset.id,
      trace: { totalChars: { gt: longest } },
      // With a set, nothing looks at the TEST side.
      ...(evaluationSet && { split: { not: 'TEST' } }),
    },
  });
  if (long > 0) {
    warnings.push({
      code: 'LONG_ITEMS',
      message:
        `${long} items have more than ${longest} characters and probably do not fit maxSeqLength ` +
        `${maxSeqLength}; items that do not fit are left out of training and counted in the run.`,
    });
  }
  if (evaluationSet) warnings.push(...(await ofSet(app, dataset, evaluationSet, maxSeqLength)));
  return warnings;
}

async function ofSet(
  app: Pick<App, 'sql'>,
  dataset: Dataset,
  set: EvaluationSet,
  maxSeqLength: number,
): Promise<RunWarning[]> {
  const warnings: RunWarning[] = [];
  const leaks = await countLeaks(app.sql, set.id, dataset.id);
  if (leaks > 0) {
    warnings.push({
      code: 'EVALUATION_LEAKAGE',
      message:
        `${leaks} training items of "${dataset.key}" ask what "${set.key}" asks, so the model is ` +
        'judged on what it learnt by heart. Build a dataset without them.',
    });
  }
  const longest = maxSeqLength * CHARS_PER_TOKEN;
  const long = await countLongPrompts(app.sql, set.id, longest);
  if (long > 0) {
    warnings.push({
      code: 'LONG_PROMPTS',
      message:
        `${long} prompts of "${set.key}" have more than ${longest} characters and probably do not ` +
        `fit maxSeqLength ${maxSeqLength}; a prompt that does not fit gets no answer and is wrong.`,
    });
  }
  return warnings;
}
