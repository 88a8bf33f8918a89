/** What createRun and cloneRun ask for. */
import { builder } from './builder.ts';
import { RunMode } from './runs.ts';

const LoraInput = builder.inputType('LoraInput', {
  description: 'Low-rank adapters instead of full fine-tuning.',
  fields: (t) => ({
    rank: t.int({ required: true, description: '1–512.' }),
    alpha: t.float({ required: true, description: 'Above 0, at most 4096.' }),
    modulePath: t.string({
      description:
        'Pattern of module names (Python regular expression); attention and MLP without.',
    }),
  }),
});

const MeshInput = builder.inputType('MeshInput', {
  description: 'How the devices of a runner are divided; fsdp × tp devices are used.',
  fields: (t) => ({
    fsdp: t.int({
      required: true,
      description: 'Parts of the batch and of the weights: 1–1024; divides batchSize.',
    }),
    tp: t.int({
      required: true,
      description: 'Parts of the attention heads and of the MLP: 1–1024; divides them.',
    }),
  }),
});

const HyperparametersInput = builder.inputType('HyperparametersInput', {
  description: 'How the model learns; everything has a default.',
  fields: (t) => ({
    learningRate: t.float({
      description: 'Above 0, at most 1; 2e-5, unless `advanced` has a schedule.',
    }),
    weightDecay: t.float({ description: '0–1; 0.01.' }),
    numEpochs: t.int({ description: 'Passes over the data: 1–100; 3.' }),
    maxSteps: t.int({ description: 'Ends after this many updates, if that is sooner.' }),
    batchSize: t.int({ description: 'Examples in one update: 1–512; 8.' }),
    maxSeqLength: t.int({ description: 'Tokens of an example: 128–32 768; 2048.' }),
    seed: t.int({ description: 'Of data order and adapters: 0–2^31-1; 42.' }),
    lora: t.field({ type: LoraInput, description: 'Adapters; full fine-tuning without.' }),
    mesh: t.field({ type: MeshInput, description: 'Several devices; one without.' }),
    evalEverySteps: t.int({ description: 'Updates between losses on EVAL; a tenth of all.' }),
    saveEverySteps: t.int({ description: 'Updates between checkpoints; a tenth of all.' }),
    maxNewTokens: t.int({ description: 'Longest prediction in tokens: 1–8192; 256.' }),
  }),
});

type Fields = PothosSchemaTypes.InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>;

/** The settings of a run that have a default. */
export const runSettings = (t: Fields) => ({
  name: t.string({ description: '1–128 characters, for people.' }),
  evaluationSetKey: t.string({
    description: 'What it is judged on, by key; the TEST side of the dataset without.',
  }),
  mode: t.field({ type: RunMode, description: 'LOCAL or DRY_RUN; DRY_RUN when not given.' }),
  hyperparameters: t.field({ type: HyperparametersInput, description: 'How it learns.' }),
  advanced: t.field({
    type: 'JSON',
    description:
      'Keys of the Tunix config that have no field of their own: `optimizer_config` (opt_type, ' +
      'schedule_type and their arguments), `training_config` (gradient_accumulation_steps, ' +
      'max_inflight_computations), `model_config` (remat_config, dtype, load_dtype, ' +
      'use_flash_attention, flash_attention_block_size). Others are refused; what Tunix would ' +
      'ignore is warned of.',
  }),
  evaluateEverySteps: t.int({
    description:
      'After each so many updates the EVAL side is answered and judged, while the TEST side and ' +
      'the evaluation set stay unseen: 1 to the steps of the run; never without.',
  }),
  evaluateItems: t.int({
    description: 'How many items of the EVAL side then, the first ones: 1–500; 50.',
  }),
  timeoutSeconds: t.int({ description: 'From its first start: 1–2 592 000; a day.' }),
  priority: t.int({ description: '-100 to 100, higher first; 0.' }),
  maxAttempts: t.int({ description: 'Lost attempts before it fails: 1–100; 3.' }),
  requiredLabels: t.stringList({
    description:
      'What a runner must offer to take it: at most 8, each of 1–63 lower-case letters, digits ' +
      'and . _ -; none when not given.',
  }),
  retryOnFailure: t.boolean({
    description:
      'Whether an attempt whose training failed is tried again while attempts are left; false.',
  }),
});
