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

  it('shows what a progress bar wrote last', () => {
    expect(plainText('10%\r50%\r100%')).toBe('100%');
    expect(plainText('windows line\r')).toBe('windows line');
    expect(plainText('10%\r20%\r\r')).toBe('20%');
  });

  it('keeps markup as text', () => {
    expect(parseAnsi('<img src=x onerror=1>')).toEqual([{ text: '<img src=x onerror=1>' }]);
  });
});
