/** What is allowed in a run and probably not meant. */
import type { Dataset, EvaluationSet } from '../../../prisma/generated/client/client.ts';
import type { App } from '../../app.ts';
import { countLeaks, countLongPrompts } from '../../evaluationSets/read.ts';
import type { BaseModel } from '../../tunix/models.ts';
import type { RunConfig, RunWarning } from '../model.ts';
import { CHARS_PER_TOKEN, type SequenceLengths } from './lengths.ts';
import { countUpdates } from './resolveConfig.ts';

/** More evaluations on the way than this cost more time than they tell. */
const MANY_EVALUATIONS = 50;

type Resolved = {
  dataset: Dataset;
  evaluationSet: EvaluationSet | null;
  model: BaseModel;
  config: RunConfig;
  lengths: SequenceLengths;
};

/** Everything that createRun wants acknowledged. */
export async function warningsFor(
  app: Pick<App, 'db' | 'sql'>,
  { dataset, evaluationSet, model, config, lengths }: Resolved,
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
  warnings.push(...longItems(lengths, config));
  if (!evaluationSet) warnings.push(...(await longTests(app, dataset, maxSeqLength)));
  if (evaluationSet) warnings.push(...(await ofSet(app, dataset, evaluationSet, maxSeqLength)));
  return warnings;
}

function longItems(lengths: SequenceLengths, config: RunConfig): RunWarning[] {
  const { tooLong, longest, source } = lengths;
  const { maxSeqLength } = config.hyperparameters;
  if (tooLong === 0) return [];
  const found =
    source === 'TOKENS'
      ? `${tooLong} items of TRAIN and EVAL have up to ${longest} tokens and do not fit`
      : `${tooLong} items of TRAIN and EVAL have more than ${maxSeqLength * CHARS_PER_TOKEN} ` +
        'characters and probably do not fit';
  return [
    {
      code: 'LONG_ITEMS',
      message:
        `${found} maxSeqLength ${maxSeqLength}; items that do not fit are left out of training and ` +
        `counted in the run.${repeats(lengths, config)}`,
    },
  ];
}

/** The steps of a run are fixed before its tokens are counted, so what is left is learnt more often. */
function repeats({ train }: SequenceLengths, config: RunConfig): string {
  const { totalSteps, numEpochs } = config.hyperparameters;
  const { batches, accumulation } = countUpdates(train, config);
  const passes = Math.floor((totalSteps * accumulation) / batches);
  if (batches === 0 || passes <= numEpochs) return '';
  return (
    ` The ${totalSteps} steps stay, so the ${train} training items that fit are learnt about ` +
    `${passes} times, not ${numEpochs}; set maxSteps to train less.`
  );
}

/** Of a TEST item only the prompt is read. */
async function longTests(
  app: Pick<App, 'sql'>,
  dataset: Dataset,
  maxSeqLength: number,
): Promise<RunWarning[]> {
  const longest = maxSeqLength * CHARS_PER_TOKEN;
  const { rows } = await app.sql.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM dataset_items item JOIN traces trace ON trace.id = item.trace_id
     WHERE item.dataset_id = $1 AND item.split = 'TEST' AND trace.total_chars > $2
       AND length(trace.payload->>'prompt') > $2`,
    [dataset.id, longest],
  );
  const long = rows[0]?.count ?? 0;
  if (long === 0) return [];
  return [
    {
      code: 'LONG_PROMPTS',
      message:
        `${long} prompts of TEST have more than ${longest} characters and probably do not fit ` +
        `maxSeqLength ${maxSeqLength}; a prompt that does not fit gets no answer and is wrong.`,
    },
  ];
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
