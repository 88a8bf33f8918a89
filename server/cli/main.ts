/** The command line: one file for each subcommand, listed here. */
import { cliSettings } from '../config.ts';
import type { Command, Terminal } from './command.ts';

const COMMANDS: Record<string, { summary: string; load(): Promise<Command> }> = {
  import: {
    summary: 'send a file of traces to a running server',
    load: async () => (await import('./import.ts')).importCommand,
  },
  gate: {
    summary: 'check a run against a baseline, for CI',
    load: async () => (await import('./gate.ts')).gateCommand,
  },
};

const HELP = `Usage: tunix-rt <command> [options]

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  .join('\n')}

\`tunix-rt <command> --help\` says more.
`;

const terminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  isInteractive: process.stderr.isTTY === true,
  input: process.stdin,
  url: cliSettings().url,
};

const [name = '', ...rest] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? await COMMANDS[name]?.load() : undefined;
if (command) {
  process.exitCode = await command(rest, terminal);
} else if (name === '' || name === 'help' || name === '--help' || name === '-h') {
  terminal.out(HELP);
} else {
  terminal.error(`tunix-rt: there is no command ${JSON.stringify(name)}.\n\n${HELP}`);
  process.exitCode = 2;
}
