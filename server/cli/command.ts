import type { Readable } from 'node:stream';

/** What a command may use of the world around it. */
export type Terminal = {
  out(text: string): void;
  error(text: string): void;
  /** Whether somebody watches, so that a line may be drawn over. */
  isInteractive: boolean;
  input: Readable;
  /** The server, when no option names another. */
  url: string;
};

/** Runs with the arguments after its name and gives the exit code. */
export type Command = (args: string[], terminal: Terminal) => Promise<number>;

/** Text of others without what could steer the terminal. */
export const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced.
  text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\uFFFD');
