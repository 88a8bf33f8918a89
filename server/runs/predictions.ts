import { randomUUIDv7 } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { z } from 'zod';
import type { Tx } from '../db.ts';
import { splitLines } from '../lib/jsonl.ts';
import { displayable } from '../lib/text.ts';

const MAX_LINE = 16 * 1024 * 1024;

/** A line of predictions.jsonl as `tunix_rt/predict.py` writes it. */
const Line = z.object({
  id: z.uuid(),
  split: z.enum(['train', 'eval', 'test']).transform((split) => split.toUpperCase()),
  expected: z.string(),
  text: z.string(),
  tokens: z.int().nullish(),
  error: z.string().nullish(),
});

export type NewPrediction = z.output<typeof Line>;

/** Reads a predictions file; a line that is none is an error that names it. */
export async function readPredictions(file: string): Promise<NewPrediction[]> {
  const predictions: NewPrediction[] = [];
  for await (const entry of splitLines(createReadStream(file), MAX_LINE)) {
    if ('tooLong' in entry) throw new Error(`predictions.jsonl line ${entry.line} is too long`);
    const parsed = Line.safeParse(JSON.parse(entry.bytes.toString('utf8')));
    if (!parsed.success) {
      throw new Error(`predictions.jsonl line ${entry.line}: ${z.prettifyError(parsed.error)}`);
    }
    predictions.push(parsed.data);
  }
  return predictions;
}

/** Stores the predictions of a run, in one statement. */
export async function storePredictions(
  tx: Tx,
  runId: string,
  predictions: NewPrediction[],
): Promise<void> {
  const rows = predictions.map((prediction) => ({
    id: randomUUIDv7(),
    trace_id: prediction.id,
    split: prediction.split,
    expected: prediction.expected,
    text: displayable(prediction.text),
    tokens: prediction.tokens ?? null,
    error: prediction.error ? displayable(prediction.error) : null,
  }));
  await tx.$executeRaw`
    INSERT INTO predictions (id, run_id, trace_id, split, expected, text, tokens, error)
    SELECT id, ${runId}::uuid, trace_id, split::split, expected, text, tokens, error
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS row(
      id uuid, trace_id uuid, split text, expected text, text text, tokens int, error text)`;
}
