import { useEffect, useRef, useState } from 'react';
import type { LogStream } from '../gql/graphql.ts';
import { type LineSource, listedLines } from './lineSource.ts';
import type { LogStore } from './logStore.ts';
import type { MatchList } from './matchList.ts';
import type { Scroller } from './scroller.ts';
import { useMatchList } from './useMatchList.ts';

export type FilteredLines = {
  source: LineSource;
  total: number;
  isReady: boolean;
  error: string | undefined;
  /** Goes to a line, or to the next one that is listed. */
  show: (seq: number) => void;
};

/**
 * Only the lines of some streams, from the place somebody looks at outwards; undefined when all are
 * listed. The place stays when the filter comes, changes and goes.
 */
export function useFilteredLines(options: {
  runId: string;
  store: LogStore;
  streams: readonly LogStream[] | undefined;
  counts: Readonly<Record<LogStream, number>>;
  scroller: Scroller;
}): FilteredLines | undefined {
  const { store, streams, counts, scroller } = options;
  const total = (streams ?? []).reduce((sum, stream) => sum + counts[stream], 0);
  const latest = useRef({ seqOf: (row: number) => row + 1, changed: () => {} });
  /** The line in the middle of the window; undefined while the end is followed. */
  const here = () =>
    scroller.snapshot().following ? undefined : latest.current.seqOf(scroller.middle);

  // Where to stay when the list changes: known only while the one before is still drawn.
  const key = streams?.join() ?? '';
  const [stay, setStay] = useState<{ key: string; seq: number | undefined }>({
    key,
    seq: undefined,
  });
  if (stay.key !== key) setStay({ key, seq: here() });
  const question = streams && { text: '', isCaseSensitive: false, streams };
  const matches = useMatchList(options.runId, store, question, () => {
    const seq = here();
    return {
      after: seq === undefined ? store.lastSeq : seq - 1,
      total: { count: total, isExact: true },
    };
  });
  const list = matches?.list;
  const source = list && matches && listedLines(list, matches.changed);
  useEffect(() => {
    latest.current = {
      seqOf: source?.seqOf ?? ((row) => row + 1),
      changed: matches?.changed ?? (() => {}),
    };
  });

  const [loaded, setLoaded] = useState<MatchList>();
  const hadList = useRef(false);
  useEffect(() => {
    const { seq } = stay;
    if (!list) {
      if (hadList.current && seq !== undefined) scroller.toRow(seq - 1);
      hadList.current = false;
      return;
    }
    hadList.current = true;
    const more = list.hasMore ? list.extendForward() : Promise.resolve();
    void more
      .then(() => list.extendBackward())
      .then(() => {
        latest.current.changed();
        setLoaded(list);
      });
  }, [list, stay, scroller]);
  // Only when its rows are drawn can one of them be gone to.
  useEffect(() => {
    if (list && loaded === list && stay.seq !== undefined) scroller.toRow(list.indexOf(stay.seq));
  }, [list, loaded, stay, scroller]);

  if (!matches || !list || !source) return undefined;
  return {
    source,
    total,
    isReady: list.version > 0,
    error: list.error,
    show: (seq) => {
      if (list.covers(seq)) scroller.toRow(list.indexOf(seq));
      else {
        setStay({ key, seq });
        matches.restart(seq - 1);
      }
    },
  };
}
