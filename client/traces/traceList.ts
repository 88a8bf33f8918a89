/**
 * The rows of one question, page after page, kept outside of React and of the normalised cache:
 * a reader may scroll through 100 000 of them, and going back must find them where they were.
 */
import type { TraceRows_QueryQuery } from '../gql/graphql.ts';

type TraceEdge = TraceRows_QueryQuery['traces']['edges'][number];
export type TraceRow = TraceEdge['node'] & { highlight: TraceEdge['highlight'] };

type Connection = TraceRows_QueryQuery['traces'];
export type LoadPage = (after: string | null) => Promise<Connection>;

export type TraceListView = {
  rows: readonly TraceRow[];
  /** Of all pages; undefined before the first one has come. */
  total: number | undefined;
  pendingSearch: number;
  isLoading: boolean;
  hasMore: boolean;
  error: unknown;
  /** Something has changed since it was read, and reading again would move the reader. */
  isOutdated: boolean;
};

const EMPTY: TraceListView = {
  rows: [],
  total: undefined,
  pendingSearch: 0,
  isLoading: false,
  hasMore: true,
  error: undefined,
  isOutdated: false,
};

export class TraceList {
  #view = EMPTY;
  #cursor: string | null = null;
  #pages = 0;
  /** Pages of an earlier reading are dropped when they come late. */
  #reading = 0;
  readonly #load: LoadPage;
  readonly #listeners = new Set<() => void>();

  constructor(load: LoadPage) {
    this.#load = load;
  }

  view = (): TraceListView => this.#view;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Reads the next page, unless one is on its way, all are here, or the last one failed. */
  more = (): void => {
    const { isLoading, hasMore, error } = this.#view;
    if (!isLoading && hasMore && error === undefined) void this.#next();
  };

  retry = (): void => {
    this.#set({ error: undefined });
    this.more();
  };

  /** Reads from the start. The old rows stay until the new ones are there. */
  reload = (): void => {
    this.#cursor = null;
    this.#set({ error: undefined, hasMore: true, isOutdated: false });
    void this.#next();
  };

  /** Something may have changed: reads again, or says so where that would lose the reader's place. */
  refresh = (): void => {
    if (this.#pages > 1) this.#set({ isOutdated: true });
    else this.reload();
  };

  /** Shows what a change answered, without reading again. */
  patch = (traces: readonly { id: string; tags: readonly string[] }[]): void => {
    const byId = new Map(traces.map((trace) => [trace.id, trace]));
    const rows = this.#view.rows.map((row) => {
      const changed = byId.get(row.id);
      return changed ? { ...row, tags: [...changed.tags] } : row;
    });
    this.#set({ rows });
  };

  remove(id: string): void {
    const rows = this.#view.rows.filter((row) => row.id !== id);
    if (rows.length === this.#view.rows.length) return;
    const { total } = this.#view;
    this.#set({ rows, total: total === undefined ? undefined : total - 1 });
  }

  async #next() {
    const reading = ++this.#reading;
    const after = this.#cursor;
    this.#set({ isLoading: true });
    try {
      const page = await this.#load(after);
      if (reading !== this.#reading) return;
      this.#cursor = page.pageInfo.endCursor ?? null;
      this.#pages = after === null ? 1 : this.#pages + 1;
      const fresh = page.edges.map(({ node, highlight }) => ({ ...node, highlight }));
      this.#set({
        rows: after === null ? fresh : [...this.#view.rows, ...fresh],
        // Counted with the first page only.
        total: page.totalCount ?? this.#view.total,
        pendingSearch: page.pendingSearch ?? this.#view.pendingSearch,
        hasMore: page.pageInfo.hasNextPage,
        isLoading: false,
      });
    } catch (error) {
      if (reading === this.#reading) this.#set({ error, isLoading: false });
    }
  }

  #set(change: Partial<TraceListView>) {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }
}
