/**
 * Watches the lines that are not finished, and says now and then what stands in one: a progress bar
 * is seen while it moves, and a line that is merely on its way is not.
 */
import type { LogStream } from '../../prisma/generated/client/enums.ts';
import { displayable } from '../lib/text.ts';
import { shown } from './lines.ts';

/** How long a line must stand unfinished, and then how often it is told anew. */
const PATIENCE_MS = 250;
const MOST_CHARACTERS = 500;
/** More of a line than its last part never shows. */
const LOOKED_AT = 8 * 1024;

export type OpenLine = { stream: LogStream; text: string };

/** The last characters that a terminal shows of an unfinished line. */
const shownEnd = (rest: Buffer): string =>
  displayable(shown(rest.subarray(-LOOKED_AT).toString('utf8')).slice(-MOST_CHARACTERS));

/** Opens the watcher. `tell` is called at most four times a second, and not after `close`. */
export function watchOpenLine(tell: (line: OpenLine) => void) {
  let current: { stream: LogStream; rest: Buffer } | null = null;
  let told: (OpenLine & { line: number }) | null = null;
  /** How many lines of each stream have ended. */
  const ended: Record<LogStream, number> = { STDOUT: 0, STDERR: 0, SYSTEM: 0 };
  let timer: NodeJS.Timeout | undefined;

  const look = () => {
    timer = undefined;
    if (!current) return;
    const { stream, rest } = current;
    const text = shownEnd(rest);
    if (text === told?.text && stream === told.stream) return;
    told = { stream, text, line: ended[stream] };
    tell({ stream, text });
  };

  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
    current = null;
  };

  return {
    /** What stands in the last line of a stream now; `hasNew`: the line before it has ended. */
    see(stream: LogStream, rest: Buffer, hasNew: boolean) {
      if (hasNew) {
        ended[stream] += 1;
        if (current?.stream === stream) stop();
      }
      if (rest.length === 0) return;
      current = { stream, rest };
      timer ??= setTimeout(look, PATIENCE_MS);
    },
    /** Whether the line that was told last has ended; once, then nothing is told any more. */
    takeEnded(): boolean {
      if (!told || told.line === ended[told.stream]) return false;
      told = null;
      return true;
    },
    close: stop,
  };
}
