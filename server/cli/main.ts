/** The command line: finds the subcommand and runs it. */
import { cliSettings } from '../config.ts';
import type { Terminal } from './command.ts';
import { COMMANDS, HELP } from './commands.ts';

const terminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  isInteractive: process.stderr.isTTY === true,
  input: process.stdin,
  ...cliSettings(),
  interrupted: () => {
    const interruption = new AbortController();
    process.once('SIGINT', () => interruption.abort());
    return interruption.signal;
  },
};

// Whoever read, such as `head`, has enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? 0 : 1),
);

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
