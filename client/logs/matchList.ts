/**
 * Lines of a log that the server chose (the matches of a search, one stream), in order and without a
 * hole, from somewhere in the middle outwards.
 */
import type { LogStream } from '../gql/graphql.ts';

export type Match = {
  seq: number;
  attempt: number;
  stream: LogStream;
  at: string;
  text: string;
};

/** How many lines of a log match; at least as many when it is not exact. */
export type MatchTotal = { count: number; isExact: boolean };

export type MatchPage = {
  matches: readonly Match[];
  /** There when it was asked for. */
  total: MatchTotal | undefined;
  /** Everything up to here, or back to here, was looked at. */
  endSeq: number;
  hasMore: boolean;
};

/** Matches after a line, or the last ones before a line. Counting all of them takes longest. */
export type FindPage = (wanted: {
  after?: number;
  before?: number;
  first: number;
  counts: boolean;
}) => Promise<MatchPage>;

const MATCH_PAGE = 1_000;

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
  /** How many match in all; unknown until the first answer. */
  total: MatchTotal | undefined;
  /** Whether more stand after the last one, as far as is known. */
  hasMore = true;
  error: string | undefined;

  /** Every match after line `from` up to line `to`. */
  private list: Match[] = [];
  private from: number;
  private to: number;
  private busy: Promise<void> | undefined;
  private readonly find: FindPage;

  /**
   * A list that begins after line `after`; `isEnd` says that no line follows yet. A total that is
   * known is not asked for.
   */
  constructor(find: FindPage, after: number, known: { isEnd?: boolean; total?: MatchTotal } = {}) {
    this.find = find;
    this.from = after;
    this.to = after;
    this.hasMore = !known.isEnd;
    this.total = known.total;
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
      const page = await this.ask({ after: this.to });
      this.list.push(...page.matches);
      this.to = Math.max(this.to, page.endSeq);
      this.hasMore = page.hasMore;
    });
  }

  /** The last of what stands before. */
  extendBackward(): Promise<void> {
    return this.alone(async () => {
      if (this.isFromStart) return;
      const page = await this.ask({ before: this.from + 1 });
      this.list = [...page.matches, ...this.list];
      this.prepended += page.matches.length;
      this.from = page.hasMore ? page.endSeq - 1 : 0;
    });
  }

  /** A match that came live. Where the list does not reach to the end, it is met on the way there. */
  append(match: Match): boolean {
    if (match.seq <= this.to) return false;
    if (this.total) this.total = { ...this.total, count: this.total.count + 1 };
    if (this.hasMore) return false;
    this.list.push(match);
    this.to = match.seq;
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

  private async ask(place: { after: number } | { before: number }): Promise<MatchPage> {
    const page = await this.find({ ...place, first: MATCH_PAGE, counts: !this.total });
    this.total ??= page.total;
    return page;
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
