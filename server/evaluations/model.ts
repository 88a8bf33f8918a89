/** The numbers among an evaluation's metrics, by name. */
export function metricsOf(metrics: unknown): Record<string, number> {
  const entries = Object.entries(metrics ?? {}).filter(([, value]) => Number.isFinite(value));
  return Object.fromEntries(entries) as Record<string, number>;
}

/** One metric of an evaluation, or null when it has no such number. */
export const metricOf = (metrics: unknown, name: string): number | null => {
  const known = metricsOf(metrics);
  return Object.hasOwn(known, name) ? (known[name] ?? null) : null;
};

/** What was asked: the prompt of a held-out trace, or of an item of an evaluation set. */
export function promptOf(item: {
  trace: { payload: unknown } | null;
  setItem: { prompt: string } | null;
}): string {
  if (item.setItem) return item.setItem.prompt;
  // One of the two is there, which the database enforces.
  return (item.trace as { payload: { prompt: string } }).payload.prompt;
}
