import { describe, expect, it } from 'vitest';
import { parseAnsi, plainText } from './ansi.ts';

const ESC = '\u001b';

describe('parseAnsi', () => {
  it('leaves plain text as one span', () => {
    expect(parseAnsi('step 3: loss=2.5')).toEqual([{ text: 'step 3: loss=2.5' }]);
    expect(parseAnsi('')).toEqual([]);
  });

  it('colours until reset', () => {
    expect(parseAnsi(`${ESC}[31mred${ESC}[0m plain`)).toEqual([
      { text: 'red', fg: 1 },
      { text: ' plain' },
    ]);
    expect(parseAnsi(`${ESC}[91;1mbright${ESC}[m!`)).toEqual([
      { text: 'bright', fg: 9, bold: true },
      { text: '!' },
    ]);
  });

  it('reads 256 and true colours and goes on with what follows them', () => {
    expect(parseAnsi(`${ESC}[38;5;196;4mx`)).toEqual([
      { text: 'x', fg: 'rgb(255,0,0)', underline: true },
    ]);
    expect(parseAnsi(`${ESC}[48;2;1;2;3mx`)).toEqual([{ text: 'x', bg: 'rgb(1,2,3)' }]);
    expect(parseAnsi(`${ESC}[38;5;250mx`)[0]?.fg).toBe('rgb(188,188,188)');
  });

  it('ignores colours out of range', () => {
    expect(parseAnsi(`${ESC}[38;5;999mx${ESC}[38;2;1;2;999my`)).toEqual([
      { text: 'x' },
      { text: 'y' },
    ]);
  });

  it('removes cursor movement, titles, links and stray control characters', () => {
    expect(
      plainText(`${ESC}[2K${ESC}[1;5Ha${ESC}]0;title\u0007b${ESC}]8;;http://x${ESC}\\c\u0008`),
    ).toBe('abc');
    expect(plainText(`cut off ${ESC}`)).toBe('cut off ');
    expect(plainText('tab\tstays')).toBe('tab\tstays');
  });

  it.each([
    ['a device control string', `a${ESC}P1$r<img src=x>${ESC}\\b`, 'ab'],
    ['a start of string', `a${ESC}Xsecret${ESC}\\b`, 'ab'],
    ['a privacy message', `a${ESC}^secret${ESC}\\b`, 'ab'],
    ['an application command', `a${ESC}_Gf=100;AAAA${ESC}\\b`, 'ab'],
    ['one that ends by the one-character ST', `a${ESC}Psecret\u009cb`, 'ab'],
    ['one that is given up', `a${ESC}Psecret\u0018b`, 'ab'],
    ['one that another escape ends', `a${ESC}Psecret${ESC}[31mb`, 'ab'],
    ['one that does not end', `a${ESC}Psecret`, 'a'],
    ['a title that ends by the one-character ST', `a${ESC}]0;title\u009cb`, 'ab'],
    ['the choice of a character set', `a${ESC}(B${ESC}[mb`, 'ab'],
  ])('removes %s with what is in it', (_title, raw, shown) => {
    expect(plainText(raw)).toBe(shown);
  });

  it('removes C1 controls and nothing behind them', () => {
    const all = Array.from({ length: 32 }, (_, index) => String.fromCharCode(0x80 + index));
    expect(plainText(`a${all.join('')}b`)).toBe('ab');
    expect(plainText('it\u0080\u0099s \u0080\u0098all\u0080\u0099 there')).toBe('its all there');
    expect(plainText('\u00a0é')).toBe('\u00a0é');
  });

  it('keeps what turns text around, to be marked where it is shown', () => {
    expect(plainText('a\u202eb\u2069')).toBe('a\u202eb\u2069');
  });

  it('shows what a progress bar wrote last', () => {
    expect(plainText('10%\r50%\r100%')).toBe('100%');
    expect(plainText('windows line\r')).toBe('windows line');
    expect(plainText('10%\r20%\r\r')).toBe('20%');
  });

  it('keeps markup as text', () => {
    expect(parseAnsi('<img src=x onerror=1>')).toEqual([{ text: '<img src=x onerror=1>' }]);
  });
});
