import { CODES, type FindingCode, type Found, MAX_STORED } from './model.ts';

export type Placed = Found & { position: number; traceId: string };

/** Gathers what rules find: counts all, keeps the first `max` of each rule. */
export function openFindings(max = MAX_STORED) {
  const kept = new Map<FindingCode, Placed[]>();
  const counts = new Map<FindingCode, number>();
  return {
    add({ position, traceId }: { position: number; traceId: string }, found: Found[]): void {
      for (const each of found) {
        const list = kept.get(each.code) ?? [];
        kept.set(each.code, list);
        if (list.length < max) list.push({ ...each, position, traceId });
        counts.set(each.code, (counts.get(each.code) ?? 0) + 1);
      }
    },
    /** How many there are of each rule that was broken. */
    get counts(): Partial<Record<FindingCode, number>> {
      return Object.fromEntries(counts);
    },
    /** The kept ones, rule by rule, each in the order of the dataset. */
    get list(): Placed[] {
      return CODES.flatMap((code) =>
        (kept.get(code) ?? []).toSorted((a, b) => a.position - b.position),
      );
    },
  };
}

export type Findings = ReturnType<typeof openFindings>;
