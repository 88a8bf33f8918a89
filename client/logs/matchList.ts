/**
 * Lines of a log that the server chose (the matches of a search, one stream), in order and without a
 * hole, from somewhere in the middle outwards. The API goes forward only; what stands before is
 * found by looking at ever longer stretches that end where the list begins.
 */
import type { LogStream } from '../gql/graphql.ts';

export type Match = {
  seq: number;
  attempt: number;
  stream: LogStream;
  at: string;
  text: string;
};

export type MatchPage = {
  matches: readonly Match[];
  totalCount: number;
  totalIsExact: boolean;
  /** Everything up to here was looked at. */
  endSeq: number;
  hasMore: boolean;
};

/** Asks for at most `first` matches after line `after`. */
export type FindPage = (after: number, first: number) => Promise<MatchPage>;

const MATCH_PAGE = 1_000;
/** Matches as rare as this are looked for in stretches of a million lines. */
const LEAST_SHARE = 0.001;

/** Insertion point: how many of the matches stand before line `seq`. */
function countBefore(matches: readonly Match[], seq: number): number {
  let low = 0;
  let high = matches.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((matches[middle]?.seq ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class MatchList {
  /** Counts changes: a list that grows stays the same object. */
  version = 0;
  /** How many were put before those that were there first. */
  prepended = 0;
  totalCount = 0;
  totalIsExact = true;
  /** Whether more stand after the last one, as far as is known. */
  hasMore = true;
  error: string | undefined;

  /** Every match after line `from` up to line `to`. */
  private list: Match[] = [];
  private from: number;
  private to: number;
  private busy: Promise<void> | undefined;
  private readonly find: FindPage;

  private readonly share: number;

  /**
   * A list that begins after line `after`. `share` is how many of the lines match, 0–1, as far as is
   * known; `isEnd` says that no line follows yet.
   */
  constructor(find: FindPage, after: number, { share = 1, isEnd = false } = {}) {
    this.find = find;
    this.from = after;
    this.to = after;
    this.share = share;
    this.hasMore = !isEnd;
  }

  get matches(): readonly Match[] {
    return this.list;
  }

  get isFromStart(): boolean {
    return this.from === 0;
  }

  /** Whether all matches around line `seq` are here, as far as there are any. */
  covers = (seq: number): boolean => seq >= this.from && (seq <= this.to || !this.hasMore);

  /** Matches before line `seq`; its position when everything from the start is here. */
  indexOf = (seq: number): number => countBefore(this.matches, seq);

  /** More of what follows. Resolves when it is there, or `error` is set. */
  extendForward(): Promise<void> {
    return this.alone(async () => {
      const page = await this.find(this.to, MATCH_PAGE);
      this.note(page);
      this.list.push(...page.matches);
      this.to = Math.max(this.to, page.endSeq);
      this.hasMore = page.hasMore;
    });
  }

  /** Some of what stands before; at least one match, unless there is none. */
  extendBackward(): Promise<void> {
    return this.alone(async () => {
      // About one page of matches, if they are spread evenly.
      let stretch = Math.ceil(MATCH_PAGE / Math.max(this.share, LEAST_SHARE));
      let found: Match[] = [];
      while (this.from > 0 && found.length === 0) {
        const start = Math.max(0, this.from - stretch);
        for (let after = start; after < this.from; ) {
          const page = await this.find(after, MATCH_PAGE);
          this.note(page);
          found = [...found, ...page.matches.filter(({ seq }) => seq <= this.from)];
          if (!page.hasMore || page.endSeq <= after) break;
          after = page.endSeq;
        }
        this.from = start;
        stretch *= 8;
      }
      this.list = [...found, ...this.list];
      this.prepended += found.length;
    });
  }

  /** A match that came live. The list must reach to the end, else it is met on the way there. */
  append(match: Match): boolean {
    if (this.hasMore || match.seq <= this.to) return false;
    this.list.push(match);
    this.to = match.seq;
    this.totalCount += 1;
    this.version += 1;
    return true;
  }

  /** The first match after line `seq`, wherever it is; undefined when there is none. */
  async next(seq: number): Promise<Match | undefined> {
    while (this.hasMore && !this.error && (this.matches.at(-1)?.seq ?? 0) <= seq) {
      await this.extendForward();
    }
    return this.matches[countBefore(this.matches, seq + 1)];
  }

  /** The last match before line `seq`. */
  async previous(seq: number): Promise<Match | undefined> {
    while (!this.isFromStart && !this.error && (this.matches[0]?.seq ?? seq) >= seq) {
      await this.extendBackward();
    }
    return this.matches[countBefore(this.matches, seq) - 1];
  }

  private note(page: MatchPage) {
    this.totalCount = page.totalCount;
    this.totalIsExact = page.totalIsExact;
  }

  /** One question at a time: two answers for one stretch would double its matches. */
  private alone(work: () => Promise<void>): Promise<void> {
    this.busy ??= this.guarded(work);
    return this.busy;
  }

  private async guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.error = undefined;
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
    } finally {
      this.version += 1;
      this.busy = undefined;
    }
  }
}
