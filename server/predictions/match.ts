/** Finds the item each line of a predictions file is about. */
import { z } from 'zod';
import { issuesOf, PARSING } from '../lib/parse.ts';
import { displayable, promptHash } from '../lib/text.ts';
import { textLines } from '../lib/textLines.ts';
import { type LineIssue, MAX_LINE_ISSUES } from './model.ts';
import type { Item } from './target.ts';

/** What else stands in a line is of other tools and left alone. */
const Line = z
  .object({
    trace_id: z.string().nullish(),
    id: z.union([z.string(), z.int().transform(String)]).nullish(),
    prompt: z.string().nullish(),
    prediction: z.string().nullish(),
    text: z.string().nullish(),
  })
  .refine(({ trace_id, id, prompt }) => (trace_id ?? id ?? prompt ?? '') !== '', {
    message: 'It names no item: give trace_id, id or prompt',
  })
  .refine(({ prediction, text }) => typeof (prediction ?? text) === 'string', {
    message: 'It says nothing: give prediction or text, a text',
  });

type Line = z.output<typeof Line>;

export type Matched = {
  /** What was predicted, by the row of the item. */
  texts: Map<string, string>;
  /** In the order of the lines; the first `MAX_LINE_ISSUES`. */
  issues: LineIssue[];
  issueCount: number;
};

/** Reads a file and matches it by id, else by prompt in normalised form. */
export function matchLines(jsonl: string, items: readonly Item[]): Matched {
  const find = finderOf(items);
  const texts = new Map<string, string>();
  const lineOf = new Map<string, number>();
  const issues: LineIssue[] = [];
  let issueCount = 0;
  const note = (line: number, code: LineIssue['code'], message: string) => {
    issueCount += 1;
    if (issues.length < MAX_LINE_ISSUES) issues.push({ line, code, message });
  };
  for (const { line, text } of textLines(jsonl)) {
    const read = readLine(text);
    if ('code' in read) {
      note(line, read.code, read.message);
      continue;
    }
    const found = find(read);
    if ('code' in found) {
      note(line, found.code, found.message);
      continue;
    }
    const first = lineOf.get(found.id);
    if (first !== undefined) {
      note(line, 'DUPLICATE_ITEM', `Line ${first} is about the same item, and counts.`);
      continue;
    }
    lineOf.set(found.id, line);
    texts.set(found.id, displayable(read.prediction ?? read.text ?? ''));
  }
  return { texts, issues, issueCount };
}

type Fault = Pick<LineIssue, 'code' | 'message'>;

function readLine(text: string): Line | Fault {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { code: 'NOT_JSON', message: 'This line is no JSON. Write one object per line.' };
  }
  const parsed = Line.safeParse(value, PARSING);
  if (parsed.success) return parsed.data;
  const message = issuesOf(parsed.error)
    .map((issue) => issue.message)
    .join(' ');
  return { code: 'INVALID', message };
}

function finderOf(items: readonly Item[]) {
  const byName = new Map(items.flatMap((item) => item.names.map((name) => [name, item] as const)));
  const byPrompt = Map.groupBy(items, (item) => item.promptHash);
  return ({ trace_id, id, prompt }: Line): Item | Fault => {
    const name = trace_id ?? id;
    if (name) {
      const item = byName.get(name) ?? byName.get(uuidIn(name));
      return item ?? unknown(`"${name.slice(0, 128)}"`);
    }
    const [item, ...others] = byPrompt.get(promptHash(prompt ?? '')) ?? [];
    if (!item) return unknown('this prompt');
    if (others.length === 0) return item;
    const message = `${others.length + 1} items ask this. Name one by its id.`;
    return { code: 'AMBIGUOUS_PROMPT', message };
  };
}

const unknown = (what: string): Fault => ({
  code: 'UNKNOWN_ITEM',
  message: `No item of the target is ${what}. The line is left out.`,
});

/** The uuid in an opaque id of the API (base64 of `Type:uuid`), or what is given in lower case. */
function uuidIn(name: string): string {
  const [, uuid] = /^\w+:([0-9a-f-]{36})$/.exec(Buffer.from(name, 'base64').toString()) ?? [];
  return uuid ?? name.toLowerCase();
}
