/**
 * `npm run screenshots`: the pictures of the README, made from the demo by a real browser.
 *
 *   -- --url=http://127.0.0.1:4000   of a system that runs, instead of one of its own
 *   -- --all=DIR                     every page, at desktop and phone width, light and dark, into DIR
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { startBrowser } from './browser.ts';
import { startSystem } from './system.ts';

type Scheme = 'light' | 'dark';
type Shot = { name: string; path: string; width: number; height: number; scheme: Scheme };

/** Runs and datasets are those of the demo, which numbers them in this order. */
const PAGES = {
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
  metrics: '/runs/2?tab=metrics',
  logs: '/runs/2?tab=logs',
  artifacts: '/runs/2?tab=artifacts',
  results: '/runs/2?tab=results',
  config: '/runs/2?tab=config',
  events: '/runs/2?tab=events',
  lineage: '/runs/2?tab=lineage',
  'run-cancelled': '/runs/3',
  'run-failed': '/runs/4',
  'run-missing': '/runs/999',
  compare: '/runs/compare?r=1&r=2&r=5',
  new: '/runs/new?dataset=demo-1',
  clone: '/runs/new?from=2',
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
  'sign-in': '/sign-in',
  invitation: '/invitation?token=none',
  'not-found': '/nowhere',
} as const;

/** Pixels of a page that are looked at: a list of a thousand rows goes on and on. */
const TALLEST = 2_000;

/** Outside of the shell there is no live pill. */
const OUTSIDE: readonly string[] = [PAGES['sign-in'], PAGES.invitation];

/** Pages of objects that have no number, by what the system has. */
const Ids_Query = `{
  traces(first: 2) { edges { node { id } } }
  long: run(number: 2) { evaluations { id } }
  short: run(number: 1) { evaluations { id } }
}`;

async function pagesById(url: string): Promise<Record<string, string>> {
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

const WIDTHS = [
  ['desktop', 1280, 800],
  ['phone', 375, 812],
] as const;

const IN_README: Shot[] = [
  { name: 'home', path: PAGES.home, width: 1280, height: 800, scheme: 'light' },
  { name: 'run', path: PAGES.metrics, width: 1280, height: 800, scheme: 'light' },
  { name: 'leaderboard', path: PAGES.leaderboard, width: 1280, height: 800, scheme: 'dark' },
];

const everyPage = (pages: Record<string, string>): Shot[] =>
  Object.entries(pages).flatMap(([page, path]) =>
    WIDTHS.flatMap(([form, width, height]) =>
      (['light', 'dark'] as const).map((scheme) => ({
        ...{ name: `${page}-${form}-${scheme}`, path },
        ...{ width, height, scheme },
      })),
    ),
  );

async function take(browser: Browser, baseURL: string, shot: Shot, dir: string): Promise<void> {
  const page = await browser.newPage({
    baseURL,
    viewport: { width: shot.width, height: shot.height },
    colorScheme: shot.scheme,
    reducedMotion: 'reduce',
  });
  await page.goto(shot.path);
  // Everything has been asked for and answered, but for the subscriptions, which stay open.
  await page.waitForLoadState('networkidle');
  if (!OUTSIDE.includes(shot.path)) {
    await page.locator('[data-testid=live-pill][data-state=live]').waitFor();
  }
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  const height = values.all ? Math.min(whole, TALLEST) : shot.height;
  await page.screenshot({
    path: join(dir, `${shot.name}.png`),
    fullPage: values.all !== undefined,
    clip: { x: 0, y: 0, width: shot.width, height },
  });
  await page.close();
}

const { values } = parseArgs({ options: { url: { type: 'string' }, all: { type: 'string' } } });
const dir = values.all ?? 'docs/images';
await mkdir(dir, { recursive: true });
const system = values.url ? null : await startSystem(['--demo']);
const browser = await startBrowser();
try {
  const url = values.url ?? system?.url ?? '';
  const shots = values.all ? everyPage({ ...PAGES, ...(await pagesById(url)) }) : IN_README;
  for (const shot of shots) {
    await take(browser, url, shot, dir);
    process.stdout.write(`${join(dir, `${shot.name}.png`)}\n`);
  }
} finally {
  await browser.close();
  await system?.[Symbol.asyncDispose]();
}
