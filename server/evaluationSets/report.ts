/** Reads the file of an evaluation set and says everything that is wrong with it. */
import type { FindingSeverity } from '../../prisma/generated/client/enums.ts';
import { duplicateKeysOf } from '../lib/jsonText.ts';
import { issuesOf, PARSING } from '../lib/parse.ts';
import { displayable, head, normalisePrompt } from '../lib/text.ts';
import { textLines } from '../lib/textLines.ts';
import { MAX_SET_ITEMS, MAX_VALUES, SetItem, SLICES, USUAL } from './model.ts';

export type EvaluationSetIssue = {
  /** From 1; null for what is about the whole file. */
  line: number | null;
  itemId: string | null;
  severity: FindingSeverity;
  code: string;
  /** Inside the item. */
  path: string[];
  message: string;
};

export type EvaluationSetReport = {
  /** The valid items in their order. */
  items: SetItem[];
  /** In the order of the lines: at most `MAX_ISSUES` errors and as many warnings. */
  issues: EvaluationSetIssue[];
};

/** Errors after which reading stops, and warnings that are listed. */
export const MAX_ISSUES = 1000;

/** Whether a report has nothing against storing the set. */
export const isValid = ({ issues }: EvaluationSetReport): boolean =>
  !issues.some(({ severity }) => severity === 'ERROR');

/** Reads one item per line; blank lines do not count. */
export function readSet({
  jsonl,
  minItems,
}: {
  jsonl: string;
  minItems: number;
}): EvaluationSetReport {
  const items: SetItem[] = [];
  const issues: EvaluationSetIssue[] = [];
  const count = { ERROR: 0, WARNING: 0 };
  const add = (issue: EvaluationSetIssue) => {
    count[issue.severity] += 1;
    if (count[issue.severity] <= MAX_ISSUES) issues.push(issue);
  };
  const repeats = findRepeats();
  for (const { line, text } of textLines(jsonl)) {
    if (count.ERROR >= MAX_ISSUES) return { items, issues };
    if (items.length === MAX_SET_ITEMS) {
      const message = `The set has more than ${MAX_SET_ITEMS} items. Make more than one set of it.`;
      add({ ...wholeFile, line, code: 'TOO_MANY_ITEMS', message });
      break;
    }
    const read = readLine(text);
    if ('faults' in read) {
      for (const fault of read.faults) add({ ...fault, line, severity: 'ERROR' });
      continue;
    }
    items.push(read.item);
    for (const issue of [...repeats(read.item, line), ...unusual(read.item, line)]) add(issue);
  }
  for (const issue of faultsOfAll(items, minItems)) add(issue);
  return { items, issues };
}

const wholeFile = { line: null, itemId: null, severity: 'ERROR' as const, path: [] };

type Fault = Pick<EvaluationSetIssue, 'itemId' | 'code' | 'path' | 'message'>;

function readLine(text: string): { item: SetItem } | { faults: Fault[] } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const message = 'This line is no JSON. Write one object per line.';
    return { faults: [{ itemId: null, code: 'NOT_JSON', path: [], message }] };
  }
  const parsed = SetItem.safeParse(value, PARSING);
  const { id } = (value ?? {}) as { id?: unknown };
  const itemId = typeof id === 'string' ? displayable(head(id, 128)) : null;
  const repeated = duplicateKeysOf(text, value);
  if (repeated.length > 0) return { faults: repeated.map((path) => repeatedKey(itemId, path)) };
  if (parsed.success) return { item: parsed.data };
  return {
    faults: issuesOf(parsed.error).map(({ code, path, message }) => ({
      itemId,
      code,
      path,
      message,
    })),
  };
}

const repeatedKey = (itemId: string | null, path: string[]): Fault => ({
  itemId,
  code: 'DUPLICATE_KEY',
  path,
  message: `${path.join('.')}: the key stands twice in its object. Keep one.`,
});

/** Notes ids that come twice, which is an error, and prompts, which counts one question twice. */
function findRepeats() {
  const ids = new Map<string, number>();
  const prompts = new Map<string, number>();
  return function* (item: SetItem, line: number): Generator<EvaluationSetIssue, void> {
    const at = { line, itemId: item.id };
    const sameId = ids.get(item.id);
    if (sameId === undefined) ids.set(item.id, line);
    else {
      const message = `id: Line ${sameId} has the same id. Give each item its own.`;
      yield { ...at, severity: 'ERROR', code: 'DUPLICATE_ID', path: ['id'], message };
    }
    const prompt = normalisePrompt(item.prompt);
    const samePrompt = prompts.get(prompt);
    if (samePrompt === undefined) prompts.set(prompt, line);
    else {
      const message = `prompt: Line ${samePrompt} asks the same, so it counts twice.`;
      yield { ...at, severity: 'WARNING', code: 'DUPLICATE_PROMPT', path: ['prompt'], message };
    }
  };
}

function* unusual(item: SetItem, line: number): Generator<EvaluationSetIssue, void> {
  for (const [field, usual] of Object.entries(USUAL) as [keyof typeof USUAL, readonly string[]][]) {
    const value = item[field];
    if (value === null || usual.includes(value)) continue;
    yield {
      line,
      itemId: item.id,
      severity: 'WARNING',
      code: `UNKNOWN_${field.toUpperCase()}`,
      path: [field],
      message: `${field}: "${value}" is unusual; usual are ${usual.join(', ')}.`,
    };
  }
}

function* faultsOfAll(items: SetItem[], minItems: number): Generator<EvaluationSetIssue, void> {
  if (items.length < minItems) {
    const message = `The set has ${items.length} valid items, at least ${minItems} are needed.`;
    yield { ...wholeFile, code: 'TOO_FEW_ITEMS', message };
  }
  for (const field of SLICES) {
    const values = new Set(items.map((item) => item[field])).size;
    if (values <= MAX_VALUES) continue;
    const message = `${field}: There are ${values} different values, at most ${MAX_VALUES} are allowed.`;
    yield { ...wholeFile, code: 'TOO_MANY_VALUES', path: [field], message };
  }
}
