/**
 * The invisible characters that change the order in which text is drawn (Unicode Bidirectional
 * Algorithm, UAX #9, section 2). With them a text can read otherwise than its characters stand.
 */
const NAMES: Readonly<Record<string, string>> = {
  '\u061c': 'Arabic letter mark',
  '\u200e': 'left-to-right mark',
  '\u200f': 'right-to-left mark',
  '\u202a': 'left-to-right embedding',
  '\u202b': 'right-to-left embedding',
  '\u202c': 'pop directional formatting',
  '\u202d': 'left-to-right override',
  '\u202e': 'right-to-left override',
  '\u2066': 'left-to-right isolate',
  '\u2067': 'right-to-left isolate',
  '\u2068': 'first strong isolate',
  '\u2069': 'pop directional isolate',
};

const CONTROL = /([\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069])/;

export type BidiPart = {
  text: string;
  /** Of a control: `U+202E` and what it is called. */
  control?: { code: string; name: string };
};

/** A text cut before and after each control; together the parts are the text. */
export const bidiParts = (text: string): BidiPart[] =>
  text.split(CONTROL).flatMap((part): BidiPart[] => {
    const name = NAMES[part];
    if (name) return [{ text: part, control: { code: codeOf(part), name } }];
    return part ? [{ text: part }] : [];
  });

/** The same as one text with `[U+202E]` in the place of a control, for where no marks can be drawn. */
export const spellBidi = (text: string): string =>
  bidiParts(text)
    .map((part) => (part.control ? `[${part.control.code}]` : part.text))
    .join('');

const codeOf = (character: string) =>
  `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
