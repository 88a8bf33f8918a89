import { Button } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { formatCount, formatDate } from '../lib/format.ts';
import { LogLineText } from './LogLineText.tsx';
import css from './LogTab.module.css';
import type { LogView } from './logStore.ts';

const ROW = 20;
const NEAR_END = 28;

/** Rows by line number, only those in sight. Follows the end until somebody scrolls up. */
export function LogLines(props: {
  view: LogView;
  found: readonly number[];
  current: number | undefined;
  wrap: boolean;
}) {
  const { view, found, current, wrap } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const latestCount = useRef(view.count);
  const [following, setFollowing] = useState(true);
  const [seen, setSeen] = useState(0);
  const rows = useVirtualizer({
    count: view.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 24,
  });

  // Before paint, so that the end does not flicker away with each batch.
  useLayoutEffect(() => {
    latestCount.current = view.count;
    if (following && view.count > 0) rows.scrollToIndex(view.count - 1, { align: 'end' });
  }, [following, view.count, rows]);

  useEffect(() => {
    if (current !== undefined) {
      setFollowing(false);
      setSeen(latestCount.current);
      rows.scrollToIndex(current, { align: 'center' });
    }
  }, [current, rows]);

  useEffect(() => rows.measure(), [wrap, rows]);

  function onScroll() {
    const box = scroller.current;
    if (!box) return;
    const toEnd = box.scrollHeight - box.scrollTop - box.clientHeight;
    const goesUp = box.scrollTop < lastTop.current - 2;
    lastTop.current = box.scrollTop;
    if (toEnd < NEAR_END) setFollowing(true);
    // Growth alone moves nothing up: only a reader does.
    else if (goesUp && following) {
      setFollowing(false);
      setSeen(view.count);
    }
  }

  const isFound = new Set(found);
  const fresh = view.count - seen;
  return (
    <div className={css.frame}>
      <div
        ref={scroller}
        className={css.scroll}
        data-wrap={wrap || undefined}
        data-testid="log-lines"
        onScroll={onScroll}
        role="log"
        aria-live="off"
        aria-label="Run log"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs the keyboard
        tabIndex={0}
      >
        {view.count === 0 && <div className={css.waiting}>No lines yet.</div>}
        <div className={css.canvas} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((item) => {
            const line = view.line(item.index);
            if (!line) return null;
            return (
              <div
                key={line.seq}
                ref={rows.measureElement}
                data-index={item.index}
                data-seq={line.seq}
                data-stream={line.stream}
                data-found={isFound.has(item.index) || undefined}
                data-current={item.index === current || undefined}
                className={css.row}
                style={{ transform: `translateY(${item.start}px)` }}
                title={`${formatDate(line.at)}, ${line.stream.toLowerCase()}, attempt ${line.attempt}`}
              >
                <span className={css.number}>{line.seq}</span>
                <span className={css.text}>
                  <LogLineText text={line.text} />
                </span>
              </div>
            );
          })}
        </div>
      </div>
      {!following && (
        <Button
          className={css.pill}
          size="compact-sm"
          radius="xl"
          data-testid="log-follow"
          onClick={() => setFollowing(true)}
        >
          ▼ {fresh > 0 ? `${formatCount(fresh)} new lines` : 'To the end'}
        </Button>
      )}
    </div>
  );
}
