import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { runIn } from '../test/terminal.ts';
import { COMMANDS, HELP } from './commands.ts';
import { COMMAND_GUIDE, commandGuide } from './guide.ts';

test('the guide to the command line is printed from the commands (npm run docs)', async () => {
  expect(await readFile(COMMAND_GUIDE, 'utf8')).toBe(await commandGuide());
});

test.for(Object.entries(COMMANDS))(
  '%s says how it is called and what its exit codes mean',
  async ([name, { load }]) => {
    const { code, out } = await runIn({ url: 'http://127.0.0.1:9' }, await load(), '--help');
    expect(code).toBe(0);
    expect(out.startsWith(`Usage: tunix-rt ${name} `), out.split('\n')[0]).toBe(true);
    expect(out).toMatch(/^Exit codes: 0 /m);
    expect(out).toContain('--help');
    expect(HELP).toContain(`  ${name} `);
  },
);
