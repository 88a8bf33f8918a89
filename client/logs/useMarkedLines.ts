import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useHash } from '../lib/url.ts';
import { formatRange, type LineRange, markedBy, parseRange } from './lineRange.ts';

/**
 * The lines that the URL names, and how to name others. `show` brings somebody to a line: what the
 * page was opened with is gone to, what was marked right here is not. `first` is a line to begin at
 * when none is named, and `isReady` says whether `show` can find its line yet.
 */
export function useMarkedLines(options: {
  show: (seq: number) => void;
  first: number | undefined;
  isReady: boolean;
}) {
  const { show, first, isReady } = options;
  const [hash, setHash] = useHash();
  const latest = useRef({ show, setHash });
  useLayoutEffect(() => {
    latest.current = { show, setHash };
  });
  const known = useRef('');
  const begins = useRef(first);
  useEffect(() => {
    if (!isReady) return;
    const range = parseRange(hash);
    if (range && known.current !== hash) latest.current.show(range.first);
    if (!range && first !== undefined && (first !== begins.current || known.current === '')) {
      latest.current.show(first);
    }
    begins.current = first;
    known.current = hash;
  }, [hash, first, isReady]);

  const name = (range: LineRange) => {
    known.current = formatRange(range);
    latest.current.setHash(known.current);
  };
  // The same function for ever: rows that have not changed are not drawn again.
  const [mark] = useState(() => (seq: number, extend: boolean) => {
    name(markedBy(seq, extend, parseRange(known.current)));
  });
  return {
    marked: parseRange(hash),
    mark,
    goTo: (range: LineRange) => {
      name(range);
      show(range.first);
    },
    clear: () => setHash(''),
  };
}
