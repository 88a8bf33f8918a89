/** What a failure is called, and what to change about it. */

import type { RunConfig } from '../model.ts';
import type { FailureCode } from './failureRules.ts';

type Run = { config: Partial<RunConfig>; timeoutSeconds: number; maxAttempts: number };

const smaller = ({ config: { hyperparameters: h } }: Run): string =>
  h
    ? `Clone the run with a smaller hyperparameters.batchSize (it was ${h.batchSize}) or ` +
      `maxSeqLength (${h.maxSeqLength})${h.lora ? '' : ', or with hyperparameters.lora'}`
    : 'Clone the run with a smaller hyperparameters.batchSize or maxSeqLength';

/** With a schedule there is no rate of its own. */
const slower = ({ hyperparameters: h, advanced }: Run['config']): string => {
  if (advanced?.optimizer_config?.schedule_type) {
    return 'smaller rates of the schedule in advanced.optimizer_config';
  }
  if (!h?.learningRate) return 'a smaller hyperparameters.learningRate';
  const less = Number((h.learningRate / 10).toPrecision(3));
  return `a smaller hyperparameters.learningRate (it was ${h.learningRate}; try ${less})`;
};

const ADVICE: Record<FailureCode, { title: string; remedy: (run: Run) => string }> = {
  OUT_OF_MEMORY: {
    title: 'Out of memory',
    remedy: (run) => `${smaller(run)}, or give it to a runner with more memory.`,
  },
  NAN_LOSS: {
    title: 'The loss is no number any more',
    remedy: ({ config }) =>
      `Clone the run with ${slower(config)}, and look at the items it learnt from just before.`,
  },
  MISSING_TOKEN: {
    title: 'The Hugging Face hub wants a token',
    remedy: () =>
      'Accept the terms of the model on its page, set HF_TOKEN for the runner to a token of that ' +
      'account, start the runner again and retry the run.',
  },
  BAD_LORA_PATTERN: {
    title: 'The LoRA pattern fits no module',
    remedy: ({ config: { hyperparameters: h } }) =>
      `Clone the run with another hyperparameters.lora.modulePath${
        h?.lora ? ` (it was ${h.lora.modulePath})` : ''
      }; left out, it adapts attention and MLP.`,
  },
  COMPILE_STALL: {
    title: 'No step before the time was over',
    remedy: ({ timeoutSeconds }) =>
      `Compiling took longer than the run may. Clone it with a larger timeoutSeconds (it was ` +
      `${timeoutSeconds}), or with a smaller hyperparameters.maxSeqLength, which compiles faster.`,
  },
  DISK_FULL: {
    title: 'No room on the disk',
    remedy: () =>
      'Make room where DATA_DIR and CACHE_DIR of the runner are, then retry the run; with a larger ' +
      'hyperparameters.saveEverySteps a clone writes fewer checkpoints.',
  },
  MODEL_NOT_FOUND: {
    title: 'The model cannot be had',
    remedy: ({ config }) =>
      `Clone the run with another modelId (it was ${config.modelId}), or put the folder of the ` +
      'model under MODELS_DIR of the runner and retry; a private model needs HF_TOKEN there.',
  },
  PYTHON_ENVIRONMENT: {
    title: 'Python is not ready',
    remedy: () =>
      'Install Python 3.11 to 3.13 with venv on the machine of the runner, or remove the folder ' +
      'python in its CACHE_DIR to have the environment made anew; then retry the run.',
  },
  SEQUENCE_TOO_LONG: {
    title: 'Too few examples fit',
    remedy: ({ config: { hyperparameters: h } }) =>
      `Clone the run with a larger hyperparameters.maxSeqLength${h ? ` (it was ${h.maxSeqLength})` : ''}, ` +
      `so that fewer examples are left out, or a smaller batchSize${h ? ` (${h.batchSize})` : ''}.`,
  },
  CHECKPOINT_MISMATCH: {
    title: 'The checkpoint cannot be used',
    remedy: () =>
      'It is gone, or was made with another model, dataset, config or software. Resume another ' +
      'checkpoint, or clone the run to train anew.',
  },
  RUNNER_LOST: {
    title: 'The runner was lost',
    remedy: ({ maxAttempts }) =>
      `See whether its machine runs and reaches the database, then resume or retry the run; with ` +
      `maxAttempts above ${maxAttempts} it is tried more often by itself.`,
  },
  KILLED: {
    title: 'The training process was killed',
    remedy: (run) =>
      `Look into the system log of the runner for who did it; often memory was short. ${smaller(run)}, ` +
      'or resume it.',
  },
  TIMEOUT: {
    title: 'Out of time',
    remedy: ({ timeoutSeconds }) =>
      `Resume the run with a larger timeoutSeconds (it was ${timeoutSeconds}); where it has no checkpoint, ` +
      'clone it with that or with fewer steps.',
  },
  PYTHON_ERROR: {
    title: 'The training raised an error',
    remedy: () => 'The log holds the traceback. Mend what it names, then clone or retry the run.',
  },
  UNKNOWN: {
    title: 'It failed in a way not known yet',
    remedy: () => 'Read the error and the log, then retry the run.',
  },
};

/** A few words for a kind of failure. */
export const titleOf = (code: FailureCode): string => ADVICE[code].title;

/** What to do about it, with the field to change and the value it had. */
export const remedyOf = (code: FailureCode, run: Run): string => ADVICE[code].remedy(run);
