import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { fetchCommand, tokensCommand, trainCommand } from './command.ts';
import { start } from './process.ts';

const config = readConfig({ HF_TOKEN: 'hf_secret' });

let dir: string;
/** Stands for Python; prints what it was given. */
let echo: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tunix-rt argv $(touch x) '));
  echo = join(dir, 'python');
  const script = 'process.stdout.write(JSON.stringify(process.argv.slice(2)))';
  await writeFile(echo, `#!${process.execPath}\n${script}`, { mode: 0o755 });
});
afterAll(() => rm(dir, { recursive: true }));

async function argvOf(command: { file: string; args: string[]; env: Record<string, string> }) {
  let printed = '';
  const child = start(command, dir, (_stream, bytes) => {
    printed += bytes.toString();
  });
  expect(await child.exit).toEqual({ kind: 'exited', code: 0 });
  return JSON.parse(printed) as string[];
}

const text = fc
  .oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fc.constantFrom(
      '--help',
      '-c',
      '-',
      '--',
      '; rm -rf /',
      '$(id)',
      '`id`',
      '$HOME',
      'a\nb',
      '"',
      "'",
      '\\',
      '*',
      '~',
      ' ',
      '| cat /etc/passwd',
      '@/etc/passwd',
      'key=value',
      '\u202e',
    ),
  )
  .map((words) => words.replaceAll('\u0000', '').toWellFormed());

describe('a child', () => {
  test('is given exactly the intended arguments, whatever they hold', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (one, other) => {
        expect(await argvOf(trainCommand(config, echo, one))).toEqual(['-m', 'tunix_rt.sft', one]);
        expect(await argvOf(tokensCommand(config, echo, one))).toEqual([
          '-m',
          'tunix_rt.tokens',
          one,
        ]);
        expect(await argvOf(fetchCommand(config, echo, one, other))).toEqual([
          '-m',
          'tunix_rt.fetch',
          one,
          other,
        ]);
      }),
      { numRuns: 25 },
    );
  });

  test('is not started with an argument that would end early', () => {
    const command = trainCommand(config, echo, 'config\u0000--other');
    expect(() => start(command, dir, () => {})).toThrow(/null bytes/);
  });
});
