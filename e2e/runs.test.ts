import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, openClient } from '../server/demo/client.ts';
import { startBrowser } from './browser.ts';
import { buildDataset, importSamples } from './loop.ts';
import { openPage as openBrowserPage, see, sideways } from './page.ts';
import { type System, startSystem } from './system.ts';

let system: System;
let browser: Browser;
let client: Client;
let datasetKey: string;

beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(), startBrowser()]);
  client = openClient(system.url);
  await importSamples(client, 60, 3);
  datasetKey = await buildDataset(client, 'many', 60);
});

afterAll(async () => {
  await client?.close();
  await browser?.close();
  await system?.[Symbol.asyncDispose]();
});

const openPage = (options?: Parameters<Browser['newPage']>[0]) =>
  openBrowserPage(browser, system.url, options);

/** Queues a run; one that needs a label nobody offers waits for ever. */
async function queueRun(name: string, input: object = {}): Promise<number> {
  const { createRun } = await client.request<{
    createRun: { run: { number: number } } | { message: string };
  }>(
    `mutation Queue($input: CreateRunInput!) { createRun(input: $input) {
      ... on CreateRunPayload { run { number } } ... on Error { message } } }`,
    { input: { datasetKey, modelId: 'qwen3-tiny', mode: 'DRY_RUN', name, ...input } },
  );
  if ('message' in createRun) throw new Error(createRun.message);
  return createRun.run.number;
}

const rowOf = (page: Page, name: string) =>
  page.getByTestId('runs-row').filter({ hasText: name }).first();

test('a filter stands in the URL and survives a reload; a new match waits behind a pill', async () => {
  await queueRun('needs quantum', { requiredLabels: ['quantum'] });
  await queueRun('needs nothing');
  const { page, faults } = await openPage();
  await page.goto('/runs');
  await rowOf(page, 'needs nothing').waitFor();
  await page.getByTestId('run-search').fill('label:quantum ');
  await see(page, 'total', '1 run');
  expect(new URL(page.url()).searchParams.get('label')).toBe('quantum');
  await page.reload();
  await see(page, 'filter-token', /label.*quantum/);
  await see(page, 'total', '1 run');
  expect(await page.getByTestId('runs-row').count()).toBe(1);

  await queueRun('needs quantum too', { requiredLabels: ['quantum'] });
  await see(page, 'show-new', '1 new');
  expect(await page.getByTestId('runs-row').count()).toBe(1);
  await page.getByTestId('show-new').click();
  await rowOf(page, 'needs quantum too').waitFor();
  expect(faults).toEqual([]);
  await page.close();
});

test('two queued runs are stopped together, after a question', async () => {
  for (const name of ['stop me', 'stop me as well']) {
    await queueRun(name, { requiredLabels: ['nobody-has-this'] });
  }
  const { page, faults } = await openPage();
  await page.goto('/runs?label=nobody-has-this');
  await rowOf(page, 'stop me as well').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await see(page, 'selection-bar', '2 runs selected');
  await page.getByTestId('cancel-selected').click();
  await page.getByTestId('bulk-confirm').click();
  await page.getByTestId('bulk-dialog').waitFor({ state: 'hidden' });
  await page.locator('[data-testid=run-status][data-status=CANCELLED]').nth(1).waitFor();
  expect(faults).toEqual([]);
  await page.close();
});

test('two runs are compared by what was set differently', async () => {
  const a = await queueRun('one seed', { hyperparameters: { seed: 1 } });
  const b = await queueRun('another seed', { hyperparameters: { seed: 2 } });
  const { page, faults } = await openPage();
  await page.goto(`/runs/compare?r=${a}&r=${b}&r=9999`);
  const settings = page.getByTestId('compared-settings').getByTestId('compared-row');
  await settings.first().waitFor();
  expect(await settings.allTextContents()).toEqual(['seed12']);
  await see(page, 'missing-runs', '#9999');
  await page.getByLabel('Also what is the same').check();
  await settings.filter({ hasText: 'batchSize' }).waitFor();
  expect(faults).toEqual([]);
  await page.close();
});

test('a queue that is paused says why its runs wait, and a runner can be drained', async () => {
  await queueRun('waits for the driver', { requiredLabels: ['driver'] });
  const { page, faults } = await openPage();
  await page.goto('/runners');
  const queue = page.getByTestId('queue').filter({ hasText: 'Queue: driver' });
  await queue.getByTestId('pause-queue').click();
  await page.getByLabel('Why').fill('The driver is being updated');
  await page.getByTestId('confirm-pause').click();
  await queue.getByTestId('queue-state').filter({ hasText: 'Paused' }).waitFor();
  await queue
    .getByTestId('queued-run')
    .filter({ hasText: 'The driver is being updated' })
    .waitFor();
  await queue.getByTestId('pause-queue').click();
  await queue.getByTestId('queue-state').filter({ hasText: 'No runner' }).waitFor();

  const card = page.getByTestId('runner-card').first();
  await card.getByTestId('drain').click();
  await card.getByTestId('runner-state').filter({ hasText: 'Draining' }).waitFor();
  await card.getByTestId('drain').click();
  await card.getByTestId('runner-state').filter({ hasNotText: 'Draining' }).waitFor();
  expect(faults).toEqual([]);
  await page.close();
});

test('a clone shows what was changed, points at the wrong key, and knows its parent', async () => {
  const number = await queueRun('the original', { hyperparameters: { seed: 5 } });
  const { page, faults } = await openPage();
  await page.goto(`/runs/new?from=${number}`);
  const form = page.getByTestId('new-run-form');
  await form.getByLabel('Seed').fill('6');
  await see(page, 'clone-change', /seed.*5.*6/);
  expect(await page.getByTestId('clone-change').count()).toBe(1);

  const editor = form.getByLabel('Keys of the Tunix config');
  await editor.fill('{\n  "optimizer_config": {\n    "b1": 2\n  }\n}');
  await see(page, 'advanced-fault', /^Line 3, optimizer_config\.b1/);
  await editor.fill('');
  await form.getByTestId('submit').click();
  await page.waitForURL(/\/runs\/\d+/);
  const made = Number(/\/runs\/(\d+)/.exec(page.url())?.[1]);
  const { run } = await client.request<{
    run: { parentKind: string; parent: { number: number } };
  }>('query Made($number: Int!) { run(number: $number) { parentKind parent { number } } }', {
    number: made,
  });
  expect(run).toEqual({ parentKind: 'CLONE', parent: { number } });
  expect(faults).toEqual([]);
  await page.close();
});

test('lists, comparison and queue are readable on a phone, without sideways scrolling', async () => {
  const { page } = await openPage({ viewport: { width: 375, height: 720 } });
  for (const path of ['/runs', '/runs/compare?r=1&r=2', '/runners?connect=open']) {
    await page.goto(path);
    await page.locator('main h2, main a[href^="/runs/"]').first().waitFor();
    expect(await sideways(page), path).toBeLessThanOrEqual(0);
  }
  await page.close();
});
