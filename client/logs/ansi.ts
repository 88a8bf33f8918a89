/**
 * Terminal text to spans: SGR colours and weights are kept, every other escape and control character
 * is removed, and a carriage return shows what a terminal would show last. Never produces markup.
 */
export type Span = {
  text: string;
  /** 0–15 is the theme's palette, anything else is a CSS colour */
  fg?: number | string;
  bg?: number | string;
  bold?: true;
  dim?: true;
  italic?: true;
  underline?: true;
};

type Style = Omit<Span, 'text'>;

// CSI; OSC up to BEL or ST; DCS, SOS, PM and APC up to ST, CAN or SUB; escapes of several
// characters, such as those that choose a character set; any other of two; other control characters,
// C1 too. C1 begins nothing here, as in today's terminals: text decoded twice is full of it.
const ESCAPE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /\u001b\[([0-?]*)[ -/]*([@-~])|\u001b\][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\)?|\u001b[PX^_][^\u0018\u001a\u001b\u009c]*(?:\u001b\\)?|\u001b[ -/]+[0-~]|\u001b[\s\S]?|[\u0000-\u0008\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f-\u009f]/g;

const LEVELS = [0, 95, 135, 175, 215, 255];

function paletteColor(index: number): number | string | undefined {
  if (index < 0 || index > 255) return undefined;
  if (index < 16) return index;
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return `rgb(${grey},${grey},${grey})`;
  }
  const cube = index - 16;
  const [r, g, b] = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6];
  return `rgb(${LEVELS[r ?? 0]},${LEVELS[g ?? 0]},${LEVELS[b ?? 0]})`;
}

/** `38;5;n` and `38;2;r;g;b`: the colour and how many parameters it took. */
function extendedColor(codes: number[], at: number): [number | string | undefined, number] {
  if (codes[at] === 5) return [paletteColor(codes[at + 1] ?? -1), 2];
  if (codes[at] === 2) {
    const rgb = codes.slice(at + 1, at + 4);
    const valid = rgb.length === 3 && rgb.every((part) => part >= 0 && part <= 255);
    return [valid ? `rgb(${rgb.join(',')})` : undefined, 4];
  }
  return [undefined, 1];
}

function applySgr(style: Style, parameters: string): Style {
  const codes = parameters === '' ? [0] : parameters.split(/[;:]/).map(Number);
  let next: Style = { ...style };
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 0) next = {};
    else if (code === 1) next.bold = true;
    else if (code === 2) next.dim = true;
    else if (code === 3) next.italic = true;
    else if (code === 4) next.underline = true;
    else if (code === 22) next = { ...next, bold: undefined, dim: undefined };
    else if (code === 23) next.italic = undefined;
    else if (code === 24) next.underline = undefined;
    else if (code >= 30 && code <= 37) next.fg = code - 30;
    else if (code >= 90 && code <= 97) next.fg = code - 82;
    else if (code === 39) next.fg = undefined;
    else if (code >= 40 && code <= 47) next.bg = code - 40;
    else if (code >= 100 && code <= 107) next.bg = code - 92;
    else if (code === 49) next.bg = undefined;
    else if (code === 38 || code === 48) {
      const [color, used] = extendedColor(codes, at + 1);
      if (color !== undefined) next[code === 38 ? 'fg' : 'bg'] = color;
      at += used;
    }
  }
  return next;
}

const lastRewrite = (text: string) => {
  const line = text.replace(/\r+$/, '');
  return line.slice(line.lastIndexOf('\r') + 1);
};

export function parseAnsi(raw: string): Span[] {
  const text = lastRewrite(raw);
  const spans: Span[] = [];
  let style: Style = {};
  let from = 0;
  const push = (part: string) => {
    if (part) spans.push({ text: part, ...style });
  };
  for (const match of text.matchAll(ESCAPE)) {
    push(text.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[2] === 'm') style = applySgr(style, match[1] ?? '');
  }
  push(text.slice(from));
  return spans;
}

export const plainText = (raw: string): string =>
  parseAnsi(raw)
    .map((span) => span.text)
    .join('');
