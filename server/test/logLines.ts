import { readConfig } from '../config.ts';
import { openLog } from '../log.ts';

type LogLine = Record<string, unknown> & { level: number; msg: string };

/** A log that is kept instead of written, down to the level. */
export function keepLog(level = 'debug') {
  const text: string[] = [];
  const config = readConfig({ LOG_LEVEL: level, LOG_FORMAT: 'json' });
  const log = openLog(config, 'test', { write: (line) => void text.push(line) });
  return { log, text, lines: () => text.map((line) => JSON.parse(line) as LogLine) };
}
