import { type Logger, pino } from 'pino';
import type { Config } from './config.ts';

export type Log = Logger;

/** Opens the process log: constant words as message, variables as fields. */
export const openLog = (config: Pick<Config, 'log'>, name: string): Log =>
  pino({
    name,
    level: config.log.level,
    redact: ['password', 'token', '*.password', '*.token'],
    ...(config.log.format === 'pretty' && {
      transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname', singleLine: true } },
    }),
  });
