import { useMemo } from 'react';
import { FILTER_KEYS, type FilterUrl, toTraceFilter } from '../lib/traceFilter.ts';
import { useUrlState } from '../lib/url.ts';
import { sortingFromUrl, sortingToUrl, type TraceSorting } from './traceSorting.ts';

/** What the list shows, as the URL says it, and the ways to change that. */
export function useTraceView() {
  const [words, setUrl] = useUrlState(...FILTER_KEYS, 'sort', 'peek', 'import');
  const { sort, peek, import: importing, ...url } = words;
  const key = JSON.stringify(url);
  // The same words are the same filter, so that nothing is asked twice.
  const filter = useMemo(() => toTraceFilter(JSON.parse(key) as FilterUrl), [key]);
  const hasText = filter.text !== undefined;
  const { by, direction } = sortingFromUrl(sort, hasText);
  const sorting = useMemo<TraceSorting>(() => ({ by, direction }), [by, direction]);
  const blank: { [Key in (typeof FILTER_KEYS)[number]]?: string | undefined } = Object.fromEntries(
    FILTER_KEYS.map((name) => [name, undefined]),
  );
  return {
    url,
    filter,
    sorting,
    peek,
    isImporting: importing !== undefined,
    setFilter: (next: FilterUrl, step = true) =>
      setUrl({ ...blank, ...next, peek: undefined }, step),
    setSorting: (next: TraceSorting) => setUrl({ sort: sortingToUrl(next, hasText) }, true),
    /** Going from trace to trace is one step for the back button. */
    setPeek: (id: string | undefined) => setUrl({ peek: id }, peek === undefined),
    setImporting: (open: boolean) => setUrl({ import: open ? 'open' : undefined }),
  };
}
