/**
 * Every page and what opens over it, by the rules of axe: on a desk in light and on a phone in dark.
 * Colours are of the scheme and targets of the width, so the other two pairs would say the same.
 */
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBrowser } from './browser.ts';
import { PAGES } from './pages.ts';
import { type System, startSystem } from './system.ts';

const FORMS = {
  'on a desk, light': { width: 1280, height: 800, colorScheme: 'light' },
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

async function openContext(
  browser: Browser,
  baseURL: string,
  form: keyof typeof FORMS,
): Promise<BrowserContext> {
  const { width, height, colorScheme } = FORMS[form];
  const context = await browser.newContext({
    ...{ baseURL, colorScheme, viewport: { width, height } },
    // A fade is a contrast of its own.
    reducedMotion: 'reduce',
    // The policy of the page allows no script from outside; this one is of the test.
    bypassCSP: true,
  });
  await context.addInitScript({
    path: createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  });
  return context;
}

async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.locator('main').waitFor();
  await page.locator('[role=status]:has-text("Loading")').first().waitFor({ state: 'detached' });
}

/** Defines the tests of every page on what the demo left in a data folder. */
export function testAccessibility(dataDir: () => string): void {
  describe('what the demo made can be used by everybody', () => {
    let system: System;
    let browser: Browser;

    beforeAll(async () => {
      [system, browser] = await Promise.all([
        startSystem(['--no-runner'], { DATA_DIR: dataDir() }),
        startBrowser(),
      ]);
    });
    afterAll(async () => {
      await browser?.close();
      await system?.[Symbol.asyncDispose]();
    });

    describe.each(Object.keys(FORMS) as (keyof typeof FORMS)[])('%s', (form) => {
      let context: BrowserContext;
      beforeAll(async () => {
        context = await openContext(browser, system.url, form);
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
  });
}
