import { describe, expect, test } from 'vitest';
import { join, shown, textOf, trim } from './lines.ts';
import type { LogPart } from './model.ts';

const part = (firstSeq: number, text: string, stream: LogPart['stream'] = 'STDOUT'): LogPart => {
  const data = Buffer.from(text);
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  const lastSeq = firstSeq + lines - 1;
  return { kind: 'batch', firstSeq, lastSeq, attempt: 1, stream, data, createdAt: new Date(0) };
};
const told = ({ firstSeq, lastSeq, data }: LogPart) => [firstSeq, lastSeq, String(data)];

describe('trim', () => {
  test.for([
    [0, 99, [5, 8, 'a\nb\n\nd']],
    [5, 99, [6, 8, 'b\n\nd']],
    [7, 99, [8, 8, 'd']],
    [4, 6, [5, 6, 'a\nb\n']],
    [6, 7, [7, 7, '\n']],
  ] as const)('after %i up to %i', ([after, last, expected]) => {
    expect(told(trim(part(5, 'a\nb\n\nd'), after, last))).toEqual(expected);
  });

  test('is the part itself when all of it is wanted', () => {
    const whole = part(5, 'a\n');
    expect(trim(whole, 4)).toBe(whole);
  });
});

describe('join', () => {
  test('joins neighbours of one stream, whole lines only, up to a size', () => {
    const parts = [
      part(1, 'a\n'),
      part(2, 'b\n'),
      part(3, 'c\n', 'STDERR'),
      part(4, 'd', 'STDERR'),
    ];
    const more = [...parts, part(5, 'e\n', 'STDERR'), part(6, 'ffff\n', 'STDERR')];
    expect([...join(more, 6)].map(told)).toEqual([
      [1, 2, 'a\nb\n'],
      [3, 4, 'c\nd'],
      [5, 5, 'e\n'],
      [6, 6, 'ffff\n'],
    ]);
  });

  test('leaves marks of gaps alone', () => {
    const gap: LogPart = {
      ...part(2, 'lost\n', 'SYSTEM'),
      kind: 'gap',
      lostBytes: 9,
      lostLines: 1,
    };
    const parts = [...join([part(1, 'a\n', 'SYSTEM'), gap, part(3, 'b\n', 'SYSTEM')], 100)];
    expect(parts.map(({ kind }) => kind)).toEqual(['batch', 'gap', 'batch']);
  });
});

test('text is decoded once, with U+FFFD for what is no UTF-8', () => {
  const bytes = { ...part(1, ''), data: Buffer.of(0x61, 0xff, 10) };
  expect(textOf(bytes)).toBe('a\uFFFD\n');
  bytes.data.fill(0);
  expect(textOf(bytes)).toBe('a\uFFFD\n');
});

test.for([
  ['plain', 'plain'],
  ['dos\r', 'dos'],
  [' 10%\r 50%\r100%', '100%'],
  [' 10%\r100%\r', '100%'],
  ['\r', ''],
  ['\r\r\r', ''],
  ['', ''],
] as const)('a terminal shows %j as %j', ([line, expected]) => {
  expect(shown(line)).toBe(expected);
  expect(line.replace(/\r+$/, '').replace(/^.*\r/s, '')).toBe(expected);
});
