/** Every page and what opens over it, by the rules of axe: on a desk in light and on a phone in dark. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DESK, openContext, PHONE, reshape, settle, violations } from './axe.ts';
import { startBrowser } from './browser.ts';
import { PAGES, pagesById } from './pages.ts';
import { type System, startSystem } from './system.ts';

/** What somebody opens over a page. */
const OPENED: Record<string, { on: string; open: (page: Page) => Promise<void> }> = {
  'the palette': {
    on: PAGES.run,
    open: async (page) => {
      await page.getByTestId('open-palette').click();
      await page.getByRole('button', { name: 'New run' }).first().waitFor();
    },
  },
  'the news': {
    on: PAGES.run,
    open: async (page) => {
      await page.getByTestId('news-bell').click();
      await page.getByTestId('news-panel').waitFor();
    },
  },
  'the menu of a page': {
    on: PAGES.run,
    open: async (page) => {
      await page.getByTestId('source').first().click();
      await page.getByTestId('source-menu').waitFor();
    },
  },
  'the keys': {
    on: PAGES.run,
    open: async (page) => {
      await page.keyboard.press('?');
      await page.getByTestId('keys-help').waitFor();
    },
  },
  'an evaluation to be made': {
    on: PAGES.results,
    open: async (page) => {
      await page.getByTestId('evaluate').click();
      await page.getByTestId('evaluate-form').waitFor();
    },
  },
  'an import': {
    on: PAGES.traces,
    open: async (page) => {
      await page.getByTestId('open-import').click();
      await page.getByTestId('import-text').waitFor();
    },
  },
  'an artifact': {
    on: PAGES.artifacts,
    open: async (page) => {
      await page
        .getByTestId('artifacts-table')
        .locator('button:not([aria-expanded])')
        .first()
        .click();
      await page.getByRole('dialog').waitFor();
    },
  },
};

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

    /** One page on a desk and then on a phone; `open` opens something over it. */
    async function look(path: string, open?: (page: Page) => Promise<void>): Promise<string[]> {
      await using context = await openContext(browser, system.url, DESK);
      const page = await context.newPage();
      await page.goto(path);
      await settle(page);
      await open?.(page);
      const found = await violations(page);
      await reshape(page, PHONE);
      const there = await violations(page);
      return [
        ...found.map((each) => `${DESK}: ${each}`),
        ...there.map((each) => `${PHONE}: ${each}`),
      ];
    }

    test.each(Object.entries(PAGES))('%s has no serious violation', async (_name, path) => {
      expect(await look(path)).toEqual([]);
    });

    test('pages of objects without a number have no serious violation', async () => {
      for (const [name, path] of Object.entries(await pagesById(system.url))) {
        expect(await look(path), name).toEqual([]);
      }
    });

    test.each(Object.entries(OPENED))(
      '%s has no serious violation',
      async (_name, { on, open }) => {
        expect(await look(on, open)).toEqual([]);
      },
    );
  });
}
