import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openClient } from '../server/demo/client.ts';
import { sampleTraces } from '../server/samples/arithmetic.ts';
import { startBrowser } from './browser.ts';
import { buildDataset, importSamples } from './loop.ts';
import { openPage as openBrowserPage, see, sideways } from './page.ts';
import { type System, startSystem } from './system.ts';

let system: System;
let browser: Browser;

beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(), startBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await system?.[Symbol.asyncDispose]();
});

const openPage = (options?: Parameters<Browser['newPage']>[0]) =>
  openBrowserPage(browser, system.url, options);

test('a newcomer walks the loop: import, build, train, watch, leaderboard, baseline, check', async () => {
  const { page, faults } = await openPage();

  await page.goto('/');
  await page.locator('[data-testid=live-pill][data-state=live]').waitFor();

  await page.goto('/traces');
  await page.getByTestId('open-import').first().click();
  const lines = sampleTraces(120, 5).map((trace) => JSON.stringify(trace));
  lines.splice(3, 0, '{"this is": "no trace"');
  await page.getByTestId('import-text').fill(lines.join('\n'));
  await page.getByTestId('import-submit').click();
  const report = page.getByTestId('import-report');
  await report.waitFor();
  expect(await report.textContent()).toMatch(/120/);
  await report.getByRole('row', { name: /^4 BAD_JSON/ }).waitFor();

  await page.goto('/datasets/new');
  const dataset = page.getByTestId('new-dataset-form');
  await dataset.getByLabel('Name').fill('walk');
  await dataset.getByLabel('Version').fill('1');
  await dataset.getByLabel('At most').fill('120');
  await see(page, 'selection-count', '120');
  await dataset.getByTestId('submit').click();
  await page.waitForURL('**/datasets/walk-1');
  await page.getByTestId('train-on-this').first().click();

  await page.waitForURL('**/runs/new?*');
  const form = page.getByTestId('new-run-form');
  await form.getByLabel('Model').waitFor();
  await choose(page, 'Model', 'qwen3-tiny');
  await page.getByTestId('toggle-advanced').click();
  await form.getByLabel('Learning rate').fill('0.003');
  await form.getByLabel('Max steps').fill('30');
  await form.getByLabel('Batch size').fill('500');
  await page
    .getByText(/is more than the \d+ training items/)
    .first()
    .waitFor();
  await form.getByLabel('Batch size').fill('8');
  await form.getByLabel('Max sequence length').fill('128');
  await form.getByLabel('Max new tokens').fill('16');
  await see(page, 'run-preview', /30 \(12 per epoch\)/);
  await page.getByText('python -m tunix_rt.sft').first().waitFor();
  await form.getByTestId('submit').click();

  await page.waitForURL('**/runs/1**');
  await page.locator('[data-testid=run-status][data-status=RUNNING]').first().waitFor();
  await page.getByTestId('tab-logs').click();
  await page.getByTestId('log-lines').getByText('Training starts.').waitFor({ timeout: 300_000 });
  await page
    .locator('[data-testid=run-status][data-status=COMPLETED]')
    .first()
    .waitFor({ timeout: 300_000 });
  await see(page, 'log-state', /Complete/);
  await page.getByTestId('tab-metrics').click();
  await page.getByTestId('metric-chart').first().locator('canvas').waitFor();
  await page.getByTestId('tab-artifacts').click();
  await page.getByTitle('export/model.safetensors').waitFor();

  await page.goto('/leaderboard');
  await page.getByTestId('leaderboard-row').first().waitFor();
  await page.getByTestId('row-actions').first().click();
  await page.getByRole('menuitem', { name: 'Set as baseline' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('first');
  await dialog.getByRole('button', { name: 'Set baseline' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.goto('/baselines/first');
  await choose(page, 'Run', /#1/);
  await page.getByTestId('check-run').click();
  await page.locator('[data-testid=verdict][data-verdict=PASS]').first().waitFor();

  await page.goto('/');
  await see(page, 'loop', /120/);
  expect(faults).toEqual([]);
  await page.close();
});

/** Picks an option of a select by its label. */
async function choose(page: Page, label: string, option: string | RegExp) {
  await page.getByLabel(label, { exact: true }).first().click();
  await page.getByRole('option').filter({ hasText: option }).first().click();
}

test('every page is readable on a phone, without sideways scrolling', async () => {
  const { page, faults } = await openPage({ viewport: { width: 375, height: 720 } });
  const paths = ['/', '/traces', '/datasets', '/runs', '/runs/new', '/leaderboard', '/baselines'];
  for (const path of [...paths, '/runners', '/api']) {
    await page.goto(path);
    await page.locator('main h1, main h2').first().waitFor();
    expect(await sideways(page), path).toBeLessThanOrEqual(0);
  }
  expect(faults).toEqual([]);
  await page.close();
});

test('a page that does not exist says so, and a dataset key may hold a dot', async () => {
  const { page } = await openPage();
  await page.goto('/datasets/none-1.0');
  await page
    .getByText(/There is no|not found|No dataset/i)
    .first()
    .waitFor();
  await page.close();
});

test('GraphiQL works without the internet, subscriptions included', async () => {
  const client = openClient(system.url);
  await importSamples(client, 20, 9);
  const datasetKey = await buildDataset(client, 'graphiql', 20);
  const { createRun } = await client.request<{ createRun: { run: { id: string } } }>(
    `mutation Dry($input: CreateRunInput!) {
       createRun(input: $input) { ... on CreateRunPayload { run { id } } } }`,
    { input: { datasetKey, modelId: 'qwen3-tiny' } },
  );
  await client.close();

  const { page, faults } = await openPage();
  const execute = async (query: string) => {
    await page.goto(`/graphql?query=${encodeURIComponent(query)}`);
    await page.getByRole('button', { name: /execute/i }).click();
  };
  const answer = page.locator('.result-window');
  await execute('{ overview { traceCount } }');
  await answer.getByText('traceCount').waitFor();
  await execute(
    `subscription { runLogs(runId: "${createRun.run.id}") {
       __typename ... on StreamCompleted { status } } }`,
  );
  // The last message of the stream is the one that stays.
  await answer.getByText('StreamCompleted').waitFor();
  expect(faults.filter((fault) => fault.startsWith('asked'))).toEqual([]);
  await page.close();
});
