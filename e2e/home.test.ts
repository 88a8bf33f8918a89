import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, openClient } from '../server/demo/client.ts';
import { startBrowser } from './browser.ts';
import { buildDataset, importSamples, startRun } from './loop.ts';
import { openPage as openBrowserPage, see } from './page.ts';
import { type System, startSystem } from './system.ts';

let system: System;
let browser: Browser;
let client: Client;
let datasetKey: string;

// No runner: a run that is started waits until it is cancelled.
beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(['--no-runner']), startBrowser()]);
  client = openClient(system.url);
});

afterAll(async () => {
  await client?.close();
  await browser?.close();
  await system?.[Symbol.asyncDispose]();
});

const openPage = () => openBrowserPage(browser, system.url);

const waitUntilLive = (page: Page) =>
  page.locator('[data-testid=live-pill][data-state=live]').waitFor();

/** Waits until a step of the checklist is ticked. */
const seeDone = (page: Page, step: string) =>
  page.getByTestId('checklist').locator('li[data-done]').filter({ hasText: step }).waitFor();

/** Waits until a stage of the loop has so many. */
const seeCount = (page: Page, stage: string, count: number) =>
  page
    .getByTestId('loop')
    .getByRole('listitem')
    .filter({ hasText: stage })
    .getByText(String(count), { exact: true })
    .waitFor();

/** Opens the palette by its key and types. */
async function search(page: Page, text: string) {
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Run 142').fill(text);
}

const action = (page: Page, name: string) =>
  page.getByRole('dialog', { name: 'Search everything' }).getByRole('button', { name });

test('an empty Home fills as the loop is walked elsewhere, without being loaded again', async () => {
  const { page, faults } = await openPage();
  await page.goto('/');
  await waitUntilLive(page);
  await see(page, 'checklist', 'First time around: 0 of 7');
  await see(page, 'attention', 'Runs stay queued until one is connected.');
  await seeCount(page, 'Traces', 0);
  await page.locator('body').evaluate((body) => body.setAttribute('data-first-load', ''));

  await importSamples(client, 40);
  await seeDone(page, 'Import traces');
  await seeCount(page, 'Traces', 40);

  datasetKey = await buildDataset(client, 'home', 40);
  await seeDone(page, 'Build a dataset');
  await seeCount(page, 'Datasets', 1);

  await startRun(client, datasetKey, {}, { name: 'waits' });
  await seeDone(page, 'Start the one-minute run');
  await seeCount(page, 'Runs', 1);
  await see(page, 'loop', '1 queued');
  await see(page, 'active-runs', '#1 waits');
  await see(page, 'checklist', 'First time around: 3 of 7');

  expect(await page.locator('body[data-first-load]').count()).toBe(1);
  expect(faults).toEqual([]);
  await page.close();
});

test('a step of the checklist shows how a program takes it, and the checklist can be dismissed', async () => {
  const { page, faults } = await openPage();
  await page.goto('/');
  const checklist = page.getByTestId('checklist');
  const byTheApi = checklist.getByRole('button', { name: 'Build a dataset by the API' });
  await byTheApi.click();
  await checklist.getByText('curl', { exact: true }).click();
  await see(page, 'equivalents', /curl http\S+\/graphql .*BuildDataset/s);
  await byTheApi.click();
  await page.getByTestId('equivalents').waitFor({ state: 'detached' });

  await checklist.getByRole('button', { name: 'Dismiss' }).click();
  await checklist.waitFor({ state: 'detached' });
  await page.reload();
  await page.getByTestId('loop').waitFor();
  expect(await checklist.count()).toBe(0);
  expect(faults).toEqual([]);
  await page.close();
});

test('the palette goes to a page by its name and to an object by what it is called', async () => {
  const { page, faults } = await openPage();
  await page.goto('/');
  await waitUntilLive(page);
  await search(page, 'leaderb');
  await action(page, 'Leaderboard').waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/leaderboard');

  await search(page, datasetKey);
  await action(page, datasetKey).click();
  await page.waitForURL(`**/datasets/${datasetKey}`);
  await page.getByRole('heading', { name: datasetKey }).waitFor();
  expect(faults).toEqual([]);
  await page.close();
});

test('the palette cancels a run that waits, and the bell says that it is over', async () => {
  const { page, faults } = await openPage();
  await page.goto('/');
  await waitUntilLive(page);
  await startRun(client, datasetKey, {}, { name: 'needs a GPU', requiredLabels: ['gpu'] });
  await see(page, 'active-runs', '#2 needs a GPU');
  await see(page, 'running-count', '2 queued');

  await search(page, 'cancel run 2');
  await action(page, 'Cancel run 2').waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'News, 1 new' }).click();
  const panel = page.getByTestId('news-panel');
  await panel.getByText('Run 2 needs a GPU was cancelled').click();
  await page.waitForURL('**/runs/2');
  await page.locator('[data-testid=run-status][data-status=CANCELLED]').waitFor();
  await see(page, 'running-count', '1 queued');
  await page.getByRole('button', { name: 'News', exact: true }).waitFor();
  expect(faults).toEqual([]);
  await page.close();
});

test('the palette says why it cannot cancel what is over or was never there', async () => {
  const { page, faults } = await openPage();
  await page.goto('/');
  await waitUntilLive(page);
  await search(page, 'cancel run 2');
  await action(page, 'Cancel run 2').click();
  await page.getByRole('alert').filter({ hasText: 'CANCELLED' }).waitFor();
  await search(page, 'cancel run 999');
  await action(page, 'Cancel run 999').click();
  await page.getByRole('alert').filter({ hasText: 'There is no run 999.' }).waitFor();
  expect(faults).toEqual([]);
  await page.close();
});

test('? shows the keys of the page, and Escape gives the focus back', async () => {
  const { page, faults } = await openPage();
  await page.goto('/traces');
  await page.getByTestId('traces-row').first().waitFor();
  await page.getByTestId('news-bell').focus();
  await page.keyboard.press('?');
  await see(page, 'keys-help', 'next and previous trace');
  await see(page, 'keys-help', 'Search everything');
  await page.keyboard.press('Escape');
  await page.getByTestId('keys-help').waitFor({ state: 'detached' });
  await page.locator('[data-testid=news-bell]:focus').waitFor();
  expect(faults).toEqual([]);
  await page.close();
});

test('an example of the API page opens in GraphiQL and answers', async () => {
  const { page, faults } = await openPage();
  await page.goto('/api');
  await page.getByTestId('api-examples').getByRole('button', { name: 'Import traces' }).click();
  await page.getByTestId('equivalents').getByText('Open in GraphiQL').click();
  const graphiql = page.frameLocator('iframe[title=GraphiQL]');
  await graphiql.getByText('ImportTraces').first().waitFor();
  await graphiql.getByRole('button', { name: /execute/i }).click();
  await graphiql.locator('.result-window').getByText('"stored"').waitFor();
  await page.goto('/');
  await seeCount(page, 'Traces', 41);
  expect(faults).toEqual([]);
  await page.close();
});
