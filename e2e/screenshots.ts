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

const PAGES = {
  home: '/',
  traces: '/traces',
  datasets: '/datasets',
  dataset: '/datasets/demo-1',
  sets: '/evaluation-sets',
  runs: '/runs',
  run: '/runs/2',
  metrics: '/runs/2?tab=metrics',
  logs: '/runs/2?tab=logs',
  artifacts: '/runs/2?tab=artifacts',
  config: '/runs/2?tab=config',
  compare: '/runs/compare?r=1&r=2',
  new: '/runs/new?dataset=demo-1',
  leaderboard: '/leaderboard',
  judges: '/judges',
  baselines: '/baselines',
  runners: '/runners',
  api: '/api',
  settings: '/settings',
  keys: '/settings?tab=keys',
  storage: '/settings?tab=storage',
  audit: '/audit',
} as const;

const WIDTHS = [
  ['desktop', 1280, 800],
  ['phone', 375, 812],
] as const;

const IN_README: Shot[] = [
  { name: 'home', path: PAGES.home, width: 1280, height: 800, scheme: 'light' },
  { name: 'run', path: PAGES.metrics, width: 1280, height: 800, scheme: 'light' },
  { name: 'leaderboard', path: PAGES.leaderboard, width: 1280, height: 800, scheme: 'dark' },
];

const everyPage = (): Shot[] =>
  Object.entries(PAGES).flatMap(([page, path]) =>
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
  await page.locator('[data-testid=live-pill][data-state=live]').waitFor();
  await page.screenshot({ path: join(dir, `${shot.name}.png`) });
  await page.close();
}

const { values } = parseArgs({ options: { url: { type: 'string' }, all: { type: 'string' } } });
const dir = values.all ?? 'docs/images';
await mkdir(dir, { recursive: true });
const system = values.url ? null : await startSystem(['--demo']);
const browser = await startBrowser();
try {
  const url = values.url ?? system?.url ?? '';
  for (const shot of values.all ? everyPage() : IN_README) {
    await take(browser, url, shot, dir);
    process.stdout.write(`${join(dir, `${shot.name}.png`)}\n`);
  }
} finally {
  await browser.close();
  await system?.[Symbol.asyncDispose]();
}
