import { describe, expect, test } from 'vitest';
import { arraySplitter } from './jsonArray.ts';
import type { RawRecord, StartAt } from './records.ts';

const shown = (record: RawRecord) =>
  'bytes' in record
    ? String(record.bytes)
    : 'tooLong' in record
      ? record.tooLong
      : record.fault.code;

/** The elements of bytes that come in these pieces. */
function split(
  bytes: Buffer,
  cuts: number[] = [],
  { max = 1000, from }: { max?: number; from?: StartAt } = {},
) {
  const splitter = arraySplitter(max, from, from !== undefined);
  const records: RawRecord[] = [];
  let start = 0;
  for (const cut of [...cuts, bytes.length]) {
    // A buffer of its own for each, which is overwritten afterwards.
    const piece = Buffer.from(bytes.subarray(start, cut));
    records.push(...splitter.push(piece).map((one) => structuredClone(one)));
    piece.fill('!');
    start = cut;
  }
  records.push(...splitter.end());
  return records.map((one) => ('bytes' in one ? { ...one, bytes: Buffer.from(one.bytes) } : one));
}

describe('arraySplitter', () => {
  const sample = Buffer.from(' [ {"a": "]},\\"\\\\"} ,[1,[2]], "é\\\\", 3 \n] ');

  test('gives each element with its number and place', () => {
    const records = split(sample);
    expect(records.map(shown)).toEqual(['{"a": "]},\\"\\\\"} ', '[1,[2]]', '"é\\\\"', '3 \n']);
    expect(records.map(({ line }) => line)).toEqual([1, 2, 3, 4]);
    for (const { byteOffset, end } of records) {
      expect('{["3').toContain(String.fromCharCode(sample[byteOffset] ?? 0));
      expect(',]').toContain(String.fromCharCode(sample[end] ?? 0));
    }
  });

  test('gives the same wherever the stream is cut, once or twice', () => {
    const whole = split(sample);
    for (let one = 0; one <= sample.length; one++) {
      for (let two = one; two <= sample.length; two++) {
        expect(split(sample, [one, two]), `${one}, ${two}`).toEqual(whole);
      }
    }
  });

  test('goes on behind any element', () => {
    const whole = split(sample);
    for (const [index, { line, end }] of whole.entries()) {
      const rest = split(sample.subarray(end), [], { from: { line: line + 1, byteOffset: end } });
      expect(rest).toEqual(whole.slice(index + 1));
    }
  });

  test.for([
    ['[]', []],
    [' [ \n ] ', []],
    ['[1,,2]', ['1', '', '2']],
    ['[1,]', ['1', '']],
    ['[{"a":1} {"b":2}]', ['{"a":1} {"b":2}']],
    ['[1, 2', ['1', 'UNCLOSED_ARRAY']],
    ['[', ['UNCLOSED_ARRAY']],
    ['', ['UNCLOSED_ARRAY']],
    ['{"a":1}', ['NOT_AN_ARRAY']],
    ['[1] [2]', ['1', 'TRAILING_DATA']],
    ['["open, 2]', ['UNCLOSED_ARRAY']],
    ['[1}, 2]', ['1}', '2']],
  ] as const)('makes of %j %j', ([content, expected]) => {
    expect(split(Buffer.from(content)).map(shown)).toEqual(expected);
  });

  test('reports an element beyond the limit by its length, and finds the next', () => {
    const content = Buffer.from(`[1, "${'x'.repeat(50)}", 2]`);
    for (let cut = 0; cut < content.length; cut++) {
      expect(split(content, [cut], { max: 10 }).map(shown)).toEqual(['1', 52, '2']);
    }
  });
});
