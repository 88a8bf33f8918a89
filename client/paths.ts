/** Every URL of the UI and every URL of the server that the UI links to, as a function. */
type Query = Record<string, string | number | null | undefined>;

function withQuery(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(key, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

const part = encodeURIComponent;

export const paths = {
  home: () => '/',
  traces: (query?: { source?: string; tag?: string; text?: string; import?: string }) =>
    withQuery('/traces', query),
  importTraces: () => withQuery('/traces', { import: 'open' }),
  trace: (id: string) => `/traces/${part(id)}`,
  datasets: () => '/datasets',
  newDataset: (query?: { source?: string; tag?: string }) => withQuery('/datasets/new', query),
  dataset: (key: string, query?: { split?: string }) => withQuery(`/datasets/${part(key)}`, query),
  runs: (query?: { status?: string; dataset?: string }) => withQuery('/runs', query),
  newRun: (query?: { dataset?: string; from?: number }) => withQuery('/runs/new', query),
  run: (number: number, tab?: string) => withQuery(`/runs/${number}`, { tab }),
  leaderboard: (query?: { dataset?: string; split?: string; judge?: string }) =>
    withQuery('/leaderboard', query),
  evaluation: (id: string, query?: { show?: string }) =>
    withQuery(`/evaluations/${part(id)}`, query),
  baselines: () => '/baselines',
  baseline: (name: string, query?: { run?: number }) =>
    withQuery(`/baselines/${part(name)}`, query),
  runners: () => '/runners',
  api: () => '/api',
};

export const serverPaths = {
  graphql: () => '/graphql',
  importTraces: (query: { name?: string; source?: string; tag?: string }) =>
    withQuery('/import/traces', query),
  exportDataset: (key: string, query?: { format?: string; split?: string }) =>
    withQuery(`/export/datasets/${part(key)}.jsonl`, query),
  exportLog: (number: number) => `/export/runs/${number}/log.txt`,
};
