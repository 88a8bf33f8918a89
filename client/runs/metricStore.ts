/**
 * Metric series of one run, merged from the page's query and the live stream: one point per step,
 * the newest attempt wins, and a value that is no number stays a point with a reason.
 */
import type { FloatKind } from '../gql/graphql.ts';

export type Point = { step: number; value: number | null; kind: FloatKind; attempt: number };
export type Series = { name: string; points: readonly Point[] };

export class MetricStore {
  version = 0;
  private readonly series = new Map<string, Map<number, Point>>();
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly snapshot = () => this.version;

  merge(incoming: readonly Series[]): void {
    let changed = false;
    for (const { name, points } of incoming) {
      const known = this.series.get(name) ?? new Map<number, Point>();
      this.series.set(name, known);
      for (const { step, value, kind, attempt } of points) {
        const before = known.get(step);
        if (before && before.attempt > attempt) continue;
        if (before?.attempt === attempt && before.value === value) continue;
        known.set(step, { step, value, kind, attempt });
        changed = true;
      }
    }
    if (!changed) return;
    this.version += 1;
    for (const listener of this.listeners) listener();
  }

  names = (): string[] => [...this.series.keys()].sort();

  points = (name: string): Point[] =>
    [...(this.series.get(name)?.values() ?? [])].sort((a, b) => a.step - b.step);
}

/**
 * uPlot's shape: one ascending x axis shared by all series, `null` where one has no value. The axis
 * has the given steps too.
 */
export function alignSeries(
  series: readonly (readonly Point[])[],
  also: readonly number[] = [],
): [number[], ...(number | null)[][]] {
  const known = series.flatMap((points) => points.map((point) => point.step));
  const steps = [...new Set([...also, ...known])];
  steps.sort((a, b) => a - b);
  const row = new Map(steps.map((step, index) => [step, index]));
  const columns = series.map((points) => {
    const column = new Array<number | null>(steps.length).fill(null);
    for (const point of points) {
      const index = row.get(point.step);
      if (index !== undefined) column[index] = point.value;
    }
    return column;
  });
  return [steps, ...columns];
}

/** How many points are no number, by kind. */
export function countNotFinite(points: readonly Point[]): Partial<Record<FloatKind, number>> {
  const counts: Partial<Record<FloatKind, number>> = {};
  for (const { kind } of points) {
    if (kind !== 'FINITE') counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
