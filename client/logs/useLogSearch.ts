import { useEffect, useRef, useState } from 'react';
import { formatCount } from '../lib/format.ts';
import type { LogStore } from './logStore.ts';
import type { Match } from './matchList.ts';
import { type Matches, type Question, useMatchList } from './useMatchList.ts';

export type LogSearch = {
  /** The line of the match somebody was brought to. */
  current: number | undefined;
  /** `3 of 17`, `17 matches`, `no match`; nothing without a question. */
  summary: string | undefined;
  isBusy: boolean;
  error: string | undefined;
  next: () => void;
  previous: () => void;
};

function summaryOf({ list }: Matches, current: number | undefined): string {
  if (!list.total) return '…';
  const { count, isExact } = list.total;
  if (count === 0) return 'no match';
  const total = `${formatCount(count)}${isExact ? '' : '+'}`;
  const index = current === undefined ? -1 : list.indexOf(current);
  const isKnown = list.isFromStart && list.matches[index]?.seq === current;
  if (!isKnown) return `${total} ${count === 1 ? 'match' : 'matches'}`;
  return `${formatCount(index + 1)} of ${total}`;
}

/**
 * Search in all of a log, by the server: a step goes to the next match after the place somebody
 * looks at, also to lines that were never loaded, and on from the other end.
 *
 * `here` is the line somebody looks at; `show` brings them to another. With `stay`, what the page
 * was opened with moves nobody.
 */
export function useLogSearch(options: {
  runId: string;
  store: LogStore;
  question: Question | undefined;
  here: () => number;
  show: (seq: number) => void;
  stay: boolean;
}): LogSearch {
  const { store, question, here, show } = options;
  const matches = useMatchList(options.runId, store, question, () => ({ after: 0 }));
  const [at, setAt] = useState<{ key: string; seq: number }>();
  const [isBusy, setBusy] = useState(false);
  const key = matches ? JSON.stringify(matches.question) : '';
  const current = at?.key === key ? at.seq : undefined;
  const isFirst = useRef(options.stay && question !== undefined);

  async function step(forward: boolean, from: number) {
    if (!matches) return;
    setBusy(true);
    const find = async (list: Matches['list'], seq: number): Promise<Match | undefined> =>
      forward ? list.next(seq) : list.previous(seq);
    const around = matches.list.covers(from) ? matches.list : matches.restart(from);
    let found = await find(around, from);
    if (!found && !around.error) {
      // Round the corner.
      const other = forward ? 0 : store.lastSeq + 1;
      const list = around.covers(other) ? around : matches.restart(other);
      found = await find(list, other);
    }
    setBusy(false);
    matches.changed();
    if (found) {
      setAt({ key, seq: found.seq });
      show(found.seq);
    }
  }

  const latest = useRef({ step, here });
  useEffect(() => {
    latest.current = { step, here };
  });
  // A new question: how many there are, and the first from here on.
  const list = matches?.list;
  useEffect(() => {
    if (!key || !list || list.version > 0) return;
    const stays = isFirst.current;
    isFirst.current = false;
    void list.extendForward().then(() => {
      if (stays) return matches?.changed();
      return latest.current.step(true, latest.current.here() - 1);
    });
    // Only a new question moves anybody, not the next page of its answer.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [key]);

  return {
    current,
    summary: matches && summaryOf(matches, current),
    isBusy,
    error: matches?.list.error,
    next: () => void step(true, current ?? here()),
    previous: () => void step(false, current ?? here()),
  };
}
