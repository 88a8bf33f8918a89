import { describe, expect, test } from 'vitest';
import { type Line, splitLines } from './jsonl.ts';

async function* pieces(bytes: Buffer, cuts: number[]) {
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    yield bytes.subarray(from, cut);
    from = cut;
  }
}

const read = async (source: AsyncIterable<Uint8Array>, max = 100) => {
  const lines: Line[] = [];
  for await (const line of splitLines(source, max)) lines.push(line);
  return lines;
};

const shown = (lines: Line[]) =>
  lines.map((line) => ('bytes' in line ? String(line.bytes) : line.tooLong));

describe('splitLines', () => {
  const sample = Buffer.from('{"é": "😀"}\n\n\r\nlast');
  const expected = [
    { line: 1, byteOffset: 0, end: 15, bytes: Buffer.from('{"é": "😀"}') },
    { line: 2, byteOffset: 15, end: 16, bytes: Buffer.from('') },
    { line: 3, byteOffset: 16, end: 18, bytes: Buffer.from('\r') },
    { line: 4, byteOffset: 18, end: 22, bytes: Buffer.from('last') },
  ];

  test('gives each line with its number and place', async () => {
    expect(sample.length).toBe(22);
    expect(await read(pieces(sample, []))).toEqual(expected);
  });

  test('gives the same lines wherever the stream is cut, once or twice', async () => {
    for (let one = 0; one <= sample.length; one++) {
      for (let two = one; two <= sample.length; two++) {
        expect(await read(pieces(sample, [one, two])), `${one}, ${two}`).toEqual(expected);
      }
    }
  });

  test.for([
    ['', []],
    ['\n', ['']],
    ['a', ['a']],
    ['a\n', ['a']],
    ['a\n\n', ['a', '']],
    ['\n\na', ['', '', 'a']],
    ['a\rb\n', ['a\rb']],
  ] as const)('makes of %j %j', async ([content, lines]) => {
    expect(shown(await read(pieces(Buffer.from(content), [])))).toEqual(lines);
  });

  test.for([1, 2, 3, 7])(
    'reports a line beyond the limit by its length, in pieces of %i',
    async (size) => {
      const bytes = Buffer.from(`12345\n123456\n${'x'.repeat(50)}\n\n1234567`);
      const cuts = Array.from({ length: Math.floor(bytes.length / size) }, (_, at) => at * size);
      const lines = await read(pieces(bytes, cuts), 5);
      expect(shown(lines)).toEqual(['12345', 6, 50, '', 7]);
      expect(lines.map(({ byteOffset, end }) => [byteOffset, end])).toEqual([
        [0, 6],
        [6, 13],
        [13, 64],
        [64, 65],
        [65, 72],
      ]);
    },
  );

  test('keeps nothing of a line beyond the limit', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    let given = 0;
    let most = 0;
    const source = (async function* () {
      for (; given < 256; given++) {
        yield chunk;
        most = Math.max(most, process.memoryUsage().arrayBuffers);
      }
    })();
    const before = process.memoryUsage().arrayBuffers;
    expect(shown(await read(source, 1000))).toEqual([256 * chunk.length]);
    expect(most - before).toBeLessThan(8 * chunk.length);
  });

  test('does not mind a source that uses its buffer again', async () => {
    const shared = Buffer.alloc(3);
    const source = (async function* () {
      for (const part of ['abc', 'de\n', 'fgh']) {
        shared.write(part);
        yield shared;
      }
    })();
    expect(shown(await read(source))).toEqual(['abcde', 'fgh']);
  });

  test('passes on why its source broke, after the lines before', async () => {
    const source = (async function* () {
      yield Buffer.from('one\ntw');
      throw new Error('connection lost');
    })();
    const lines: Line[] = [];
    const reading = (async () => {
      for await (const line of splitLines(source, 100)) lines.push(line);
    })();
    await expect(reading).rejects.toThrow('connection lost');
    expect(shown(lines)).toEqual(['one']);
  });

  test('lets go of its source when its reader leaves', async () => {
    let released = false;
    const source = (async function* () {
      try {
        for (;;) yield Buffer.from('line\n');
      } finally {
        released = true;
      }
    })();
    for await (const _line of splitLines(source, 100)) break;
    expect(released).toBe(true);
  });
});
