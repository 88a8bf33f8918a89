import { expect, test } from 'vitest';
import { TracePayload } from '../../server/traces/model.ts';
import { bytesOf, checksumOf, expectedOf, makeFile } from './file.ts';

const LINES = 2000;
const SIZE = 2048;
const file = makeFile(5, LINES, SIZE);

const linesOf = (passes: number): string[] =>
  Buffer.concat([...bytesOf(file, passes)])
    .toString('utf8')
    .trimEnd()
    .split('\n');

const isTrace = (line: string): boolean => {
  try {
    return TracePayload.safeParse(JSON.parse(line)).success;
  } catch {
    return false;
  }
};

test('the same seed gives the same file', () => {
  const again = [...bytesOf(makeFile(5, LINES, SIZE), 1)];
  expect(Buffer.concat(again).equals(Buffer.concat([...bytesOf(file, 1)]))).toBe(true);
});

test('bad lines, repeats and new ones are as many as it says, and the bad ones where it says', () => {
  const lines = linesOf(1);
  const good = lines.filter(isTrace);
  const bad = lines.flatMap((line, index) => (isTrace(line) ? [] : [index + 1]));
  expect(bad).toEqual(file.expected.badLines);
  expect(new Set(good).size).toBe(file.expected.stored);
  expect(good.length - new Set(good).size).toBe(file.expected.duplicates);
  expect(lines).toHaveLength(LINES);
});

test('lines are about as long as asked for', () => {
  const good = linesOf(1).filter(isTrace);
  const mean = good.reduce((sum, line) => sum + line.length, 0) / good.length;
  expect(Math.abs(mean - SIZE)).toBeLessThan(SIZE * 0.1);
});

test('a second pass repeats no trace of the first', () => {
  const lines = linesOf(2);
  const expected = expectedOf(file, 2);
  expect(lines).toHaveLength(expected.lines);
  expect(new Set(lines.filter(isTrace)).size).toBe(expected.stored);
  expect(lines.flatMap((line, index) => (isTrace(line) ? [] : [index + 1]))).toEqual(
    expected.badLines,
  );
});

test('the digest depends on the traces', () => {
  expect(checksumOf(5, 200, SIZE)).toBe(checksumOf(5, 200, SIZE));
  expect(checksumOf(5, 200, SIZE)).not.toBe(checksumOf(6, 200, SIZE));
});
