/**
 * What kind of failure ended a run, told from what it left behind. A table of texts that Tunix, JAX,
 * the Hugging Face hub, the system and our own code write; the first that fits decides.
 */
import { sha256 } from '../../lib/canonical.ts';
import { preview } from '../../lib/text.ts';
import { STOPPED } from '../../tunix/process.ts';
import { STALL_SECONDS } from './stall.ts';

export const FAILURE_CODES = [
  'OUT_OF_MEMORY',
  'NAN_LOSS',
  'MISSING_TOKEN',
  'BAD_LORA_PATTERN',
  'COMPILE_STALL',
  'DISK_FULL',
  'MODEL_NOT_FOUND',
  'PYTHON_ENVIRONMENT',
  'SEQUENCE_TOO_LONG',
  'CHECKPOINT_MISMATCH',
  'RUNNER_LOST',
  'KILLED',
  'TIMEOUT',
  'PYTHON_ERROR',
  'UNKNOWN',
] as const;

export type FailureCode = (typeof FAILURE_CODES)[number];

/** What is known of the end of a run. */
export type RunEnd = {
  status: 'FAILED' | 'TIMEOUT';
  /** Why it ended, as the run says it. */
  error: string | null;
  logTail: string | null;
  exitCode: number | null;
  exitSignal: string | null;
  /** Its last three training losses, the newest first. */
  losses: readonly { step: number; value: number }[];
  /** Seconds its last training process ran without a single step; null when it made one, or none ran. */
  stalledSeconds: number | null;
};

export type Failure = {
  code: FailureCode;
  /** The line that decided, at most 500 characters. */
  detail: string | null;
  /** 16 hex digits, equal for failures that look the same. */
  signature: string;
};

type Rule = { code: FailureCode; pattern: RegExp };

/** In order: what is told by its cause stands before what only names an effect of it. */
const RULES: readonly Rule[] = [
  {
    code: 'DISK_FULL',
    pattern:
      /No space left on device|\bENOSPC\b|\[Errno 28\]|Disk quota exceeded|the disk is full|the disk has no room/i,
  },
  {
    code: 'OUT_OF_MEMORY',
    pattern:
      /RESOURCE_EXHAUSTED|CUDA_ERROR_OUT_OF_MEMORY|\bout of memory\b|\bMemoryError\b|Unable to allocate .+ for an array|std::bad_alloc|for lack of memory/i,
  },
  {
    code: 'CHECKPOINT_MISMATCH',
    pattern:
      /checkpoint of the earlier attempt was made with another|that this run resumes is gone|is not compatible with the stored shape|Failed to restore from step \d+|Argument 'optimizer\.states\[/,
  },
  {
    code: 'BAD_LORA_PATTERN',
    pattern: /the LoRA pattern .+ matches no module|\b(?:PatternError|error): .+ at position \d+/,
  },
  {
    // A name may be wrong, or hidden from whoever has no token: the hub does not tell.
    code: 'MODEL_NOT_FOUND',
    pattern: /was not found at \S+: the name is wrong|RepositoryNotFoundError/,
  },
  {
    code: 'MISSING_TOKEN',
    pattern:
      /Missing `?HF_TOKEN|\bis gated\b|GatedRepoError|does not accept HF_TOKEN|HF_TOKEN lacks the permission|denies access to .+ set HF_TOKEN|401 Client Error|Access to model .+ is restricted/,
  },
  {
    code: 'MODEL_NOT_FOUND',
    pattern:
      /Model ".+" is not on this runner|is not a model directory|could not be brought from the hub|Invalid model_source|must use source\(s\)|model_type .+ is not supported|cannot be trained:/,
  },
  {
    code: 'SEQUENCE_TOO_LONG',
    // Of the training process, and of a dry run.
    pattern:
      /usable training examples do not fill one batch|training items fit .+ which do not make one update/,
  },
  {
    code: 'PYTHON_ENVIRONMENT',
    pattern:
      /Python could not be started|Python is missing|cannot make environments|is too old for Tunix|The Python environment could not be made|Tunix cannot be imported|\bModuleNotFoundError\b|\bImportError\b/,
  },
  { code: 'NAN_LOSS', pattern: /FloatingPointError: .*\b(?:nan|inf)\b/i },
  { code: 'RUNNER_LOST', pattern: /The runner was (?:lost|not heard of)/ },
];

/** A last line of a traceback, or what C++ and absl say before they end the process. */
const EXCEPTION = /^\s*(?:[\w.]*(?:Error|Exception)\b|error: |terminate called|what\(\): |F\d{4} )/;

/** Prefix of the sentence about a training process that ended by itself. */
const PREFIX = /^Training failed with exit code \d+: /;

const LONGEST = 500;

const findRule = (line: string): Rule | undefined =>
  RULES.find(({ pattern }) => pattern.test(line));

/** Says what kind of failure it was. Never fails: what nothing fits is UNKNOWN. */
export function classifyFailure(end: RunEnd): Failure {
  const found = byText(end) ?? byNumbers(end) ?? { code: 'UNKNOWN', line: end.error };
  const [line = ''] = linesOf(found.line);
  const detail = preview(line.replace(PREFIX, '').trim(), LONGEST) || null;
  return { code: found.code, detail, signature: signatureOf(found.code, detail ?? '') };
}

type Found = { code: FailureCode; line: string | null };

/** By a text: of the error, or of an exception in the log, which may be the cause of the error. */
function byText({ status, error, logTail, exitSignal }: RunEnd): Found | null {
  // What it says on its way is no failure when only the time was over.
  if (status === 'TIMEOUT') return null;
  const said = linesOf(logTail).toReversed();
  // Who is killed has no time to raise anything.
  const telling = exitSignal ? said : said.filter((line) => EXCEPTION.test(line));
  for (const line of [...linesOf(error), ...telling]) {
    const rule = findRule(line);
    if (rule) return { code: rule.code, line };
  }
  return null;
}

const linesOf = (text: string | null): string[] => text?.split('\n') ?? [];

/** By what was measured, where no text tells. */
function byNumbers(end: RunEnd): Found | null {
  const { status, error, exitCode, exitSignal, stalledSeconds } = end;
  if (status === 'TIMEOUT') {
    if (stalledSeconds === null || stalledSeconds < STALL_SECONDS)
      return { code: 'TIMEOUT', line: error };
    const line = `No step in the ${Math.floor(stalledSeconds)} seconds the training process ran.`;
    return { code: 'COMPILE_STALL', line };
  }
  if (exitSignal || exitCode === STOPPED) return { code: 'KILLED', line: error };
  const diverged = end.losses.find(({ value }) => !Number.isFinite(value));
  if (diverged) {
    return { code: 'NAN_LOSS', line: `train/loss is ${diverged.value} at step ${diverged.step}.` };
  }
  return exitCode === null ? null : { code: 'PYTHON_ERROR', line: error };
}

const PARTICULARS: readonly [RegExp, string][] = [
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '<uuid>'],
  // Absolute paths only: `Qwen/Qwen3-0.6B` is the name of a model.
  [/(?<![\w/])(?:\/[\w.@+~-]+)+\/?/g, '<path>'],
  [/\b0x[0-9a-f]+\b/gi, '<hex>'],
  [/\b(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{8,}\b/gi, '<hex>'],
  [/\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi, '<n>'],
];

/** Digest of a code and a message without what is particular to one run: numbers, paths, digests, ids. */
export function signatureOf(code: FailureCode, message: string): string {
  const form = PARTICULARS.reduce((text, [pattern, name]) => text.replace(pattern, name), message);
  return sha256(`${code}\n${form}`).slice(0, 16);
}
