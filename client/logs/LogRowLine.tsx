import { type MouseEvent, memo } from 'react';
import { formatBytes, formatDate, plural } from '../lib/format.ts';
import css from './LogRows.module.css';
import { LogText } from './LogText.tsx';
import type { LogRow } from './logRow.ts';
import type { Needle } from './markText.ts';
import { rowTime, type TimeMode } from './rowTime.ts';

function lostText(row: Extract<LogRow, { kind: 'gap' }>): string {
  const lines = row.lostLines > 0 ? `, ${plural(row.lostLines, 'line')} or more,` : '';
  return `Here ${formatBytes(row.lostBytes)}${lines} were written and could not be kept.`;
}

/** One row: its number is the link to it, its text is all that a selection copies. */
export const LogRowLine = memo(function LogRowLine(props: {
  index: number;
  seq: number;
  row: LogRow | undefined;
  isOpen: boolean;
  isMarked: boolean;
  isCurrent: boolean;
  needle: Needle | undefined;
  time: TimeMode;
  origin: string | null;
  onMark: (seq: number, extend: boolean) => void;
}) {
  const { index, seq, row, onMark } = props;
  const mark = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    onMark(seq, event.shiftKey);
  };
  return (
    <div
      className={css.row}
      data-row={index}
      data-seq={seq}
      data-stream={row?.kind === 'line' ? row.stream : undefined}
      data-gap={row?.kind === 'gap' || undefined}
      data-open={props.isOpen || undefined}
      data-marked={props.isMarked || undefined}
      data-current={props.isCurrent || undefined}
    >
      <a
        className={css.number}
        href={`#L${seq}`}
        tabIndex={-1}
        aria-label={`Line ${seq}`}
        onClick={mark}
      >
        {props.isOpen ? '…' : seq}
      </a>
      {props.time !== 'hidden' && (
        <time
          className={css.time}
          title={row?.at ? formatDate(row.at) : undefined}
          data-time={row ? rowTime(props.time, row.at, props.origin) : ''}
        />
      )}
      <span className={css.text} data-text>
        {row?.kind === 'line' && <LogText text={row.text} needle={props.needle} />}
        {row?.kind === 'gap' && lostText(row)}
        {!row && <span className={css.missing} />}
        {/* A row without text would be left out of what is copied. */}
        {row?.kind === 'line' && row.text === '' && '\n'}
      </span>
    </div>
  );
});
