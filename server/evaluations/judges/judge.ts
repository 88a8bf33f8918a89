/** What every judge is, so that a new one is a file and a line in the registry. */
import type { JudgeEndpoint } from './llm/endpoint.ts';

/** Everything a judge may look at. */
export type JudgedItem = {
  prompt: string;
  /** The expected answer, and others that are right too. */
  expected: string;
  alternatives: readonly string[];
  /** What the model wrote. */
  text: string;
  /** The steps of the reference solution; none where there is only an answer. */
  reference: readonly string[];
};

/** What surrounds the items. */
export type JudgeContext = {
  /** The run that wrote the text; null when a judge is only tried. */
  run: { id: string; durationSeconds: number | null } | null;
  /** Of a judge that needs one. */
  endpoint?: JudgeEndpoint | undefined;
  /** Nobody waits for the answer any more. */
  signal: AbortSignal;
};

/** What asking a model took, over all tries. */
export type Usage = { requests: number; promptTokens: number; completionTokens: number };

/** What a judge says of one generated text. */
export type Judgement = {
  correct: boolean;
  /** 0–1. */
  score: number;
  /** The answer found in the text; null when none was found. */
  extracted: string | null;
  /** How it was found and how it matched, at most 64 characters. */
  rule: string;
  /** The accepted answer that fits best, where that is not the first. */
  expected?: string;
  /** What else there is to say, as JSON; the means of `metrics` become metrics of the evaluation. */
  details?: { metrics?: Record<string, number>; [more: string]: unknown };
  usage?: Usage;
};

/** Why an item could not be judged: a sentence, grouped with others by what stands before a colon. */
export class Unjudged extends Error {
  override name = 'Unjudged';
  readonly usage: Usage | undefined;
  readonly details: Record<string, unknown>;

  constructor(message: string, usage?: Usage, details: Record<string, unknown> = {}) {
    super(message);
    this.usage = usage;
    this.details = details;
  }
}

/** What a judge looks at. */
type JudgeInput = 'run' | keyof JudgedItem;

/** A judge without what it does: what people choose by. */
export type JudgeInfo = {
  name: string;
  version: number;
  description: string;
  inputs: readonly JudgeInput[];
  /** PAID asks a model that somebody pays for or waits for. */
  cost: 'FREE' | 'PAID';
  /** Says something about nothing; for trying the system out. */
  isMock: boolean;
  /** Whether leaderboards list it unless told otherwise. */
  ranks: boolean;
  needsEndpoint: boolean;
};

/** A named, versioned scorer. A change of what it says of any text is a new version. */
export type Judge = JudgeInfo & {
  /**
   * Judges one text.
   * @throws Unjudged when it cannot say; the reason of the signal.
   */
  judge(item: JudgedItem, context: JudgeContext): Judgement | Promise<Judgement>;
  /** What must stay the same from the first item of an evaluation to the last. */
  settings?(endpoint: JudgeEndpoint): Record<string, string>;
};
