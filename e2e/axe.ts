/** Looks at a page by the rules of axe. */
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';

/** Colours are of the scheme and targets of the width, so the other two pairs would say the same. */
export const FORMS = {
  'on a desk, light': { width: 1280, height: 800, colorScheme: 'light' },
  'on a phone, dark': { width: 375, height: 812, colorScheme: 'dark' },
} as const;

export type Form = keyof typeof FORMS;

export const DESK: Form = 'on a desk, light';
export const PHONE: Form = 'on a phone, dark';

const RULES: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  // Mantine keeps an empty element for the focus in each menu, which this rule does not allow.
  rules: { 'aria-required-children': { enabled: false } },
  resultTypes: ['violations'],
};

/** What is serious, as lines that say where and why. */
export async function violations(page: Page): Promise<string[]> {
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
      nodes.map(({ html, failureSummary }) => `${id} ${html}: ${failureSummary}`),
    );
}

/** A browser of that form, whose pages axe can look at. */
export async function openContext(
  browser: Browser,
  baseURL: string,
  form: Form,
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

/** Waits until what was asked for is there. */
export async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.locator('main').waitFor();
  await page.locator('[role=status]:has-text("Loading")').first().waitFor({ state: 'detached' });
}

/** Shows a page in another form, which it follows as a window that is resized does. */
export async function reshape(page: Page, form: Form): Promise<void> {
  const { width, height, colorScheme } = FORMS[form];
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme });
  // A colour on its way from one to the other is a contrast of its own.
  await page.evaluate(async () => {
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    const passing = document
      .getAnimations()
      .filter(({ effect }) => effect?.getTiming().iterations !== Number.POSITIVE_INFINITY);
    await Promise.allSettled(passing.map(({ finished }) => finished));
  });
}
