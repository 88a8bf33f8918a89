import type { Log } from './log.ts';

/** The exit code of a process that would fare no better if it was started again. */
export const NOT_AGAIN = 77;

/**
 * Runs `stop` once on SIGTERM, SIGINT or the end of the parent that started us with a pipe, then
 * exits. A second signal exits at once.
 */
export function onSignals(log: Log, stop: () => Promise<void>): void {
  let stopping = false;
  const begin = (signal: string) => {
    if (stopping) process.exit(130);
    stopping = true;
    log.info({ signal }, 'stopping');
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'did not stop in order');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => begin('SIGTERM'));
  process.on('SIGINT', () => begin('SIGINT'));
  // Started by `npm start`, this process must not outlive it.
  process.on('disconnect', () => begin('disconnect'));
  // It may have gone before we listened.
  if (process.connected === false) begin('disconnect');
}
