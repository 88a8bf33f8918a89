import { useEffect, useRef } from 'react';
import type { LogStream } from '../gql/graphql.ts';
import { type LineSource, listedLines } from './lineSource.ts';
import type { LogStore } from './logStore.ts';
import type { Scroller } from './scroller.ts';
import { useMatchList } from './useMatchList.ts';

export type FilteredLines = {
  source: LineSource;
  total: number;
  isReady: boolean;
  error: string | undefined;
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
  const question = streams && { text: '', isCaseSensitive: false, streams };
  // The line in the middle of the window; undefined while the end is followed.
  const place = useRef<number>(undefined);
  const matches = useMatchList(options.runId, store, question, () => {
    const listed = (streams ?? []).reduce((sum, stream) => sum + counts[stream], 0);
    return {
      after: scroller.snapshot().following ? store.lastSeq : (place.current ?? 0),
      share: listed / Math.max(1, store.lastSeq),
    };
  });
  const list = matches?.list;
  const source = list && matches && listedLines(list, matches.changed);

  const latest = useRef({ source, changed: matches?.changed });
  useEffect(() => {
    latest.current = { source, changed: matches?.changed };
  });
  const hadList = useRef(false);
  useEffect(() => {
    const stayAt = place.current;
    if (!list) {
      if (hadList.current && stayAt !== undefined) scroller.toRow(stayAt - 1);
      hadList.current = false;
      return;
    }
    hadList.current = true;
    const more = list.hasMore ? list.extendForward() : Promise.resolve();
    void more
      .then(() => list.extendBackward())
      .then(() => {
        latest.current.changed?.();
        if (stayAt !== undefined) scroller.toRow(list.indexOf(stayAt));
      });
  }, [list, scroller]);

  // After the effects above: they need the place before the list changed.
  useEffect(() => {
    const remember = () => {
      const { following } = scroller.snapshot();
      const seqOf = latest.current.source?.seqOf ?? ((row: number) => row + 1);
      place.current = following ? undefined : seqOf(scroller.middle);
    };
    remember();
    return scroller.subscribe(remember);
  }, [scroller]);

  if (!list || !source) return undefined;
  return {
    source,
    total: streams?.reduce((sum, stream) => sum + counts[stream], 0) ?? 0,
    isReady: list.version > 0,
    error: list.error,
  };
}
