/** The subcommands of the command line, each loaded when it is called. */
import type { Command } from './command.ts';

/** By name, in the order of the help. */
export const COMMANDS: Record<string, { summary: string; load(): Promise<Command> }> = {
  import: {
    summary: 'send a file of traces to a running server',
    load: async () => (await import('./import.ts')).importCommand,
  },
  samples: {
    summary: 'print generated traces, to try the system with',
    load: async () => (await import('./samples.ts')).samplesCommand,
  },
  build: {
    summary: 'build a dataset from traces',
    load: async () => (await import('./build.ts')).buildCommand,
  },
  run: {
    summary: 'start a run, and follow it to its end',
    load: async () => (await import('./run.ts')).runCommand,
  },
  logs: {
    summary: 'print the log of a run, also while it is written',
    load: async () => (await import('./logs.ts')).logsCommand,
  },
  cancel: {
    summary: 'stop a run',
    load: async () => (await import('./cancel.ts')).cancelCommand,
  },
  evaluate: {
    summary: 'judge what a run predicted',
    load: async () => (await import('./evaluate.ts')).evaluateCommand,
  },
  gate: {
    summary: 'check a run against a baseline, for CI',
    load: async () => (await import('./gate.ts')).gateCommand,
  },
  keys: {
    summary: 'list, make and revoke keys for programs',
    load: async () => (await import('./keys.ts')).keysCommand,
  },
  backup: {
    summary: 'write everything that is stored into a folder',
    load: async () => (await import('./backup.ts')).backupCommand,
  },
  restore: {
    summary: 'bring a backup into an empty database',
    load: async () => (await import('./restore.ts')).restoreCommand,
  },
  status: {
    summary: 'say whether the server works and what it has',
    load: async () => (await import('./status.ts')).statusCommand,
  },
};

/** What `tunix-rt` says without a command. */
export const HELP = `Usage: tunix-rt <command> [options]

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  .join('\n')}

\`tunix-rt <command> --help\` says more.
`;
