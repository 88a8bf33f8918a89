/** Every page of the UI, on what the demo makes: runs and datasets are numbered and named in its order. */
export const PAGES = {
  home: '/',
  traces: '/traces',
  imports: '/traces/imports',
  datasets: '/datasets',
  'dataset-new': '/datasets/new',
  dataset: '/datasets/demo-1',
  'dataset-checks': '/datasets/demo-1?tab=checks',
  'dataset-diff': '/datasets/demo-2?tab=diff',
  'dataset-versions': '/datasets/demo-2?tab=versions',
  'dataset-render': '/datasets/demo-1?tab=render',
  'dataset-recipe': '/datasets/demo-1?tab=recipe',
  'dataset-runs': '/datasets/demo-1?tab=runs',
  'dataset-export': '/datasets/demo-1?tab=export',
  diff: '/datasets/diff?from=demo-1&to=demo-2',
  sets: '/evaluation-sets',
  'set-new': '/evaluation-sets/new',
  runs: '/runs',
  run: '/runs/2',
  metrics: '/runs/2?tab=metrics&smooth=0.9&axis=tokens',
  logs: '/runs/2?tab=logs',
  artifacts: '/runs/2?tab=artifacts',
  results: '/runs/2?tab=results',
  config: '/runs/2?tab=config',
  events: '/runs/2?tab=events',
  lineage: '/runs/2?tab=lineage',
  'run-cancelled': '/runs/3',
  'run-timeout': '/runs/4',
  'run-failed': '/runs/6',
  'run-missing': '/runs/999',
  compare: '/runs/compare?r=1&r=2&r=5',
  new: '/runs/new?dataset=demo-1',
  clone: '/runs/new?from=2&view=yaml',
  leaderboard: '/leaderboard',
  judges: '/judges',
  baselines: '/baselines',
  baseline: '/baselines/demo',
  runners: '/runners',
  connect: '/runners?connect=open',
  api: '/api',
  settings: '/settings',
  appearance: '/settings/appearance',
  members: '/settings/members',
  keys: '/settings/keys',
  storage: '/settings/storage',
  limits: '/settings/limits',
  audit: '/audit',
  invitation: '/invitation?token=none',
  'not-found': '/nowhere',
} as const;

const Ids_Query = `{
  traces(first: 2) { edges { node { id } } }
  long: run(number: 2) { evaluations { id } }
  short: run(number: 1) { evaluations { id } }
}`;

/** Pages of objects that have no number, by what the system has. */
export async function pagesById(url: string): Promise<Record<string, string>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: Ids_Query }),
  });
  const { data } = (await response.json()) as {
    data: {
      traces: { edges: { node: { id: string } }[] };
      long: { evaluations: { id: string }[] };
      short: { evaluations: { id: string }[] };
    };
  };
  const [a = '', b = ''] = data.traces.edges.map(({ node }) => encodeURIComponent(node.id));
  const [long = ''] = data.long.evaluations.map(({ id }) => encodeURIComponent(id));
  const [short = ''] = data.short.evaluations.map(({ id }) => encodeURIComponent(id));
  return {
    trace: `/traces/${a}`,
    'trace-compare': `/traces/compare?a=${a}&b=${b}`,
    evaluation: `/evaluations/${long}`,
    'evaluation-compare': `/evaluations/compare?a=${short}&b=${long}`,
    'evaluation-matrix': `/evaluations/matrix?e=${short},${long}`,
  };
}
