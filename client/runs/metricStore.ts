/**
 * Metric series of one run, merged from the page's queries and the live stream: one point per step,
 * the newest attempt wins, and a value that is no number stays a point with a reason. What an attempt
 * reported and a later one replaced is in the curves of that attempt.
 */
import type { FloatKind } from '../gql/graphql.ts';
import { tokensAfter } from '../lib/tokensAxis.ts';

export type Point = {
  step: number;
  value: number | null;
  kind: FloatKind;
  attempt: number;
  at: string;
};
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
      if (points.length === 0) continue;
      const known = this.series.get(name) ?? new Map<number, Point>();
      this.series.set(name, known);
      for (const point of points) {
        const { step, value, attempt } = point;
        const before = known.get(step);
        if (before && before.attempt > attempt) continue;
        if (before?.attempt === attempt && before.value === value) continue;
        known.set(step, point);
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
 * The curves of a run as a whole, and those of each attempt. They are apart because each is thinned
 * out by itself: a point that a later attempt replaced must not fill a hole in the curves of the whole.
 */
export class RunMetrics {
  private readonly whole = new MetricStore();
  private readonly attempts = new Map<number, MetricStore>();

  /** The curves of an attempt; those of the whole run without one. */
  of(attempt: number | undefined): MetricStore {
    if (attempt === undefined) return this.whole;
    const store = this.attempts.get(attempt) ?? new MetricStore();
    this.attempts.set(attempt, store);
    return store;
  }

  /** Takes points as they come, of whatever attempt. */
  add(series: readonly Series[]): void {
    this.whole.merge(series);
    const reporters = series.flatMap(({ points }) => points.map(({ attempt }) => attempt));
    for (const reporter of new Set(reporters)) {
      this.of(reporter).merge(
        series.map(({ name, points }) => ({
          name,
          points: points.filter(({ attempt }) => attempt === reporter),
        })),
      );
    }
  }
}

/** Where what happened at a step stands on the x axis. */
export type PlaceOf = (what: { step: number; at: string }) => number;

export const byStep: PlaceOf = ({ step }) => step;

/** Seconds since `origin`. */
export const byTime =
  (origin: string): PlaceOf =>
  ({ at }) =>
    (Date.parse(at) - Date.parse(origin)) / 1000;

/** Tokens trained on, by the points that count them. */
export const byTokens = (counts: readonly Point[]): PlaceOf => {
  const after = tokensAfter(counts);
  return ({ step }) => after(step);
};

/**
 * uPlot's shape: one ascending x axis shared by all series, `null` where one has no value. The axis
 * has the given places too.
 */
export function alignSeries(
  series: readonly (readonly Point[])[],
  placeOf: PlaceOf = byStep,
  also: readonly number[] = [],
): [number[], ...(number | null)[][]] {
  const placed = series.map((points) => points.map((point) => [placeOf(point), point] as const));
  const places = [...new Set([...also, ...placed.flatMap((points) => points.map(([at]) => at))])];
  places.sort((a, b) => a - b);
  const row = new Map(places.map((place, index) => [place, index]));
  const columns = placed.map((points) => {
    const column = new Array<number | null>(places.length).fill(null);
    for (const [place, point] of points) {
      const index = row.get(place);
      if (index !== undefined) column[index] = point.value;
    }
    return column;
  });
  return [places, ...columns];
}

/** The steps that a stretch of the x axis shows, one more on both sides so that lines go on. */
export function stepsWithin(
  series: readonly (readonly Point[])[],
  placeOf: PlaceOf,
  from: number,
  to: number,
): { fromStep: number; toStep: number } | undefined {
  const steps = series
    .flat()
    .filter((point) => placeOf(point) >= from && placeOf(point) <= to)
    .map(({ step }) => step);
  if (steps.length === 0) return undefined;
  const least = steps.reduce((a, b) => Math.min(a, b));
  const most = steps.reduce((a, b) => Math.max(a, b));
  return { fromStep: Math.max(0, least - 1), toStep: most + 1 };
}

/** How many points are no number, by kind. */
export function countNotFinite(points: readonly Point[]): Partial<Record<FloatKind, number>> {
  const counts: Partial<Record<FloatKind, number>> = {};
  for (const { kind } of points) {
    if (kind !== 'FINITE') counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
