import { z } from 'zod';
import type { FindingSeverity, Split } from '../../../prisma/generated/client/enums.ts';
import { text } from '../../lib/text.ts';
import type { TracePayload } from '../../traces/model.ts';
import { TINY_MODEL } from '../../tunix/models.ts';

/** Every rule, with how bad it is to break it. ERROR: a training or its evaluation is spoilt. */
export const SEVERITY = {
  EXACT_DUPLICATE: 'WARNING',
  NEAR_DUPLICATE: 'WARNING',
  SPLIT_LEAKAGE: 'ERROR',
  EVALUATION_LEAKAGE: 'ERROR',
  TOO_MANY_TOKENS: 'ERROR',
  TOO_MANY_CHARS: 'WARNING',
  EMPTY_STEP: 'ERROR',
  REPEATED_STEP: 'WARNING',
  ANSWER_NOT_IN_LAST_STEP: 'WARNING',
} as const satisfies Record<string, FindingSeverity>;

export type FindingCode = keyof typeof SEVERITY;

export const CODES = Object.keys(SEVERITY) as FindingCode[];

/** Findings of one rule that a check stores; beyond them it only counts. */
export const MAX_STORED = 1_000;

/** What a run takes when `maxSeqLength` is not given. */
const DEFAULT_TOKENS = 2_048;

/** English text has about four characters a token. */
const CHARS_PER_TOKEN = 4;

const MAX_TOKENS = 32_768;

export const CheckDatasetInput = z
  .strictObject({
    datasetKey: text(1, 200),
    modelId: text(1, 256).nullish(),
    maxTokens: z.int().min(1).max(MAX_TOKENS).nullish(),
    maxChars: z.int().min(1).max(10_000_000).nullish(),
  })
  .transform(({ datasetKey, modelId, maxTokens, maxChars }) => ({
    datasetKey,
    budgets: budgetsOf({ modelId, maxTokens, maxChars }),
  }));

/** The budgets of a check, stored as its `settings`. */
export type Budgets = {
  /** Whose tokens are counted. */
  modelId: string;
  /** Tokens of one item, prompt and completion: `maxSeqLength` of a run. */
  maxTokens: number;
  /** Characters of prompt and completion. */
  maxChars: number;
};

type Given = { [K in keyof Budgets]?: Budgets[K] | null | undefined };

/** With every default filled in: 2048 tokens of the built-in model, four characters for each. */
export function budgetsOf({ modelId, maxTokens, maxChars }: Given = {}): Budgets {
  const tokens = maxTokens ?? DEFAULT_TOKENS;
  return {
    modelId: modelId ?? TINY_MODEL,
    maxTokens: tokens,
    maxChars: maxChars ?? tokens * CHARS_PER_TOKEN,
  };
}

/** How many items have how many tokens, by side: `[tokens, items]`, shortest first. */
export type TokenLengths = Record<'TRAIN' | 'EVAL', [tokens: number, items: number][]>;

/** What a completed check found, stored beside its findings. */
export type Summary = {
  /** How many findings there are of each rule that was broken, stored or not. */
  found: Partial<Record<FindingCode, number>>;
  tokensChecked: boolean;
  /** Why tokens were not counted and what to do about it. */
  tokensNote: string | null;
  /** Of every item that was counted; left out when tokens were not. */
  lengths?: TokenLengths;
};

/** One item of the dataset, as the rules see it. */
export type Item = { position: number; traceId: string; split: Split; payload: TracePayload };

/** What one rule says of one item. */
export type Found = {
  code: FindingCode;
  /** A sentence; it need not name the item. */
  message: string;
  /** Figures of the rule. */
  data: Record<string, unknown>;
  /** The other trace of a pair. */
  relatedTraceId?: string;
  /** The item of an evaluation set that the trace gives away. */
  evaluationItemId?: string;
};

/** The steps of an item as texts. */
export const stepsOf = ({ payload }: Pick<Item, 'payload'>): string[] =>
  payload.steps.map((step) => step.content);
