/**
 * The rows of one question, page after page, kept outside of React and of the normalised cache: a
 * reader may scroll through 100 000 of them, and going back must find them where they were.
 */
type ListPage<Row, Facts extends object> = {
  rows: readonly Row[];
  /** Of all pages; counted with the first page only. */
  total?: number | undefined;
  /** What else the first page says of the whole list. */
  facts?: Facts | undefined;
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
};

export type LoadPage<Row, Facts extends object = object> = (
  after: string | null,
) => Promise<ListPage<Row, Facts>>;

export type ListView<Row, Facts extends object = object> = {
  rows: readonly Row[];
  /** Of all pages; undefined before the first one has come. */
  total: number | undefined;
  facts: Facts | undefined;
  isLoading: boolean;
  hasMore: boolean;
  error: unknown;
  /** Something has changed since it was read, and reading again would move the reader. */
  isOutdated: boolean;
};

/** Some fields of one row. */
type Change<Row> = Readonly<{ [Field in keyof Row]?: Readonly<Row[Field]> }> & { id: string };

export class PagedList<Row extends { id: string }, Facts extends object = object> {
  #view: ListView<Row, Facts> = {
    rows: [],
    total: undefined,
    facts: undefined,
    isLoading: false,
    hasMore: true,
    error: undefined,
    isOutdated: false,
  };
  #cursor: string | null = null;
  #pages = 0;
  /** Pages of an earlier reading are dropped when they come late. */
  #reading = 0;
  readonly #load: LoadPage<Row, Facts>;
  readonly #listeners = new Set<() => void>();

  constructor(load: LoadPage<Row, Facts>) {
    this.#load = load;
  }

  view = (): ListView<Row, Facts> => this.#view;

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
  patch = (changes: readonly Change<Row>[]): void => {
    const byId = new Map<string, Change<Row>>(changes.map((change) => [change.id, change]));
    const rows = this.#view.rows.map((row) => {
      const change = byId.get(row.id);
      return change ? { ...row, ...change } : row;
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
      this.#set({
        rows: after === null ? page.rows : [...this.#view.rows, ...page.rows],
        total: page.total ?? this.#view.total,
        facts: page.facts ?? this.#view.facts,
        hasMore: page.pageInfo.hasNextPage,
        isLoading: false,
      });
    } catch (error) {
      if (reading === this.#reading) this.#set({ error, isLoading: false });
    }
  }

  #set(change: Partial<ListView<Row, Facts>>) {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }
}
