import { formatMetric } from '../lib/format.ts';
import { Facts } from '../ui/Facts.tsx';

const PART = /^(section|category|difficulty)\//;

/** The named numbers of an evaluation; those of parts stand in a table of their own. */
export function MetricTable(props: { metrics: unknown }) {
  const entries = Object.entries((props.metrics ?? {}) as Record<string, unknown>).filter(
    ([name, value]) => typeof value === 'number' && !PART.test(name),
  );
  if (entries.length === 0) return <>None before it is judged.</>;
  return (
    <Facts of={entries.map(([name, value]) => [name, formatMetric(value as number)] as const)} />
  );
}
