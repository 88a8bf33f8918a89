import type { FailureCode } from '../gql/graphql.ts';

const LABELS: Record<FailureCode, string> = {
  OUT_OF_MEMORY: 'Out of memory',
  NAN_LOSS: 'Loss is not a number',
  MISSING_TOKEN: 'Missing token',
  BAD_LORA_PATTERN: 'LoRA matches nothing',
  COMPILE_STALL: 'Compilation stalled',
  DISK_FULL: 'Disk full',
  MODEL_NOT_FOUND: 'Model not found',
  PYTHON_ENVIRONMENT: 'Python environment',
  SEQUENCE_TOO_LONG: 'Sequence too long',
  CHECKPOINT_MISMATCH: 'Checkpoint does not fit',
  RUNNER_LOST: 'Runner lost',
  KILLED: 'Killed',
  TIMEOUT: 'Time limit',
  PYTHON_ERROR: 'Python error',
  UNKNOWN: 'Unknown',
};

/** A kind of failure in two words, for lists and filters. */
export const failureLabel = (code: FailureCode): string => LABELS[code];
