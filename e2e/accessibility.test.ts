/** Every page, light and dark, on a desk and on a phone, by the rules of axe. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBrowser } from './browser.ts';
import { PAGES } from './pages.ts';
import { type System, startSystem } from './system.ts';

const FORMS = {
  'on a desk, light': { width: 1280, height: 800, colorScheme: 'light' },
  'on a desk, dark': { width: 1280, height: 800, colorScheme: 'dark' },
  'on a phone, light': { width: 375, height: 812, colorScheme: 'light' },
  'on a phone, dark': { width: 375, height: 812, colorScheme: 'dark' },
} as const;

/** What somebody opens over a page. */
const OPENED: Record<string, (page: Page) => Promise<void>> = {
  'the palette': async (page) => {
    await page.getByTestId('open-palette').click();
    await page.getByRole('button', { name: 'New run' }).first().waitFor();
  },
  'the news': async (page) => {
    await page.getByTestId('news-bell').click();
    await page.getByTestId('news-panel').waitFor();
  },
  'the menu of a page': async (page) => {
    await page.getByTestId('source').first().click();
    await page.getByTestId('source-menu').waitFor();
  },
  'the keys': async (page) => {
    await page.keyboard.press('?');
    await page.getByTestId('keys-help').waitFor();
  },
};

let system: System;
let browser: Browser;
let axe: string;

beforeAll(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  [system, browser] = await Promise.all([startSystem(['--demo']), startBrowser()]);
  await untilPrinted('7/7');
});

afterAll(async () => {
  await browser?.close();
  await system?.[Symbol.asyncDispose]();
});

/** The demo says what it does, step by step. */
async function untilPrinted(text: string): Promise<void> {
  await expect.poll(() => system.output(), { timeout: 540_000, interval: 500 }).toContain(text);
}

const RULES: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  // Mantine keeps an empty element for the focus in each menu, which this rule does not allow.
  rules: { 'aria-required-children': { enabled: false } },
  resultTypes: ['violations'],
};

/** What is serious, as lines that say where and why. */
async function violations(page: Page): Promise<string[]> {
  const found: AxeResults = await page.evaluate(
    (rules) =>
      (globalThis as unknown as { axe: typeof import('axe-core') }).axe.run(
        // GraphiQL in its frame is not ours.
        { exclude: ['iframe'] },
        rules,
      ),
    RULES,
  );
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary}`),
    );
}

async function openContext(form: keyof typeof FORMS): Promise<BrowserContext> {
  const { width, height, colorScheme } = FORMS[form];
  const context = await browser.newContext({
    ...{ baseURL: system.url, colorScheme, viewport: { width, height } },
    // A fade is a contrast of its own.
    reducedMotion: 'reduce',
    // The policy of the page allows no script from outside; this one is of the test.
    bypassCSP: true,
  });
  await context.addInitScript(axe);
  return context;
}

async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.locator('main').waitFor();
  await page.locator('[role=status]:has-text("Loading")').first().waitFor({ state: 'detached' });
}

describe.each(Object.keys(FORMS) as (keyof typeof FORMS)[])('%s', (form) => {
  let context: BrowserContext;
  beforeAll(async () => {
    context = await openContext(form);
  });
  afterAll(async () => {
    await context?.close();
  });

  test.each(Object.entries(PAGES))('%s has no serious violation', async (_name, path) => {
    const page = await context.newPage();
    await page.goto(path);
    await settle(page);
    expect(await violations(page)).toEqual([]);
    await page.close();
  });

  test.each(Object.entries(OPENED))('%s has no serious violation', async (_name, open) => {
    const page = await context.newPage();
    await page.goto('/runs/2');
    await settle(page);
    await open(page);
    expect(await violations(page)).toEqual([]);
    await page.close();
  });
});
