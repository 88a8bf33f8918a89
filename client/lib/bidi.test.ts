import { expect, it } from 'vitest';
import { bidiParts, spellBidi } from './bidi.ts';

const CONTROLS = [
  ...['\u061c', '\u200e', '\u200f', '\u202a', '\u202b', '\u202c'],
  ...['\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069'],
];

it.each(CONTROLS)('knows %j as a control', (control) => {
  expect(bidiParts(control)).toEqual([
    { text: control, control: { code: expect.any(String), name: expect.any(String) } },
  ]);
});

it.each(['', 'a line', 'שלום', '\u200b\u200d\u2065\u206a', '😀'])('leaves %j as it is', (text) => {
  expect(bidiParts(text)).toEqual(text ? [{ text }] : []);
});

it('cuts a text at each control and loses nothing', () => {
  const text = '\u202eab\u202c\u2066c';
  expect(bidiParts(text).map((part) => part.control?.code ?? part.text)).toEqual([
    'U+202E',
    'ab',
    'U+202C',
    'U+2066',
    'c',
  ]);
  expect(
    bidiParts(text)
      .map((part) => part.text)
      .join(''),
  ).toBe(text);
});

it('spells controls where no mark can stand', () => {
  expect(spellBidi('model\u202egnp.exe, \u061ca')).toBe('model[U+202E]gnp.exe, [U+061C]a');
});
