import { Button } from '@mantine/core';
import { useEffect, useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import { plural } from '../lib/format.ts';
import { LogRowLine } from './LogRowLine.tsx';
import css from './LogRows.module.css';
import type { LineRange } from './lineRange.ts';
import { holds } from './lineRange.ts';
import type { LineSource } from './lineSource.ts';
import type { Needle } from './markText.ts';
import type { TimeMode } from './rowTime.ts';
import type { Scroller } from './scroller.ts';

/** The rows in sight. Follows the end until somebody scrolls up. */
export function LogRows(props: {
  scroller: Scroller;
  source: LineSource;
  /** Lines that are listed, here or not. */
  lines: number;
  openSeq: number | undefined;
  marked: LineRange | undefined;
  current: number | undefined;
  needle: Needle | undefined;
  wrap: boolean;
  time: TimeMode;
  origin: string | null;
  isStale: boolean;
  empty: string;
  onMark: (seq: number, extend: boolean) => void;
}) {
  const { scroller, source, wrap } = props;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLDivElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const view = useSyncExternalStore(scroller.subscribe, scroller.snapshot);
  const first = Math.min(view.first, source.count);
  const end = Math.min(view.end, source.count);

  useLayoutEffect(() => {
    if (!box.current || !canvas.current || !layer.current) return undefined;
    return scroller.attach({ box: box.current, canvas: canvas.current, layer: layer.current });
  }, [scroller]);

  // Before paint, after every drawing: heights may have changed, and the end may have moved.
  useLayoutEffect(() => {
    scroller.setRows(source.count, source.prepended, wrap, props.lines);
    scroller.settle(first);
  });

  useEffect(() => {
    if (end > first) source.want(first, end);
  });

  const fresh = props.lines - view.seen;
  const digits = String(source.seqOf(Math.max(0, source.count - 1))).length;
  return (
    <div className={css.frame}>
      <div
        ref={box}
        className={css.scroll}
        data-wrap={wrap || undefined}
        data-stale={props.isStale || undefined}
        data-testid="log-lines"
        role="log"
        aria-live="off"
        aria-label="Run log"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs the keyboard
        tabIndex={0}
        style={{ ['--digits' as string]: digits }}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
          if (scroller.press(event.key)) event.preventDefault();
        }}
      >
        {source.count === 0 && <div className={css.waiting}>{props.empty}</div>}
        <div ref={canvas} className={css.canvas}>
          <div ref={layer} className={css.layer}>
            {Array.from({ length: Math.max(0, end - first) }, (_, offset) => {
              const index = first + offset;
              const seq = source.seqOf(index);
              return (
                <LogRowLine
                  key={seq}
                  index={index}
                  seq={seq}
                  row={source.row(index)}
                  isOpen={seq === props.openSeq}
                  isMarked={holds(props.marked, seq)}
                  isCurrent={seq === props.current}
                  needle={props.needle}
                  time={props.time}
                  origin={props.origin}
                  onMark={props.onMark}
                />
              );
            })}
          </div>
        </div>
      </div>
      {!view.following && (
        <Button
          className={css.pill}
          size="compact-sm"
          radius="xl"
          data-testid="log-follow"
          onClick={() => scroller.toEnd()}
        >
          ▼ {fresh > 0 ? plural(fresh, 'new line') : 'To the end'}
        </Button>
      )}
    </div>
  );
}
