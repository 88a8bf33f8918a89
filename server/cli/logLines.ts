/** The log of a run, as the API sends it and as the commands print it. */

import { printable } from '../lib/text.ts';
import { shown } from '../logs/lines.ts';
import { jsonLine } from './define.ts';

export type LogBatch = {
  __typename: 'LogBatch';
  firstSeq: string;
  lastSeq: string;
  attempt: number;
  stream: 'STDOUT' | 'STDERR' | 'SYSTEM';
  at: string;
  text: string;
};

export type LogGap = {
  __typename: 'LogGap';
  seq: string;
  attempt: number;
  at: string;
  lostBytes: string;
  lostLines: string;
};

/** To be asked of what the log stream and its pages hold. */
export const LOG_PARTS = `
fragment CliBatch on LogBatch { __typename firstSeq lastSeq attempt stream at text }
fragment CliGap on LogGap { __typename seq attempt at lostBytes lostLines }`;

/** The number of the last line of a part: the cursor to go on from. */
export const endOf = (part: LogBatch | LogGap): number =>
  Number(part.__typename === 'LogBatch' ? part.lastSeq : part.seq);

/** A line of a log as a terminal may show it: with its tabs, without what could steer it. */
const visible = (line: string): string => shown(line).split('\t').map(printable).join('\t');

/** Lines for people, or one JSON document for each. */
export function formatPart(part: LogBatch | LogGap, isJson: boolean): string {
  const { attempt, at } = part;
  if (part.__typename === 'LogGap') {
    const { seq, lostBytes, lostLines } = part;
    const lost = { lostLines: Number(lostLines), lostBytes: Number(lostBytes) };
    return isJson
      ? jsonLine({ type: 'gap', seq: Number(seq), attempt, at, ...lost })
      : `[${lostLines} lines (${lostBytes} bytes) were lost here]\n`;
  }
  const first = Number(part.firstSeq);
  const count = Number(part.lastSeq) - first + 1;
  const lines = part.text.split('\n').slice(0, count);
  if (!isJson) return lines.map((line) => `${visible(line)}\n`).join('');
  const { stream } = part;
  return lines
    .map((text, index) => jsonLine({ type: 'log', seq: first + index, attempt, stream, at, text }))
    .join('');
}
