/** Pages of a real browser, as the tests of the UI open them. */
import type { Browser, Page } from 'playwright-core';
import { onTestFailed } from 'vitest';

/** A page whose errors and foreign requests are kept in `faults`: a test wants none of them. */
export async function openPage(
  browser: Browser,
  baseURL: string,
  options: Parameters<Browser['newPage']>[0] = {},
) {
  const page = await browser.newPage({ baseURL, ...options });
  page.setDefaultTimeout(30_000);
  onTestFailed(async () => {
    await page.screenshot({ path: '.data/e2e-failure.png', fullPage: true });
  });
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    const isOutside = /^(https?|wss?):$/.test(protocol) && host !== new URL(baseURL).host;
    if (isOutside) faults.push(`asked ${host}`);
  });
  return { page, faults };
}

/** Waits until an element of this test id holds the text. */
export const see = (page: Page, id: string, text: string | RegExp) =>
  page.getByTestId(id).filter({ hasText: text }).first().waitFor();

/** How much wider the page is than the window; above 0 it scrolls sideways. */
export const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
