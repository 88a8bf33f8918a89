import { z } from 'zod';
import { text, unstorable } from '../lib/text.ts';

/** Levels of objects and arrays in `meta`. */
export const MAX_DEPTH = 64;

type Fault = { path: string[]; code: string; message: string; limit?: number; found?: string };

/** At most this many faults of one value are listed. */
const LISTED = 100;

/** What is wrong with a key, or with a value that is no object. */
function faultOf(value: unknown): Omit<Fault, 'path'> | null {
  if (typeof value === 'string') {
    const code = unstorable(value);
    return code ? { code, message: 'contains a character that cannot be stored' } : null;
  }
  if (typeof value !== 'number') return null;
  const found = String(value);
  if (!Number.isFinite(value))
    return { code: 'NOT_FINITE', message: 'is not a finite number', found };
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return null;
  const message = 'is a whole number beyond 2^53 and would lose digits; give it as text';
  return { code: 'TOO_LARGE', message, limit: Number.MAX_SAFE_INTEGER, found };
}

/** Collects what storing a JSON value would change or refuse. */
function collectFaults(value: unknown, path: string[], depth: number, faults: Fault[]): void {
  if (faults.length >= LISTED) return;
  if (depth > MAX_DEPTH) {
    const message = `is nested deeper than ${MAX_DEPTH} levels`;
    faults.push({ path, code: 'TOO_DEEP', message, limit: MAX_DEPTH });
    return;
  }
  const fault = faultOf(value);
  if (fault) faults.push({ path, ...fault });
  if (value === null || typeof value !== 'object') return;
  for (const [key, field] of Object.entries(value)) {
    const code = unstorable(key);
    if (code) {
      faults.push({ path, code, message: 'has a key with a character that cannot be stored' });
    } else if (key === '__proto__') {
      const message = 'has the key __proto__; give it another name';
      faults.push({ path, code: 'RESERVED_KEY', message });
    } else {
      collectFaults(field, [...path, key], depth + 1, faults);
    }
  }
}

/** A JSON object that is stored and read back without a change. */
export const Meta = z
  .unknown()
  .superRefine((meta, context) => {
    const faults: Fault[] = [];
    collectFaults(meta, [], 1, faults);
    for (const { path, message, ...params } of faults) {
      context.addIssue({ code: 'custom', path, message, params });
    }
  })
  // After the look, because it drops `__proto__` without a word.
  .pipe(z.record(z.string(), z.unknown()));

const Step = z.strictObject({
  i: z.int().min(0),
  type: text(1, 64),
  content: text(1, 20_000),
});

const Steps = z
  .array(Step)
  .min(1)
  .max(1000)
  .superRefine((steps, context) => {
    const seen = new Set<number>();
    for (const [index, step] of steps.entries()) {
      if (seen.has(step.i)) {
        context.addIssue({
          code: 'custom',
          path: [index, 'i'],
          message: `${step.i} numbers an earlier step too, each step needs its own`,
          params: { code: 'DUPLICATE_STEP', found: step.i },
        });
      }
      seen.add(step.i);
    }
  });

/** A trace as submitted. Strict: what is not listed here is refused, never dropped. */
export const TracePayload = z.strictObject({
  trace_version: text(1, 64),
  prompt: text(1, 50_000),
  final_answer: text(1, 50_000),
  steps: Steps,
  meta: Meta.nullish(),
});

export type TracePayload = z.output<typeof TracePayload>;

/** How many tags a trace can have. */
export const MAX_TAGS = 32;

/** A label for filtering: letters, digits and `._:/-`. */
export const Tag = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/, 'a tag has 1–64 letters, digits or ._:/-');

/** What stands beside the payload: where it came from and how it is labelled. */
export const TraceLabels = z.strictObject({
  source: text(1, 128).nullish(),
  tags: z.array(Tag).max(MAX_TAGS).nullish(),
});
