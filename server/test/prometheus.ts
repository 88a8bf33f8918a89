/** Reads the text format of Prometheus, as far as tests need it. */

export type Scrape = {
  /** Names of the families, as `# TYPE` says them. */
  names: string[];
  /** The sum of all series of this name that have these labels, or NaN when there is none. */
  sum(name: string, labels?: Record<string, string>): number;
  /** Values of a label over all series of a name. */
  values(name: string, label: string): string[];
};

type Series = { name: string; labels: Record<string, string>; value: number };

/** Parses a scrape; a line that is neither a comment nor a series fails. */
export function parseScrape(text: string): Scrape {
  const lines = text.split('\n').filter(Boolean);
  const series = lines.filter((line) => !line.startsWith('#')).map(parseLine);
  const of = (name: string) => series.filter((each) => each.name === name);
  return {
    names: lines.flatMap((line) => /^# TYPE (\S+) /.exec(line)?.[1] ?? []),
    sum(name, labels = {}) {
      const wanted = Object.entries(labels);
      const found = of(name).filter((each) =>
        wanted.every(([label, value]) => each.labels[label] === value),
      );
      return found.length === 0 ? Number.NaN : found.reduce((sum, { value }) => sum + value, 0);
    },
    values: (name, label) => [...new Set(of(name).map(({ labels }) => labels[label] ?? ''))],
  };
}

function parseLine(line: string): Series {
  const {
    name = '',
    labels = '',
    value = '',
  } = /^(?<name>[a-z0-9_]+)(?:\{(?<labels>.*)\})? (?<value>\S+)$/.exec(line)?.groups ?? {};
  if (!name) throw new Error(`no series: ${line}`);
  const pairs = [...labels.matchAll(/([a-z0-9_]+)="((?:[^"\\]|\\.)*)"/g)];
  return {
    name,
    labels: Object.fromEntries(pairs.map(([, label = '', text = '']) => [label, text])),
    value: value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value),
  };
}
