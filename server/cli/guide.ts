/** Prints `docs/command-line.md` from the help texts of the commands: `npm run docs`. */
import { writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Command } from './command.ts';
import { COMMANDS, HELP } from './commands.ts';

export const COMMAND_GUIDE = fileURLToPath(new URL('../../docs/command-line.md', import.meta.url));

const HEAD = `# The command line

What each command says with \`--help\`. In this repository it is called \`npx tunix-rt\`; in the containers
\`node server/cli/main.ts\`. The exit code says how it ended, for scripts; \`--json\` prints what a script reads.
`;

/** What a command prints when it is asked for help. */
async function helpOf(command: Command): Promise<string> {
  let help = '';
  await command(['--help'], {
    out: (text) => {
      help += text;
    },
    error: () => {},
    isInteractive: false,
    input: Readable.from([]),
    url: 'http://127.0.0.1:4000',
    key: null,
    interrupted: () => new AbortController().signal,
  });
  return help;
}

const block = (text: string) => `\n\`\`\`\n${text}\`\`\`\n`;

/** The guide as Markdown. */
export async function commandGuide(): Promise<string> {
  const sections = Object.entries(COMMANDS).map(async ([name, { load }]) => {
    const help = await helpOf(await load());
    return `\n## ${name}\n${block(help)}`;
  });
  return [HEAD, block(HELP), ...(await Promise.all(sections))].join('');
}

if (import.meta.main) writeFileSync(COMMAND_GUIDE, await commandGuide());
