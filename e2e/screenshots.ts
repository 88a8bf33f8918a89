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
import { PAGES, pagesById } from './pages.ts';
import { startSystem } from './system.ts';

type Scheme = 'light' | 'dark';
type Shot = { name: string; path: string; width: number; height: number; scheme: Scheme };

/** Pixels of a page that are looked at: a list of a thousand rows goes on and on. */
const TALLEST = 2_000;

/** Outside of the shell there is no live pill. */
const OUTSIDE: readonly string[] = [PAGES.invitation];

const WIDTHS = [
  ['desktop', 1280, 800],
  ['phone', 375, 812],
] as const;

const IN_README: Shot[] = [
  { name: 'home', path: PAGES.home, width: 1280, height: 800, scheme: 'light' },
  { name: 'run', path: '/runs/2?tab=metrics', width: 1280, height: 800, scheme: 'light' },
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
