import { readFile } from 'node:fs/promises';
import { sha256 } from '../lib/canonical.ts';
import { sampleSeeds } from '../samples/arithmetic.ts';
import { runIn } from '../test/terminal.ts';
import { expect, test } from '../test/test.ts';
import { canonicalTrace } from '../traces/row.ts';
import { EXIT } from './define.ts';
import { samplesCommand } from './samples.ts';

const samples = (...args: string[]) =>
  runIn({ url: 'http://127.0.0.1:9' }, samplesCommand, ...args);

const linesOf = (text: string) => text.trimEnd().split('\n');

test('tunix-rt samples prints so many traces, and others for another seed', async () => {
  const { code, out } = await samples();
  expect(code).toBe(EXIT.ok);
  expect(linesOf(out)).toHaveLength(200);
  expect((await samples('200')).out).toBe(out);
  const other = await samples('3', '--seed', '8');
  expect(linesOf(other.out)).toHaveLength(3);
  expect(out).not.toContain(other.out);
});

test('the quickstart, the demo and tunix-rt samples share no trace', async () => {
  const quickstart = await readFile('notebooks/samples.jsonl', 'utf8');
  expect(quickstart).toBe((await samples('200', '--seed', String(sampleSeeds.quickstart))).out);
  const all = [
    quickstart,
    (await samples('1000', '--seed', String(sampleSeeds.demo))).out,
    (await samples('1000')).out,
  ].flatMap(linesOf);
  const digests = all.map((line) => sha256(canonicalTrace(JSON.parse(line))));
  expect(new Set(digests).size).toBe(2200);
});

test.for([['many'], ['-1'], ['1', '--seed', 'x'], ['99999999']])(
  'tunix-rt samples exits with 2 for %j',
  async (args) => {
    expect(await samples(...args)).toMatchObject({ code: EXIT.usage });
  },
);
