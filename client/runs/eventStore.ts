/** The events of one run, once each, in order of `seq`, however often a stream repeats them. */
import type { RunEventKind } from '../gql/graphql.ts';

export type RunEventLine = {
  seq: string;
  attempt: number;
  kind: RunEventKind;
  data: unknown;
  at: string;
};

export class EventStore {
  private readonly bySeq = new Map<string, RunEventLine>();
  private sorted: readonly RunEventLine[] = [];
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly snapshot = () => this.sorted;

  /** Whether it was new. */
  add(event: RunEventLine): boolean {
    if (this.bySeq.has(event.seq)) return false;
    this.bySeq.set(event.seq, event);
    this.sorted = [...this.bySeq.values()].sort((a, b) => Number(a.seq) - Number(b.seq));
    for (const listener of this.listeners) listener();
    return true;
  }
}
