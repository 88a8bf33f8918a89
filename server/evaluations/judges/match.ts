/** Decides whether two short answers say the same: as texts, as numbers, or as number and unit. */
export type Match = 'TEXT' | 'NUMBER' | 'UNIT' | 'DIFFERENT';

/** Numbers that are not both whole may differ by this part of the expected one. */
const TOLERANCE = 1e-6;

/**
 * How an answer matches the expected one. The first rule that holds is named:
 *
 * - TEXT: equal after Unicode NFKC, case folding, collapsing spaces, and without a final period,
 *   surrounding quotes, brackets of one letter, markdown and simple LaTeX.
 * - NUMBER: equal as numbers. Understood are a sign, one currency (`$5`, `US$5`, `EUR 5`), thousands separators in
 *   groups of three (`1,234` is 1234, `3,5` is no number), `50%` = 0.5, fractions `3/4` and `1 1/2`,
 *   exponents `1.5e3`. Two whole numbers must be equal, digit by digit and at any length; others
 *   may differ by 1e-6 of the expected one. That is relative only: an absolute tolerance would
 *   make 1e-7 equal 2e-7.
 * - UNIT: the expected answer is a bare number and the other one is that number, followed by `%`, a
 *   unit or up to three words: `5 apples`, `5 km/h`, but not `5 million` and not `5 or 6`. Or both have
 *   the same unit and equal numbers: `1,000km` and `1000 km`.
 */
export function matchAnswer(answer: string, expected: string): Match {
  const given = normalise(answer);
  const wanted = normalise(expected);
  if (given === wanted) return 'TEXT';
  const wantedNumber = parseNumber(wanted);
  const givenNumber = parseNumber(given);
  if (wantedNumber && givenNumber && isSame(givenNumber, wantedNumber)) return 'NUMBER';
  return isSameQuantity(given, wanted) ? 'UNIT' : 'DIFFERENT';
}

/** Whether two numbers are equal of which the first has a unit, and the second the same or none. */
function isSameQuantity(given: string, wanted: string): boolean {
  const isBare = /^[-+]?[\d.,/ ]+$/.test(wanted);
  const quantity = splitUnit(given);
  const expected = isBare ? { number: wanted, unit: quantity?.unit } : splitUnit(wanted);
  if (!quantity || !expected || quantity.unit !== expected.unit) return false;
  const [a, b] = [parseNumber(quantity.number), parseNumber(expected.number)];
  return a !== null && b !== null && isSame(a, b);
}

/** Quotes in markdown in quotes: more layers than anyone writes. */
const MAX_LAYERS = 6;
const pairs = ['""', "''", '“”', '‘’', '«»', '``', '$$', '__', '**'] as const;

/** The form in which texts are compared. What would become empty stays as it is. */
export function normalise(text: string): string {
  let plain = withoutLatex(text)
    // NFKC would make `10²` 102 and `1½` 11/2.
    .replace(/[²³¹⁰⁴-⁹]+/g, (digits) => `^${digits}`)
    .replace(/(?<=\d)[¼-¾⅐-⅞]/g, (fraction) => ` ${fraction}`)
    .normalize('NFKC')
    .replace(/[−–]/g, '-')
    .replaceAll('⁄', '/')
    // Upper first: ß and SS, ς and σ fold to the same.
    .toUpperCase()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
  for (let layers = 0; layers < MAX_LAYERS; layers++) {
    const pair = pairs.find((p) => plain.startsWith(p[0] ?? '') && plain.endsWith(p[1] ?? ''));
    const bare = pair && plain.length > 2 ? plain.slice(1, -1) : plain;
    const trimmed = bare
      .replace(/^[ *`]{1,9}|[ *`]{1,9}$/g, '')
      .replace(/[.。]{1,3}$/, '')
      .replace(/^\(([a-z])\)$/, '$1');
    if (trimmed) plain = trimmed;
  }
  return plain;
}

const withoutLatex = (text: string): string =>
  text
    .replace(/\\(?:left|right|displaystyle|[,!;: ])/g, '')
    .replace(/\\[dt]?frac\s?\{([^{}]{1,99})\}\s?\{([^{}]{1,99})\}/g, '$1/$2')
    .replace(/\\(?:text|mathrm|mathbf|textbf|mbox)\s?\{([^{}]{0,999})\}/g, '$1')
    .replaceAll('{,}', ',')
    .replace(/\^\{?\\circ\}?/g, '°')
    .replace(/\\([%$#&_{}])/g, '$1')
    .replace(/^\s{0,9}\\[([]|\\[)\]]\s{0,9}$/g, '');

/** `digits` is set when the number is whole, `currency` is empty when there is no sign of one. */
type Numeral = { value: number; digits: string | null; currency: string };

const PLAIN = String.raw`(?:(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d*)?|\.\d+)`;
const NUMBER = new RegExp(`^([-+]?)(${PLAIN})(e[-+]?\\d{1,3})?$`);
const FRACTION = new RegExp(`^([-+]?)(?:(\\d+) )?(${PLAIN}) ?/ ?(${PLAIN})$`);
const CURRENCY = /^([-+]?) ?([$€£¥₹]) ?(?=[-+.\d])|(?<=\d\.?) ?([€£¥₹])$/;

const SIGN: Record<string, string> = { us$: '$', usd: '$', eur: '€', gbp: '£', jpy: '¥', inr: '₹' };
const CURRENCY_CODE = /^([-+]?) ?(us\$|usd|eur|gbp|jpy|inr) ?(?=[-+.\d])/;

/** A normalised text as a number; null when it is none. */
function parseNumber(text: string): Numeral | null {
  const percent = /^(.*\d\.?) ?(?:%|per ?cent)$/.exec(text);
  if (percent) {
    const number = parseNumber(percent[1] ?? '');
    return number && { ...number, value: number.value / 100, digits: null };
  }
  const priced = text.replace(CURRENCY_CODE, (_, sign: string, code: string) => sign + SIGN[code]);
  const money = CURRENCY.exec(priced);
  const bare = money ? priced.replace(CURRENCY, '$1') : priced;
  const number = parseDecimal(bare) ?? parseFraction(bare);
  return number && { ...number, currency: money?.[2] ?? money?.[3] ?? '' };
}

function parseDecimal(text: string): Omit<Numeral, 'currency'> | null {
  const [, sign = '', plain, exponent = ''] = NUMBER.exec(text) ?? [];
  if (!plain) return null;
  const bare = plain.replace(/[, ]/g, '');
  const digits = exponent ? null : whole(sign, bare);
  const value = Number(sign + bare + exponent);
  return digits !== null || Number.isFinite(value) ? { value, digits } : null;
}

function parseFraction(text: string): Omit<Numeral, 'currency'> | null {
  const [, sign, units = '0', above, below] = FRACTION.exec(text) ?? [];
  if (!above || !below) return null;
  const toNumber = (part: string) => Number(part.replace(/[, ]/g, ''));
  const size = Number(units) + toNumber(above) / toNumber(below);
  return Number.isFinite(size) ? { value: sign === '-' ? -size : size, digits: null } : null;
}

/** The digits of a whole number without zeros that say nothing; null when it is not whole. */
function whole(sign: string, digits: string): string | null {
  const [units = '', rest = ''] = digits.split('.');
  if (/[1-9]/.test(rest)) return null;
  const bare = units.replace(/^0+/, '') || '0';
  return sign === '-' && bare !== '0' ? `-${bare}` : bare;
}

function isSame(given: Numeral, wanted: Numeral): boolean {
  if (given.currency && wanted.currency && given.currency !== wanted.currency) return false;
  if (given.digits !== null && wanted.digits !== null) return given.digits === wanted.digits;
  // A third written with six digits is off by exactly 1e-6; the last factor is for the float.
  const allowed = TOLERANCE * Math.abs(wanted.value) * (1 + 1e-9);
  return Number.isFinite(allowed) && Math.abs(given.value - wanted.value) <= allowed;
}

const UNIT = /^([-+]?[$€£¥₹]?[\d.,/ ]*\d) ?((?:[a-zμ°%][a-z°]*(?:\^[23])?[ /.-]?){1,4})$/;

const SIZES = ['half', 'quarter', 'dozen', 'hundred', 'thousand', 'million', 'billion', 'trillion'];
const JOINS = ['and', 'or', 'to', 'not', 'point', 'over', 'plus', 'minus', 'than'];

/** Words that change the number before them. */
const NOT_UNITS = new Set([...SIZES, ...JOINS, 'bn']);

/** A number and the unit behind it, without spaces; null when what follows is no unit. */
function splitUnit(text: string): { number: string; unit: string } | null {
  // No unit is longer, and the pattern tries every way to cut a word.
  const [, number, unit] = (text.length <= 60 && UNIT.exec(text)) || [];
  if (!number || !unit) return null;
  const words = unit.split(/[ /.^-]/).filter(Boolean);
  // One letter may be a variable, `3x`, unless people write a unit so.
  const areUnits = words.every((word) => /^(?:[a-zμ°]{2,}|[%°mgslhcfv23])$/.test(word));
  if (!areUnits || words.some((word) => NOT_UNITS.has(word))) return null;
  return { number, unit: unit.replaceAll(' ', '') };
}
