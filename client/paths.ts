/** Every URL of the UI and every URL of the server that the UI links to, as a function. */
import type { FilterUrl } from './lib/traceFilter.ts';

type Query = Record<string, string | number | readonly string[] | null | undefined>;

function withQuery(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    // A list is the same word several times.
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') search.append(key, String(one));
    }
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

const part = encodeURIComponent;

export const paths = {
  home: () => '/',
  traces: (query?: FilterUrl & { import?: string }) => withQuery('/traces', query),
  importTraces: () => withQuery('/traces', { import: 'open' }),
  imports: (query?: { id?: string }) => withQuery('/traces/imports', query),
  compareTraces: (a: string, b: string) => withQuery('/traces/compare', { a, b }),
  trace: (id: string) => `/traces/${part(id)}`,
  datasets: (query?: { text?: string }) => withQuery('/datasets', query),
  newDataset: (
    query?: FilterUrl & { parent?: string; exclude?: string; rules?: string | undefined },
  ) => withQuery('/datasets/new', query),
  dataset: (key: string, query?: { tab?: string; split?: string; trace?: string | undefined }) =>
    withQuery(`/datasets/${part(key)}`, query),
  datasetDiff: (query: { from: string; to: string }) => withQuery('/datasets/diff', query),
  evaluationSets: () => '/evaluation-sets',
  newEvaluationSet: () => '/evaluation-sets/new',
  evaluationSet: (key: string) => `/evaluation-sets/${part(key)}`,
  runs: (query?: { status?: string; dataset?: string; sort?: string }) => withQuery('/runs', query),
  newRun: (query?: { dataset?: string; set?: string; from?: number }) =>
    withQuery('/runs/new', query),
  compareRuns: (numbers: readonly number[]) =>
    withQuery('/runs/compare', { r: numbers.map(String) }),
  run: (number: number, tab?: string, attempt?: string) =>
    withQuery(`/runs/${number}`, { tab, attempt }),
  runFile: (number: number, file: { path: string; attempt: number }) =>
    withQuery(`/runs/${number}`, {
      tab: 'artifacts',
      file: file.path,
      fileAttempt: file.attempt,
    }),
  leaderboard: (query?: { set?: string; dataset?: string; split?: string; judge?: string }) =>
    withQuery('/leaderboard', query),
  evaluation: (id: string, query?: { show?: string }) =>
    withQuery(`/evaluations/${part(id)}`, query),
  compareEvaluations: (query: { a: string; b: string }) => withQuery('/evaluations/compare', query),
  flipMatrix: (ids: readonly string[]) => withQuery('/evaluations/matrix', { e: ids.join(',') }),
  judges: (query?: { try?: string }) => withQuery('/judges', query),
  baselines: () => '/baselines',
  baseline: (name: string, query?: { run?: number; check?: string }) =>
    withQuery(`/baselines/${part(name)}`, query),
  runners: (query?: { connect?: string }) => withQuery('/runners', query),
  api: (query?: { tab?: string }) => withQuery('/api', query),
  signIn: (next?: string) => withQuery('/sign-in', { next }),
  invitation: () => '/invitation',
  settings: (tab?: string) => (tab ? `/settings/${part(tab)}` : '/settings'),
  audit: (query?: { actor?: string; target?: string; open?: string }) => withQuery('/audit', query),
  go: (id: string) => `/go/${part(id)}`,
};

export const serverPaths = {
  graphql: () => '/graphql',
  signIn: () => '/auth/sign-in',
  signOut: () => '/auth/sign-out',
  authState: () => '/auth/state',
  invitation: (token: string) => withQuery('/auth/invitation', { token }),
  accept: () => '/auth/accept',
  importTraces: (query: Query & { tag?: readonly string[] }) => withQuery('/import/traces', query),
  exportDataset: (key: string, query?: { format?: string; split?: string }) =>
    withQuery(`/export/datasets/${part(key)}.jsonl`, query),
  exportManifest: (key: string) => `/export/datasets/${part(key)}.manifest.json`,
  exportLog: (number: number, query?: { attempt?: number; stream?: string }) =>
    withQuery(`/export/runs/${number}/log.txt`, query),
};
