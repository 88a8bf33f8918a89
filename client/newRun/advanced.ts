/** The editor of `advanced`: JSON as text, and where in it a fault is. Pure. */
export type AdvancedFault = { path: readonly string[]; message: string };

/** The keys of the text; a fault in words when it is no JSON object. Nothing for an empty text. */
export function parseAdvanced(text: string): { value?: object; fault?: string } {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return { fault: 'Write an object: { "optimizer_config": { … } }' };
    }
    return { value };
  } catch (error) {
    const { line } = placeOfSyntaxError(error, text);
    return { fault: `This is no JSON${line === undefined ? '' : `, see line ${line}`}` };
  }
}

/** V8 tells a position, Firefox a line, Safari neither. */
function placeOfSyntaxError(error: unknown, text: string): { line?: number } {
  const message = error instanceof Error ? error.message : '';
  const line = /line (\d+)/.exec(message)?.[1];
  if (line) return { line: Number(line) };
  const position = /position (\d+)/.exec(message)?.[1];
  if (position) return { line: lineAt(text, Number(position)) };
  return /end of/i.test(message) ? { line: lineAt(text, text.length) } : {};
}

const lineAt = (text: string, at: number): number => text.slice(0, at).split('\n').length;

/**
 * Where the key of a path stands in valid JSON: its line, and its place for the caret. The deepest key
 * that is there counts; undefined when not even the first one is. A string that looks like a key is
 * passed over only where a colon does not follow.
 */
export function placeOf(text: string, path: readonly string[]) {
  let at = 0;
  let found: { line: number; start: number; end: number } | undefined;
  for (const key of path) {
    const quoted = JSON.stringify(key).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const match = new RegExp(`${quoted}\\s*:`).exec(text.slice(at));
    if (!match) break;
    const start = at + match.index;
    found = { line: lineAt(text, start), start, end: start + JSON.stringify(key).length };
    at = start + match[0].length;
  }
  return found;
}

type Issue = { readonly path: readonly string[]; readonly message: string };

/** The issues that belong to `advanced`, with paths inside of it. */
export const advancedFaults = (issues: readonly Issue[]): AdvancedFault[] =>
  issues.flatMap(({ path, message }) => {
    const [first, ...rest] = path[0] === 'input' ? path.slice(1) : path;
    if (first !== 'advanced') return [];
    const prefix = `${['advanced', ...rest].join('.')}: `;
    return [
      { path: rest, message: message.startsWith(prefix) ? message.slice(prefix.length) : message },
    ];
  });
