/** Makes traces of records whose fields have other names, as the caller says which is which. */

import { z } from 'zod';
import { isObject } from '../lib/isObject.ts';
import { text } from '../lib/text.ts';
import { type Converted, DEFAULT_STEP_TYPE, DEFAULT_VERSION, linesOf, stepsOf } from './shapes.ts';

const Name = text(1, 200);

/** Names of fields of the source record; a dot reaches into an object or a list. */
export const TraceMapping = z.strictObject({
  prompt: Name.nullish(),
  finalAnswer: Name.nullish(),
  steps: Name.nullish(),
  traceVersion: Name.nullish(),
  meta: z.array(Name).max(100).nullish(),
});

export type TraceMapping = z.output<typeof TraceMapping>;

/** What stands at `a.b.0`; a field whose own name has dots comes first. */
function at(record: unknown, name: string): unknown {
  if (isObject(record) && Object.hasOwn(record, name)) return record[name];
  let value = record;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part))
      return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/** A number or truth value as text, where a text is expected; anything else as it is. */
const asText = (value: unknown) =>
  typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;

/** Steps of a text (its lines), of texts, or of objects with `content`, `text` or `step`. */
function asSteps(value: unknown): unknown {
  if (typeof value === 'string') return stepsOf(linesOf(value));
  if (!Array.isArray(value)) return value;
  return value.map((step: unknown, index) => {
    if (!isObject(step)) return { i: index, type: DEFAULT_STEP_TYPE, content: asText(step) };
    const { i, type, content = step.text ?? step.step } = step;
    return { i: i ?? index, type: type ?? DEFAULT_STEP_TYPE, content: asText(content) };
  });
}

/** Makes a trace of a record. A field that is named and not there is an issue with what is there. */
export function applyMapping(mapping: TraceMapping, record: unknown): Converted {
  if (!isObject(record)) return { trace: record };
  const names = {
    prompt: mapping.prompt ?? 'prompt',
    final_answer: mapping.finalAnswer ?? 'final_answer',
    steps: mapping.steps ?? 'steps',
    ...(mapping.traceVersion && { trace_version: mapping.traceVersion }),
  };
  for (const [field, name] of Object.entries(names)) {
    if (at(record, name) !== undefined) continue;
    const found = Object.keys(record).slice(0, 20).join(', ');
    const message = `${field}: the record has no field \`${name}\`, it has ${found || 'none'}.`;
    return { issue: { path: [field], code: 'REQUIRED', message, found } };
  }
  const meta = (mapping.meta ?? []).flatMap((name) => {
    const value = at(record, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const trace = {
    trace_version: mapping.traceVersion
      ? asText(at(record, mapping.traceVersion))
      : DEFAULT_VERSION,
    prompt: asText(at(record, names.prompt)),
    final_answer: asText(at(record, names.final_answer)),
    steps: asSteps(at(record, names.steps)),
    ...(meta.length > 0 && { meta: Object.fromEntries(meta) }),
  };
  return { trace };
}

const CANDIDATES = {
  prompt: ['prompt', 'question', 'problem', 'instruction', 'input', 'query', 'task'],
  steps: [
    'steps',
    'reasoning',
    'rationale',
    'solution',
    'thoughts',
    'chain_of_thought',
    'cot',
    'explanation',
  ],
  finalAnswer: [
    'final_answer',
    'answer',
    'target',
    'expected_answer',
    'ground_truth',
    'label',
    'output',
    'result',
    'completion',
  ],
  traceVersion: ['trace_version'],
};

/** Names of the fields of a record; those of an object in it with a dot. */
export const fieldsOf = (record: unknown): string[] =>
  isObject(record)
    ? Object.entries(record).flatMap(([name, value]) =>
        isObject(value) ? [name, ...Object.keys(value).map((inner) => `${name}.${inner}`)] : [name],
      )
    : [];

/** A guess by the names of the fields; null when question, steps or answer cannot be guessed. */
export function suggestMapping(fields: readonly string[]): TraceMapping | null {
  const last = (name: string) => name.toLowerCase().split('.').at(-1) ?? '';
  const find = (candidates: readonly string[]) =>
    candidates.flatMap((candidate) => fields.filter((name) => last(name) === candidate)).at(0) ??
    null;
  const prompt = find(CANDIDATES.prompt);
  const steps = find(CANDIDATES.steps);
  const finalAnswer = find(CANDIDATES.finalAnswer);
  if (!prompt || !steps || !finalAnswer) return null;
  const traceVersion = find(CANDIDATES.traceVersion);
  const taken = [prompt, steps, finalAnswer, traceVersion];
  const isTaken = (name: string) =>
    taken.some((one) => one === name || one?.startsWith(`${name}.`));
  const meta = fields.filter((name) => !name.includes('.') && !isTaken(name));
  return { prompt, steps, finalAnswer, traceVersion, meta };
}
