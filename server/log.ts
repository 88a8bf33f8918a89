import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from './config.ts';

export type Log = Logger;

/** Fields whose values are never written, wherever a line holds them. */
const SECRETS = ['password', 'token', 'secret', 'authorization', 'cookie', 'set-cookie'];
const REDACTED = SECRETS.map((name) => `["${name}"]`).flatMap((name) => [
  name,
  `*${name}`,
  `*.headers${name}`,
]);

/** An error without the connection that `pg` hangs on it: hundreds of lines, and the key to cancel by. */
function plainly(error: Error): object {
  const { client: _, ...plain } = pino.stdSerializers.err(error);
  return plain;
}

/** Opens the process log: constant words as message, variables as fields. `to` is for tests. */
export const openLog = (config: Pick<Config, 'log'>, name: string, to?: DestinationStream): Log => {
  const options = {
    name,
    level: config.log.level,
    redact: REDACTED,
    serializers: { err: plainly },
  };
  if (to) return pino(options, to);
  if (config.log.format === 'json') return pino(options);
  const pretty = { ignore: 'pid,hostname', singleLine: true };
  return pino({ ...options, transport: { target: 'pino-pretty', options: pretty } });
};
