/** A terminal of its own for a command, and what was printed there. */
import { Readable } from 'node:stream';
import type { Command } from '../cli/command.ts';

type Setting = {
  url: string;
  key?: string | null;
  /** What the standard input holds. */
  input?: string;
  isInteractive?: boolean;
  /** Aborts at Ctrl-C. */
  interruption?: AbortSignal;
  /** Told of each piece of output. */
  onOut?(text: string): void;
};

/** Runs a command and gives its exit code and what it printed. */
export async function runIn(setting: Setting, command: Command, ...args: string[]) {
  let out = '';
  let error = '';
  const code = await command(args, {
    out: (text) => {
      out += text;
      setting.onOut?.(text);
    },
    error: (text) => {
      error += text;
    },
    isInteractive: setting.isInteractive ?? false,
    input: Readable.from([Buffer.from(setting.input ?? '')]),
    url: setting.url,
    key: setting.key ?? null,
    interrupted: () => setting.interruption ?? new AbortController().signal,
  });
  return { code, out, error };
}
