/** Pages of a log by line number: read when looked at, the least recently seen forgotten. */
import { gapOf, type LogRow, linesOf, type ReadPage } from './logRow.ts';

const PAGE_LINES = 500;
/** 32 000 lines: some megabytes, and minutes of reading back and forth. */
const MOST_PAGES = 64;
/** Flying over a log asks for many pages and stays at none of them. */
const MOST_READS = 4;
const RETRY_MS = 2_000;

type Page = (LogRow | undefined)[];
type Range = { first: number; last: number };

const pageOf = (seq: number) => Math.floor((seq - 1) / PAGE_LINES);
const offsetOf = (seq: number) => (seq - 1) % PAGE_LINES;

export class LogPages {
  trouble: string | undefined;

  // In order of use: the first is the one that was not looked at for longest.
  private readonly pages = new Map<number, Page>();
  private readonly reading = new Set<number>();
  private wanted: Range = { first: 1, last: 0 };
  private lastSeq = 0;
  private readonly read: ReadPage;
  private readonly onChange: () => void;
  private readonly retry: (again: () => void) => void;

  constructor(
    read: ReadPage,
    onChange: () => void,
    retry: (again: () => void) => void = (again) => void setTimeout(again, RETRY_MS),
  ) {
    this.read = read;
    this.onChange = onChange;
    this.retry = retry;
  }

  row(seq: number): LogRow | undefined {
    return this.pages.get(pageOf(seq))?.[offsetOf(seq)];
  }

  put(row: LogRow): void {
    const number = pageOf(row.seq);
    const page = this.pages.get(number) ?? this.open(number);
    page[offsetOf(row.seq)] = row;
  }

  private open(number: number): Page {
    const page: Page = [];
    this.pages.set(number, page);
    for (const oldest of this.pages.keys()) {
      if (this.pages.size <= MOST_PAGES) break;
      this.pages.delete(oldest);
    }
    return page;
  }

  /** The latest range counts; what was wanted before and is not on its way yet is forgotten. */
  want(first: number, last: number, lastSeq: number): void {
    this.wanted = { first, last };
    this.lastSeq = lastSeq;
    for (let number = pageOf(first); first <= last && number <= pageOf(last); number++) {
      const page = this.pages.get(number);
      if (!page) continue;
      this.pages.delete(number);
      this.pages.set(number, page);
    }
    this.readMore();
  }

  private readMore(): void {
    const { first, last } = this.wanted;
    for (let number = pageOf(first); first <= last && number <= pageOf(last); number++) {
      if (this.reading.size >= MOST_READS) return;
      if (!this.reading.has(number)) void this.readMissing(number);
    }
  }

  private async readMissing(number: number): Promise<void> {
    const start = number * PAGE_LINES;
    const end = Math.min(start + PAGE_LINES, this.lastSeq);
    const missing = [];
    for (let seq = start + 1; seq <= end; seq++) if (!this.row(seq)) missing.push(seq);
    const [first, last] = [missing[0], missing.at(-1)];
    if (first === undefined || last === undefined) return;
    this.reading.add(number);
    try {
      const { batches, gaps } = await this.read(first - 1, last - first + 1);
      const rows = [...batches.flatMap(linesOf), ...gaps.map(gapOf)];
      for (const row of rows) this.put(row);
      if (rows.length === 0) throw new Error(`Lines ${first}–${last} are not stored`);
      this.trouble = undefined;
      this.reading.delete(number);
      this.readMore();
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
      this.retry(() => {
        this.reading.delete(number);
        this.readMore();
      });
    }
    this.onChange();
  }
}
