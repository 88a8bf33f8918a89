import { z } from 'zod';
import { text, unstorable } from '../lib/text.ts';

const MAX_DEPTH = 64;

type Fault = { path: string[]; code: string; message: string; limit?: number };

/** The first thing in a JSON value that storing it would change or refuse. */
function faultIn(value: unknown, path: string[], depth: number): Fault | undefined {
  if (depth > MAX_DEPTH) {
    return {
      path,
      code: 'TOO_DEEP',
      message: `is nested deeper than ${MAX_DEPTH} levels`,
      limit: MAX_DEPTH,
    };
  }
  if (typeof value === 'string') {
    const code = unstorable(value);
    return code ? { path, code, message: 'contains a character that cannot be stored' } : undefined;
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) {
      return { path, code: 'NOT_FINITE', message: 'is not a finite number' };
    }
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      return {
        path,
        code: 'TOO_LARGE',
        message: 'is a whole number beyond 2^53 and would lose digits; give it as text',
      };
    }
    return undefined;
  }
  if (value === null || typeof value !== 'object') return undefined;
  for (const [key, field] of Object.entries(value)) {
    const code = unstorable(key);
    if (code) return { path, code, message: 'has a key with a character that cannot be stored' };
    if (key === '__proto__') {
      return { path, code: 'RESERVED_KEY', message: 'has the key __proto__; give it another name' };
    }
    const fault = faultIn(field, [...path, key], depth + 1);
    if (fault) return fault;
  }
  return undefined;
}

/** A JSON object that is stored and read back without a change. */
export const Meta = z
  .unknown()
  .superRefine((meta, context) => {
    const fault = faultIn(meta, [], 1);
    if (fault) {
      const { path, message, code, limit } = fault;
      context.addIssue({ code: 'custom', path, message, params: { code, limit } });
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

/** A label for filtering: letters, digits and `._:/-`. */
const Tag = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/, 'a tag has 1–64 letters, digits or ._:/-');

/** What stands beside the payload: where it came from and how it is labelled. */
export const TraceLabels = z.strictObject({
  source: text(1, 128).nullish(),
  tags: z.array(Tag).max(32).nullish(),
});
