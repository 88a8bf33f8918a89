import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { fileOf, readLines, readSample, textFile } from './importFile.ts';

const packed = (text: string) => fileOf(new File([gzipSync(text)], 'traces.jsonl.gz'));

it.each([
  ['plain', textFile],
  ['packed', packed],
])('reads a short %s file whole', async (_name, open) => {
  expect(await readSample(open('{"a":1}\n{"b":2}'))).toBe('{"a":1}\n{"b":2}');
});

it('cuts the sample of a long file after a whole line', async () => {
  const line = `${JSON.stringify({ prompt: 'x'.repeat(1000) })}\n`;
  const sample = await readSample(textFile(line.repeat(1000)));
  expect(sample.length).toBeLessThanOrEqual(262_144);
  expect(sample.length % line.length).toBe(0);
  expect(sample.length).toBeGreaterThan(260_000);
});

it('sends the beginning of a file that is one long line', async () => {
  expect(await readSample(textFile('['.repeat(300_000)))).toHaveLength(262_144);
});

it('refuses a gzip file that is none', async () => {
  const broken = fileOf(new File(['plain text'], 'x.gz'));
  await expect(readSample(broken)).rejects.toThrow();
});

it.each([
  ['plain', textFile],
  ['packed', packed],
])('finds lines of a %s file by their number', async (_name, open) => {
  const file = open('one\r\n\nthree ü\nfour');
  expect(await readLines(file, [1, 3, 4, 9])).toEqual(
    new Map([
      [1, 'one'],
      [3, 'three ü'],
      [4, 'four'],
    ]),
  );
});
