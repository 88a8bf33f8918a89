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

/** What a judge says of one generated text. */
type Judgement = {
  correct: boolean;
  /** 0–1. */
  score: number;
  /** The answer found in the text; null when none was found. */
  extracted: string | null;
  /** How it was found and how it matched, at most 64 characters. */
  rule: string;
};

/** A named, versioned scorer. A change of what it says of any text is a new version. */
export type Judge = {
  name: string;
  version: number;
  description: string;
  judge(text: string, expected: string): Judgement;
};
