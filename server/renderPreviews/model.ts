import { z } from 'zod';
import { text } from '../lib/text.ts';

export const RenderTrace = z.strictObject({
  traceId: z.uuid(),
  modelId: text(1, 256),
  maxTokens: z.int().min(1).max(32_768),
});

/** Tokens of a preview that are listed; the others are only counted. */
export const LISTED_TOKENS = 8_192;

/** The `result` of a preview that is under way. */
export type Waiting = { waitingFor: string };

/** The `result` of a completed preview. */
export type Rendered = {
  /** Exactly what was cut into tokens, by the model's own chat template. */
  text: string;
  /** The first `LISTED_TOKENS`. */
  tokens: { id: number; text: string; loss: boolean }[];
  /** All of them. */
  tokenCount: number;
  lossTokens: number;
  /** Whose tokenizer it is, when the model has none of its own. */
  tokenizer: Tokenizer;
};

/** Where the tokenizer of the built-in model comes from; null for a model that has its own. */
export type Tokenizer =
  | { from: 'DATASET'; datasetId: string; datasetKey: string }
  | { from: 'TRACE' }
  | null;
