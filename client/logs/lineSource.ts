/** What the viewer lists: all lines of a log, or those of some streams. */
import type { LogRow } from './logRow.ts';
import type { LogStore } from './logStore.ts';
import type { MatchList } from './matchList.ts';

export type LineSource = {
  /** Rows there are. */
  count: number;
  /** How many of them were put before those that were there first. */
  prepended: number;
  /** The line number of a row. */
  seqOf: (row: number) => number;
  /** What stands there, when it is here. */
  row: (row: number) => LogRow | undefined;
  /** Says that these rows are looked at. */
  want: (first: number, end: number) => void;
};

/** Rows beyond those in sight that are read early, so that scrolling meets no holes. */
const AHEAD = 250;
/** So near to the end of what is here, more is asked for. */
const NEAR = 400;

/** Every line, and last the one that is not finished. */
export function allLines(store: LogStore): LineSource {
  const { open, lastSeq } = store;
  return {
    count: lastSeq + (open ? 1 : 0),
    prepended: 0,
    seqOf: (row) => row + 1,
    row: (row) => {
      if (row < lastSeq || !open) return store.row(row + 1);
      return { kind: 'line', at: '', ...open, seq: lastSeq + 1 };
    },
    want: (first, end) => store.want(first + 1 - AHEAD, end + AHEAD),
  };
}

/** Only the lines of a list; `onMore` is called when what it has changed. */
export function listedLines(list: MatchList, onMore: () => void): LineSource {
  const { matches } = list;
  return {
    count: matches.length,
    prepended: list.prepended,
    seqOf: (row) => matches[row]?.seq ?? 0,
    row: (row) => {
      const match = matches[row];
      return match && { kind: 'line', ...match };
    },
    want: (first, end) => {
      if (list.error) return;
      if (list.hasMore && end > matches.length - NEAR) void list.extendForward().then(onMore);
      else if (!list.isFromStart && first < NEAR) void list.extendBackward().then(onMore);
    },
  };
}
