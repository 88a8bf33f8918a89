/** Reads a step as its words and as the numbers and equations in it. */

/** A number or one side of an equation. */
export type Value = {
  /** Equal for equal values: `1,000` and `1000.0`, `2·3` and `3 * 2`. */
  key: string;
  /** As it stands in the step. */
  text: string;
};

export type StepValues = {
  /** Every number with its sign, also those inside expressions. */
  numbers: string[];
  /** Numbers that stand alone. */
  single: Value[];
  /** Expressions with an operator in them: `2 + 3`, `x^2`. */
  compound: Value[];
};

type Token = { key: string; kind: 'number' | 'word' | 'operator'; start: number; end: number };

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const SIGNS: Record<string, string> = {
  '×': '*',
  '·': '*',
  '⋅': '*',
  '÷': '/',
  '−': '-',
  '–': '-',
};

// One way to write each sign, before NFKC turns a raised 5 into a plain one.
const plain = (text: string): string =>
  text
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (raised) => {
      const digits = Array.from(raised, (digit) => SUPERSCRIPTS.indexOf(digit));
      return `^${digits.join('')}`;
    })
    .replace(/\\(?:times|cdot)\b/g, '*')
    .replace(/\\div\b/g, '/')
    .replace(/\*\*/g, '^')
    .replace(/[×·⋅÷−–]/g, (sign) => SIGNS[sign] ?? sign)
    .normalize('NFKC');

/** `1,000.50` as `1000.5`, `07` as `7`; `%` stays. */
export const numberKey = (digits: string): string => {
  const [whole = '', fraction = ''] = digits.replace(/[,%]/g, '').split('.');
  const decimals = fraction.replace(/0+$/, '');
  const percent = digits.endsWith('%') ? '%' : '';
  return `${whole.replace(/^0+(?=\d)/, '')}${decimals ? `.${decimals}` : ''}${percent}`;
};

/** How a number is written: digits, groups of three, decimals, per cent. */
export const NUMBER = /\d+(?:,\d{3})*(?:\.\d+)?%?/gu;

const TOKEN = new RegExp(`(?<number>${NUMBER.source})|(?<word>\\p{L}+)|[-+*/^=<>≤≥()]`, 'gu');

function* tokensOf(text: string): Generator<Token, void> {
  for (const match of text.matchAll(TOKEN)) {
    const [found] = match;
    const at = { start: match.index, end: match.index + found.length };
    if (match.groups?.number) yield { ...at, kind: 'number', key: numberKey(found) };
    else if (match.groups?.word) yield { ...at, kind: 'word', key: found.toLowerCase() };
    else yield { ...at, kind: 'operator', key: found };
  }
}

const RELATIONS = new Set(['=', '<', '>', '≤', '≥']);

const isOperand = ({ kind, start, end }: Token) =>
  kind === 'number' || (kind === 'word' && end - start === 1);

/** A step as comparison sees it: its words, numbers and signs in order, and its values. */
export function readStep(text: string): { tokens: string[]; values: StepValues } {
  const source = plain(text);
  const tokens: string[] = [];
  const values: StepValues = { numbers: [], single: [], compound: [] };
  let run: Token[] = [];
  const finish = () => {
    addValue(run, source, values);
    run = [];
  };
  for (const token of tokensOf(source)) {
    // Every equation has one: as a word it would make all of them alike.
    if (token.key !== '=') tokens.push(token.key);
    const before = run.at(-1);
    // What stands between two tokens ends an expression, unless it is space.
    if (before && source.slice(before.end, token.start).trim() !== '') finish();
    const isPart = isOperand(token) || (token.kind === 'operator' && !RELATIONS.has(token.key));
    if (!isPart) {
      finish();
      continue;
    }
    // `3 4` are two numbers, `2x` is one product.
    const last = run.at(-1);
    if (last && isOperand(last) && isOperand(token) && last.end < token.start) finish();
    run.push(token);
  }
  finish();
  return { tokens, values };
}

/** Adds what a run of operands and operators is: a number, an expression, or nothing. */
function addValue(run: Token[], source: string, values: StepValues): void {
  const part = trimmed(run);
  const numbers = part.filter(({ kind }) => kind === 'number');
  const operands = part.filter(isOperand);
  const [first] = part;
  if (!first || numbers.length + operands.length < 2) return;
  const text = source.slice(first.start, part.at(-1)?.end);
  const value = { key: expressionKey(part), text };
  if (operands.length > 1) {
    values.compound.push(value);
    values.numbers.push(...numbers.map(({ key }) => key));
  } else {
    values.single.push(value);
    values.numbers.push(value.key);
  }
}

/** A run without operators at its ends, but with the sign and the brackets that belong to it. */
function trimmed(run: Token[]): Token[] {
  let from = run.findIndex(isOperand);
  let to = run.findLastIndex(isOperand);
  if (from === -1) return [];
  // A minus directly before the first number is its sign.
  const sign = run[from - 1];
  if (sign?.key === '-' && sign.end === run[from]?.start) from -= 1;
  let open = 0;
  for (const { key } of run.slice(from, to + 1)) {
    if (key === '(') open += 1;
    else if (key === ')' && open > 0) open -= 1;
    else if (key === ')' && run[from - 1]?.key === '(') from -= 1;
  }
  for (; open > 0 && run[to + 1]?.key === ')'; open--) to += 1;
  return run.slice(from, to + 1);
}

/** The signs without spaces; the terms of a pure sum or product in one order. */
function expressionKey(part: Token[]): string {
  const isPure = part.every((token, index) => isOperand(token) === (index % 2 === 0));
  for (const sign of ['+', '*']) {
    if (isPure && part.every((token) => isOperand(token) || token.key === sign)) {
      return part
        .filter(isOperand)
        .map(({ key }) => key)
        .sort()
        .join(sign);
    }
  }
  return part.map(({ key }) => key).join('');
}
