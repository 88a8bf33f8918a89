import type { Judge, JudgeContext, Usage } from './judges/judge.ts';
import { Unjudged } from './judges/judge.ts';
import type { Output } from './outputs.ts';

/** What was said of one held-out item. */
export type Item = {
  position: number;
  trace_id: string | null;
  set_item_id: string | null;
  prediction_id: string | null;
  correct: boolean;
  score: number;
  /** The accepted answer that fits best; the first when none does. */
  expected: string;
  extracted: string | null;
  rule: string;
  /** Why it could not be judged; it is neither right nor wrong then. */
  error: string | null;
  details: Record<string, unknown>;
};

/**
 * Judges one item. What was not predicted or not generated is wrong, unless the judge looks at no
 * text. What the judge cannot say is an error of the item.
 * @returns the item, and what the judge used when it asked a model.
 * @throws what is neither a judgement nor `Unjudged`, such as the reason of the signal.
 */
export async function judgeOutput(
  judge: Judge,
  output: Output,
  context: JudgeContext,
): Promise<{ item: Item; usage: Usage | undefined }> {
  const { accepted, prompt, reference, error } = output;
  const [expected = '', ...alternatives] = accepted;
  const plain = {
    position: output.position,
    trace_id: output.traceId,
    set_item_id: output.setItemId,
    prediction_id: output.predictionId,
    correct: false,
    score: 0,
    expected,
    extracted: null,
    error: null,
    details: {},
  };
  if (judge.inputs.includes('text')) {
    const rule = output.text === null ? 'NO_PREDICTION' : error === null ? null : 'NOT_GENERATED';
    if (rule) return { item: { ...plain, rule }, usage: undefined };
  }
  const text = output.text ?? '';
  try {
    const judged = await judge.judge({ prompt, expected, alternatives, text, reference }, context);
    const { usage, ...said } = judged;
    return { item: { ...plain, ...said }, usage };
  } catch (thrown) {
    if (!(thrown instanceof Unjudged)) throw thrown;
    const { message, details, usage } = thrown;
    return { item: { ...plain, rule: 'UNJUDGED', error: message, details }, usage };
  }
}

/** Rows of one statement: some megabytes at most. */
export const BATCH = 1_000;

/** The columns of an item as `jsonb_to_recordset` reads them; JSON carries the nulls. */
export const ITEM_COLUMNS =
  'position int, trace_id uuid, set_item_id uuid, prediction_id uuid, correct boolean, ' +
  'score float8, expected text, extracted text, rule text, error text, details jsonb';
export const ITEM_NAMES = ITEM_COLUMNS.replace(/(\w+) \w+/g, '$1');
