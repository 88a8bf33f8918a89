/**
 * Recognises what a record of a file is and makes a trace of it. What the trace format has no field for
 * goes into `meta`, except what another database said of its own row: ids and times.
 */

import type { Issue } from '../errors.ts';
import { isObject } from '../lib/isObject.ts';

export type TraceShape =
  | 'TRACE'
  | 'PREDECESSOR_TRACE'
  | 'PREDECESSOR_SFT'
  | 'PREDECESSOR_EXAMPLE'
  | 'API_RECORD'
  | 'QUESTION_ANSWER'
  | 'MAPPED'
  | 'UNKNOWN';

type Fields = Record<string, unknown>;

/** A trace to validate, or why none could be made. */
export type Converted = { trace: unknown } | { issue: Issue };

/** The version of traces whose file names none. */
export const DEFAULT_VERSION = '1.0';
/** The type of steps whose file names none. */
export const DEFAULT_STEP_TYPE = 'reasoning';

const USER = '<start_of_turn>user\n';
const MODEL = '<end_of_turn>\n<start_of_turn>model\n';
const END = '<end_of_turn>';

/** What a record is, by the names of its fields. */
export function shapeOf(record: unknown): TraceShape {
  if (!isObject(record)) return 'TRACE'; // and no valid one
  const has = (...names: string[]) => names.every((name) => Object.hasOwn(record, name));
  if (has('payload') && (has('id') || has('trace_version'))) return 'API_RECORD';
  if (has('trace_steps')) return 'PREDECESSOR_TRACE';
  if (has('prompts')) return 'PREDECESSOR_SFT';
  if (has('prompt', 'response')) return 'PREDECESSOR_EXAMPLE';
  if (has('question', 'answer')) return 'QUESTION_ANSWER';
  const ours = ['trace_version', 'prompt', 'final_answer', 'steps', 'meta'].filter((n) => has(n));
  // Two of its five fields, or nothing else: then what is missing is the better thing to say.
  const isOurs = ours.length > 1 || ours.length === Object.keys(record).length;
  return isOurs && ours.length > 0 ? 'TRACE' : 'UNKNOWN';
}

/** Steps of their contents, numbered from 0. */
export const stepsOf = (contents: readonly unknown[]) =>
  contents.map((content, i) => ({ i, type: DEFAULT_STEP_TYPE, content }));

const fault = (path: string, code: string, message: string): Converted => ({
  issue: { path: [path], code, message: `${path}: ${message}` },
});

/** The fields of a record that are not named, or undefined when there are none. */
function restOf(record: Fields, named: readonly string[]): Fields | undefined {
  const rest = Object.entries(record).filter(([name]) => !named.includes(name));
  return rest.length > 0 ? Object.fromEntries(rest) : undefined;
}

/** `meta` and `trace_version` of an export, whose system fields are taken out again. */
function metadataOf(record: Fields, known: readonly string[]) {
  const metadata = record.metadata ?? {};
  const system = ['created_at', 'trace_version', 'format', 'source_trace_id'];
  const more = restOf(record, [...known, 'id', 'metadata']);
  const meta = isObject(metadata) ? restOf(metadata, system) : { metadata };
  const version = isObject(metadata) ? metadata.trace_version : undefined;
  return {
    trace_version: version ?? DEFAULT_VERSION,
    ...((meta || more) && { meta: { ...more, ...meta } }),
  };
}

/**
 * Steps and answer of the text `Reasoning:`, `1. …`, `2. …`, `Answer: …`. A step goes on until a line
 * begins with the next number; the answer begins at the last line that says so, or where `answer` is.
 */
export function parseResponse(text: string, answer?: string) {
  const known = answer === undefined ? -1 : text.length - answer.length - 'Answer: '.length;
  const isKnown = known >= 0 && text.startsWith('Answer: ', known) && text.endsWith(answer ?? '');
  const found = text.startsWith('Answer: ') ? 0 : text.lastIndexOf('\nAnswer: ') + 1;
  const at = isKnown ? known : found;
  if (at === 0 && !text.startsWith('Answer: ')) return null;
  const head = text.slice(0, at);
  const steps: string[] = [];
  if (head !== '') {
    if (!head.startsWith('Reasoning:\n1. ')) return null;
    let from = 'Reasoning:\n1. '.length;
    for (let next = 2; ; next++) {
      const mark = `\n${next}. `;
      const end = head.indexOf(mark, from);
      steps.push(head.slice(from, end === -1 ? head.length - 1 : end));
      if (end === -1) break;
      from = end + mark.length;
    }
  }
  return { steps, answer: text.slice(at + 'Answer: '.length) };
}

function fromSft(record: Fields): Converted {
  const { prompts, final_answer } = record;
  if (typeof prompts !== 'string') return fault('prompts', 'WRONG_TYPE', 'is no text.');
  const middle = prompts.indexOf(MODEL);
  if (!prompts.startsWith(USER) || middle === -1 || !prompts.endsWith(END)) {
    return fault('prompts', 'BAD_TURNS', 'does not hold a user turn and a model turn of Gemma.');
  }
  const body = prompts.slice(middle + MODEL.length, -END.length);
  const response = parseResponse(body, typeof final_answer === 'string' ? final_answer : undefined);
  if (!response) {
    const said = 'the model turn has no numbered steps under `Reasoning:` and no line `Answer: `.';
    return fault('prompts', 'BAD_RESPONSE', said);
  }
  const trace = {
    ...metadataOf(record, ['prompts', 'final_answer']),
    prompt: prompts.slice(USER.length, middle),
    steps: stepsOf(response.steps),
    final_answer: final_answer ?? response.answer,
  };
  return { trace };
}

/** The last paragraph of a training prompt, which asks for the steps and is no part of the question. */
const ASKS_FOR_STEPS = /\n\n[^\n]*\b(reasoning|step)[^\n]*$/i;

function fromExample(record: Fields): Converted {
  const { prompt, response } = record;
  if (typeof prompt !== 'string') return fault('prompt', 'WRONG_TYPE', 'is no text.');
  const parsed = typeof response === 'string' ? parseResponse(response) : null;
  if (!parsed) {
    const said = 'has no numbered steps under `Reasoning:` and no line `Answer: `.';
    return fault('response', 'BAD_RESPONSE', said);
  }
  const trace = {
    ...metadataOf(record, ['prompt', 'response']),
    prompt: prompt.replace(ASKS_FOR_STEPS, ''),
    steps: stepsOf(parsed.steps),
    final_answer: parsed.answer,
  };
  return { trace };
}

function fromPredecessorTrace(record: Fields): Converted {
  const { prompts, trace_steps, final_answer } = record;
  if (!Array.isArray(trace_steps))
    return fault('trace_steps', 'WRONG_TYPE', 'is no list of texts.');
  const steps = stepsOf(trace_steps);
  const known = ['prompts', 'trace_steps', 'final_answer'];
  return { trace: { ...metadataOf(record, known), prompt: prompts, steps, final_answer } };
}

/** Non-blank lines of a text. */
export const linesOf = (text: string) => text.split(/\r?\n/).filter((line) => line.trim() !== '');

function fromQuestion(record: Fields): Converted {
  const { question, answer } = record;
  if (typeof answer !== 'string') return fault('answer', 'WRONG_TYPE', 'is no text.');
  const mark = answer.lastIndexOf('####');
  if (mark === -1) {
    const said = 'has no line `#### result` after the steps. Say with a mapping what is what.';
    return fault('answer', 'NO_RESULT', said);
  }
  const meta = restOf(record, ['question', 'answer']);
  const trace = {
    trace_version: DEFAULT_VERSION,
    prompt: question,
    steps: stepsOf(linesOf(answer.slice(0, mark))),
    final_answer: answer.slice(mark + 4).trim(),
    ...(meta && { meta }),
  };
  return { trace };
}

function fromApiRecord(record: Fields): Converted {
  const unknown = restOf(record, ['id', 'created_at', 'trace_version', 'payload']);
  const [name] = Object.keys(unknown ?? {});
  if (name === undefined) return { trace: record.payload };
  return fault(name, 'UNKNOWN_FIELD', 'there is no such field beside `payload`. Remove it.');
}

/** Makes a trace of a record of a known shape. */
export function convert(shape: TraceShape, record: unknown): Converted {
  if (!isObject(record)) return { trace: record };
  switch (shape) {
    case 'PREDECESSOR_TRACE':
      return fromPredecessorTrace(record);
    case 'PREDECESSOR_SFT':
      return fromSft(record);
    case 'PREDECESSOR_EXAMPLE':
      return fromExample(record);
    case 'API_RECORD':
      return fromApiRecord(record);
    case 'QUESTION_ANSWER':
      return fromQuestion(record);
    case 'UNKNOWN': {
      const names = Object.keys(record);
      const seen = names.length > 0 ? `: ${names.slice(0, 20).join(', ')}` : '';
      const message =
        `The record has no shape that is known here. It has ${names.length} fields${seen}. ` +
        'Name the ones to take in a mapping.';
      return {
        issue: { path: [], code: 'UNKNOWN_SHAPE', message, found: names.slice(0, 20).join(', ') },
      };
    }
    default:
      return { trace: record };
  }
}
