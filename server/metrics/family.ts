/** Metrics whose values are read from rows at each scrape, so that they are right after a restart. */
import { Registry } from 'prom-client';

type Labels = Record<string, string>;
type Sample = { metricName?: string; labels: Labels; value: number };

/** One metric with all its values, as Prometheus calls it. */
export type Family = {
  name: string;
  help: string;
  type: 'counter' | 'gauge' | 'histogram';
  values: Sample[];
};

/** What fell into each bucket of a histogram, the last one without a bound, and the sum of all. */
export type Distribution = { counts: readonly number[]; sum: number };

/** A counter or a gauge; each value with its labels. */
export const family = (
  type: 'counter' | 'gauge',
  name: string,
  help: string,
  values: [Labels, number][],
): Family => ({ type, name, help, values: values.map(([labels, value]) => ({ labels, value })) });

/** A histogram with one distribution for each set of labels. */
export const histogram = (
  name: string,
  help: string,
  bounds: readonly number[],
  parts: [Labels, Distribution][],
): Family => ({
  type: 'histogram',
  name,
  help,
  values: parts.flatMap(([labels, { counts, sum }]) => {
    let atMost = 0;
    const buckets = [...bounds.map(String), '+Inf'].map((le, index) => {
      atMost += counts[index] ?? 0;
      return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: atMost };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: atMost },
    ];
  }),
});

/** Families in the text format. */
export async function printFamilies(families: readonly Family[]): Promise<string> {
  const registry = new Registry();
  for (const each of families) {
    // It asks a metric for its name and its values, and nothing else.
    registry.registerMetric({ name: each.name, get: async () => each } as never);
  }
  return registry.metrics();
}
