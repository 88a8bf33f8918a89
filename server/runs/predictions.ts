import { randomUUIDv7 } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { z } from 'zod';
import type { Split } from '../../prisma/generated/client/enums.ts';
import type { Tx } from '../db.ts';
import { splitLines } from '../lib/jsonl.ts';
import { displayable } from '../lib/text.ts';

const MAX_LINE = 16 * 1024 * 1024;

/** A line of predictions.jsonl as `tunix_rt/predict.py` writes it. */
const Line = z.object({
  id: z.string(),
  split: z
    .enum(['train', 'eval', 'test'])
    .transform((split) => split.toUpperCase() as Uppercase<typeof split>),
  expected: z.string(),
  text: z.string(),
  tokens: z.int().nullish(),
  error: z.string().nullish(),
});

type Line = z.output<typeof Line>;

/** A prediction on a trace of a side of the dataset, or on an item of the run's evaluation set. */
export type NewPrediction = Pick<Line, 'expected' | 'text' | 'tokens' | 'error'> &
  ({ traceId: string; split: Split; setItemId: null } | OnSetItem);

type OnSetItem = { traceId: null; split: null; setItemId: string };

/**
 * Reads a predictions file; a line that is none is an error that names it.
 * @param setItems the rows of the run's evaluation set by the ids in the file, which then stand
 *   where the TEST side would be; null for a run without a set.
 */
export async function readPredictions(
  file: string,
  setItems: ReadonlyMap<string, string> | null,
): Promise<NewPrediction[]> {
  const predictions: NewPrediction[] = [];
  for await (const entry of splitLines(createReadStream(file), MAX_LINE)) {
    if ('tooLong' in entry) throw new Error(`predictions.jsonl line ${entry.line} is too long`);
    const parsed = Line.safeParse(JSON.parse(entry.bytes.toString('utf8')));
    if (!parsed.success) {
      throw new Error(`predictions.jsonl line ${entry.line}: ${z.prettifyError(parsed.error)}`);
    }
    const { expected, text, tokens, error, ...line } = parsed.data;
    const item = itemOf(line, setItems);
    if (!item) {
      const said = `predictions.jsonl line ${entry.line}: "${line.id}" is no held-out item`;
      throw new Error(said);
    }
    predictions.push({ expected, text, tokens, error, ...item });
  }
  return predictions;
}

function itemOf(
  { id, split }: Pick<Line, 'id' | 'split'>,
  setItems: ReadonlyMap<string, string> | null,
) {
  if (split === 'TEST' && setItems) {
    const setItemId = setItems.get(id);
    return setItemId === undefined ? null : { traceId: null, split: null, setItemId };
  }
  return z.uuid().safeParse(id).success ? { traceId: id, split, setItemId: null } : null;
}

/**
 * Stores predictions of a run, in one statement; those that are there already stay as they are.
 * @param step of the checkpoint that wrote them; 0 for the final model.
 * @returns how many are new.
 */
export function storePredictions(
  tx: Tx,
  runId: string,
  predictions: NewPrediction[],
  step = 0,
): Promise<number> {
  // They are listed by id; those of one millisecond come in any order by themselves.
  const ids = predictions.map(() => randomUUIDv7()).sort();
  const rows = predictions.map((prediction, index) => ({
    id: ids[index],
    trace_id: prediction.traceId,
    split: prediction.split,
    set_item_id: prediction.setItemId,
    expected: prediction.expected,
    text: displayable(prediction.text),
    tokens: prediction.tokens ?? null,
    error: prediction.error ? displayable(prediction.error) : null,
  }));
  return tx.$executeRaw`
    INSERT INTO predictions
      (id, run_id, step, trace_id, split, set_item_id, expected, text, tokens, error)
    SELECT id, ${runId}::uuid, ${step}::int, trace_id, split::split, set_item_id, expected, text,
           tokens, error
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS row(
      id uuid, trace_id uuid, split text, set_item_id uuid, expected text, text text, tokens int,
      error text)
    ON CONFLICT DO NOTHING`;
}
