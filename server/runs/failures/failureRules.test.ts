import { describe, expect, test } from 'vitest';
import { remedyOf, titleOf } from './failureAdvice.ts';
import {
  classifyFailure,
  FAILURE_CODES,
  type FailureCode,
  type RunEnd,
  signatureOf,
} from './failureRules.ts';

const END: RunEnd = {
  status: 'FAILED',
  error: null,
  logTail: null,
  exitCode: 1,
  exitSignal: null,
  losses: [],
  stalledSeconds: null,
};

const raised = (message: string): RunEnd => ({
  ...END,
  error: `Training failed with exit code 1: ${message}`,
});
const refused = (error: string): RunEnd => ({ ...END, exitCode: null, error });

/** Texts as they are written; the first line of each, unless another one decides. */
const RAISED: readonly [FailureCode, string][] = [
  [
    'OUT_OF_MEMORY',
    'XlaRuntimeError: RESOURCE_EXHAUSTED: Out of memory while trying to allocate 17179869184 bytes.',
  ],
  [
    'OUT_OF_MEMORY',
    'JaxRuntimeError: RESOURCE_EXHAUSTED: Attempting to reserve 9.41G at the bottom of memory.',
  ],
  ['OUT_OF_MEMORY', 'MemoryError: '],
  [
    'OUT_OF_MEMORY',
    'ArrayMemoryError: Unable to allocate 12.0 GiB for an array with shape (1, 2) and data type float32',
  ],
  [
    'DISK_FULL',
    "OSError: [Errno 28] No space left on device: '/data/runs/1/attempt-1/events.jsonl'",
  ],
  [
    'DISK_FULL',
    'XlaRuntimeError: RESOURCE_EXHAUSTED: Error writing "d/7f": No space left on device',
  ],
  [
    'CHECKPOINT_MISMATCH',
    'ValueError: Requested shape: (64, 8) is not compatible with the stored shape: (64, 4)',
  ],
  [
    'CHECKPOINT_MISMATCH',
    'ValueError: Failed to restore from step 40. If this checkpoint only contains LoRA parameters, say so',
  ],
  [
    'CHECKPOINT_MISMATCH',
    "TypeError: Argument 'optimizer.states[0][7]' of shape int32[] is incompatible",
  ],
  [
    'BAD_LORA_PATTERN',
    "ValueError: the LoRA pattern '.*nothing.*' matches no module of the model; modules are named like layers/0/attn/q_proj",
  ],
  ['BAD_LORA_PATTERN', 'error: missing ), unterminated subpattern at position 0'],
  ['BAD_LORA_PATTERN', 'PatternError: nothing to repeat at position 3'],
  ['MISSING_TOKEN', 'ValueError: Missing `HF_TOKEN` to access hf tokenizer'],
  [
    'MISSING_TOKEN',
    'GatedRepoError: 401 Client Error. Access to model meta-llama/Llama-3.1-8B is restricted.',
  ],
  ['MODEL_NOT_FOUND', "ValueError: Invalid model_source: s3. Must be one of ['gcs', 'kaggle']"],
  [
    'MODEL_NOT_FOUND',
    "ValueError: Model 'gemma-3-270m' must use source(s) ['gcs', 'internal', 'maxtext'], but got 'huggingface'.",
  ],
  [
    'MODEL_NOT_FOUND',
    'FileNotFoundError: /models/x is not a model directory: it has no config.json',
  ],
  [
    'MODEL_NOT_FOUND',
    "ValueError: model_type 'mamba' is not supported; supported: llama, qwen2, qwen3",
  ],
  [
    'SEQUENCE_TOO_LONG',
    'ValueError: 3 usable training examples do not fill one batch of 8: lower batch_size, or raise max_seq_length if examples were dropped as too long',
  ],
  ['PYTHON_ENVIRONMENT', "ModuleNotFoundError: No module named 'tunix'"],
  ['PYTHON_ENVIRONMENT', 'ImportError: libcudart.so.12: cannot open shared object file'],
  ['NAN_LOSS', 'FloatingPointError: invalid value (nan) encountered in jit(train_step)'],
  ['NAN_LOSS', 'FloatingPointError: invalid value (inf) encountered in jit(train_step)'],
  [
    'NAN_LOSS',
    'FloatingPointError: train/loss is nan at step 7, and was no number for 3 steps: the training has diverged',
  ],
  [
    'NAN_LOSS',
    'FloatingPointError: train/loss is -inf at step 7, and was no number for 3 steps: the training has diverged',
  ],
  ['PYTHON_ERROR', "AttributeError: module 'optax' has no attribute 'adamzz'"],
  [
    'PYTHON_ERROR',
    "TypeError: TrainingConfig.__init__() got an unexpected keyword argument 'bogus'",
  ],
];

const REFUSED: readonly [FailureCode, string][] = [
  ['MODEL_NOT_FOUND', 'Model "mine" is not on this runner (MODELS_DIR).'],
  [
    'MODEL_NOT_FOUND',
    'a/b could not be brought from the hub: a/b was not found at https://huggingface.co: the name is wrong, or it is private: set HF_TOKEN',
  ],
  [
    'MISSING_TOKEN',
    'a/b could not be brought from the hub: a/b is gated: accept the terms at https://huggingface.co/a/b and set HF_TOKEN to a token of that account',
  ],
  [
    'MISSING_TOKEN',
    'a/b could not be brought from the hub: https://huggingface.co does not accept HF_TOKEN (HTTP 401): it is wrong or has expired',
  ],
  [
    'MISSING_TOKEN',
    'a/b could not be brought from the hub: https://huggingface.co denies access to a/b (HTTP 403): HF_TOKEN lacks the permission',
  ],
  [
    'DISK_FULL',
    'a/b could not be brought from the hub: the disk has no room: 15.2 GB are needed, 3.1 GB are free at /cache',
  ],
  [
    'MODEL_NOT_FOUND',
    'a/b could not be brought from the hub: a/b cannot be trained: Tunix does not read quantized weights (quantization_config)',
  ],
  ['PYTHON_ENVIRONMENT', 'Python could not be started: spawn python ENOENT.'],
  ['PYTHON_ENVIRONMENT', 'Python is missing: spawn python3 ENOENT. Install Python 3.11 to 3.13.'],
  ['PYTHON_ENVIRONMENT', 'Python 3.9.2 is too old for Tunix. Install Python 3.11 to 3.13.'],
  ['PYTHON_ENVIRONMENT', 'Tunix cannot be imported: bad magic number.'],
  [
    'CHECKPOINT_MISMATCH',
    'The checkpoint of the earlier attempt was made with another tunix and jax; it cannot be resumed.',
  ],
  [
    'CHECKPOINT_MISMATCH',
    'The checkpoint of step 6 that this run resumes is gone. Resume another checkpoint.',
  ],
  ['RUNNER_LOST', 'The runner was lost. No attempts are left (maxAttempts 3).'],
  ['UNKNOWN', 'Something nobody has thought of.'],
];

describe('classifyFailure', () => {
  test.for(RAISED)('says %s of %s', ([code, message]) => {
    const failure = classifyFailure(raised(message));
    expect(failure).toMatchObject({ code, detail: message.trim() });
  });

  test.for(REFUSED)('says %s of a run that never trained: %s', ([code, error]) => {
    expect(classifyFailure(refused(error))).toMatchObject({ code, detail: error });
  });

  test('finds the deciding line in an error of many lines', () => {
    const end = raised('RuntimeError: save failed\nOSError: [Errno 28] No space left on device');
    expect(classifyFailure(end)).toMatchObject({
      code: 'DISK_FULL',
      detail: 'OSError: [Errno 28] No space left on device',
    });
  });

  test('finds the cause in the traceback that is logged above the error', () => {
    const logTail = 'MemoryError: \nDuring handling of the above exception\nValueError: bad luck';
    const end = { ...raised('ValueError: bad luck'), logTail };
    expect(classifyFailure(end)).toMatchObject({ code: 'OUT_OF_MEMORY', detail: 'MemoryError:' });
  });

  test('takes no warning in the log for the cause', () => {
    const logTail =
      'W1120 allocator ran out of memory; this is not a failure\nValueError: bad luck';
    const end = { ...raised('ValueError: bad luck'), logTail };
    expect(classifyFailure(end)).toMatchObject({ code: 'PYTHON_ERROR' });
  });

  test.for([
    ['KILLED', 'The training process was ended by SIGKILL.', 'step 3'],
    ['OUT_OF_MEMORY', 'The training process was ended by SIGKILL for lack of memory.', 'step 3'],
    ['OUT_OF_MEMORY', 'The training process was ended by SIGABRT.', 'what():  std::bad_alloc'],
  ] as const)('says %s of %s after %s', ([code, error, logTail]) => {
    const end = { ...END, exitCode: null, exitSignal: 'SIGKILL', error, logTail };
    expect(classifyFailure(end).code).toBe(code);
  });

  test('says KILLED when something outside asked it to stop', () => {
    const error = 'The training process was asked to stop from outside. No attempts are left.';
    expect(classifyFailure({ ...END, exitCode: 75, error }).code).toBe('KILLED');
  });

  test('says NAN_LOSS of an error after a loss that is no number, but not when the text tells more', () => {
    const losses = [
      { step: 9, value: 0.5 },
      { step: 8, value: Number.NaN },
    ];
    expect(classifyFailure({ ...raised('ValueError: bad luck'), losses })).toMatchObject({
      code: 'NAN_LOSS',
      detail: 'train/loss is NaN at step 8.',
    });
    expect(classifyFailure({ ...raised('MemoryError: '), losses }).code).toBe('OUT_OF_MEMORY');
    const infinite = [{ step: 4, value: Infinity }];
    expect(classifyFailure({ ...raised('x'), losses: infinite }).code).toBe('NAN_LOSS');
  });

  test.for([
    ['TIMEOUT', null],
    ['TIMEOUT', 299],
    ['COMPILE_STALL', 300],
  ] as const)('says %s of a timeout after %s seconds without a step', ([code, stalledSeconds]) => {
    const error = 'The timeout of the run is over.';
    const logTail = 'MemoryError: while it was stopped';
    expect(
      classifyFailure({ ...END, status: 'TIMEOUT', error, logTail, stalledSeconds }).code,
    ).toBe(code);
  });

  test('says UNKNOWN where nothing is known', () => {
    expect(classifyFailure({ ...END, exitCode: null })).toMatchObject({
      code: 'UNKNOWN',
      detail: null,
    });
  });

  test('keeps at most 500 characters of the line', () => {
    const { detail } = classifyFailure(raised(`ValueError: ${'x'.repeat(9_000)}`));
    expect(detail).toHaveLength(501);
  });
});

describe('signatureOf', () => {
  test.for([
    ['allocating 17179869184 bytes', 'allocating 42 bytes'],
    ['lr 1e-5 at 3.25', 'lr 2e-10 at 4'],
    ["No such file: '/data/runs/a/x.txt'", "No such file: '/other/y'"],
    ['run 01a1fb81-3a6f-7941-a8ea-121b9f8ec01f', 'run 01a1fb81-3a6f-7941-a8ea-121b9f8ec0ff'],
    ['at 0x7f3a', 'at 0x11'],
    ['revision c1899de289a04d12100db370d81485cdf75e47ca', 'revision 0d81485c'],
  ] as const)('is the same for %s and %s', ([one, other]) => {
    expect(signatureOf('PYTHON_ERROR', one)).toBe(signatureOf('PYTHON_ERROR', other));
  });

  test('is another for another message, and for another code', () => {
    const signature = signatureOf('PYTHON_ERROR', 'ValueError: bad luck');
    expect(signature).toMatch(/^[0-9a-f]{16}$/);
    expect(signatureOf('PYTHON_ERROR', 'ValueError: good luck')).not.toBe(signature);
    expect(signatureOf('UNKNOWN', 'ValueError: bad luck')).not.toBe(signature);
  });

  test('keeps the names of models apart', () => {
    expect(signatureOf('UNKNOWN', 'Qwen/Qwen3 broke')).not.toBe(
      signatureOf('UNKNOWN', 'Meta/Llama broke'),
    );
  });
});

describe('every kind of failure', () => {
  const hyperparameters = {
    batchSize: 8,
    maxSeqLength: 2048,
    learningRate: 0.002,
    lora: { rank: 4, alpha: 8, modulePath: '.*q_proj' },
  };
  const run = {
    config: { modelId: 'tiny', hyperparameters: hyperparameters as never },
    timeoutSeconds: 60,
    maxAttempts: 3,
  };

  test.for(FAILURE_CODES)('%s has a title and a remedy', (code) => {
    expect(titleOf(code)).toMatch(/\w/);
    expect(remedyOf(code, run)).toMatch(/\.$/);
    expect(remedyOf(code, { ...run, config: {} })).toMatch(/\.$/);
    expect(remedyOf(code, run)).not.toMatch(/undefined|null/);
  });

  test('names the field to change with the value it had', () => {
    expect(remedyOf('OUT_OF_MEMORY', run)).toContain('hyperparameters.batchSize (it was 8)');
    expect(remedyOf('NAN_LOSS', run)).toContain('it was 0.002; try 0.0002');
    const schedule = { optimizer_config: { schedule_type: 'constant_schedule' as const } };
    expect(remedyOf('NAN_LOSS', { ...run, config: { advanced: schedule } })).toContain(
      'smaller rates of the schedule in advanced.optimizer_config',
    );
    expect(remedyOf('BAD_LORA_PATTERN', run)).toContain('it was .*q_proj');
    expect(remedyOf('TIMEOUT', run)).toContain('timeoutSeconds (it was 60)');
  });
});
