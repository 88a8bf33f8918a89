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
  /** What proves who asks, of TUNIX_RT_KEY: sent to the server and printed nowhere. */
  key: string | null;
  /**
   * Aborts at Ctrl-C, which no longer ends the process from the first call on; the second one does.
   */
  interrupted(): AbortSignal;
};

/** Runs with the arguments after its name and gives the exit code. */
export type Command = (args: string[], terminal: Terminal) => Promise<number>;
