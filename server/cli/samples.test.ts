import { readFile } from 'node:fs/promises';
import { runIn } from '../test/terminal.ts';
import { expect, test } from '../test/test.ts';
import { EXIT } from './define.ts';
import { samplesCommand } from './samples.ts';

const samples = (...args: string[]) =>
  runIn({ url: 'http://127.0.0.1:9' }, samplesCommand, ...args);

test('tunix-rt samples prints the traces of the quickstart unless told otherwise', async () => {
  const { code, out } = await samples();
  expect(code).toBe(EXIT.ok);
  expect(out).toBe(await readFile('notebooks/samples.jsonl', 'utf8'));
  const other = await samples('3', '--seed', '8');
  expect(other.out.trimEnd().split('\n')).toHaveLength(3);
  expect(out).not.toContain(other.out);
});

test.for([['many'], ['-1'], ['1', '--seed', 'x'], ['99999999']])(
  'tunix-rt samples exits with 2 for %j',
  async (args) => {
    expect(await samples(...args)).toMatchObject({ code: EXIT.usage });
  },
);
