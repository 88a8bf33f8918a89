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
