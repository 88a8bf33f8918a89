/** The page of one run, filled by a real runner with the stand-in trainer, so that nothing is trained. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, openClient } from '../server/demo/client.ts';
import { writeStandIn } from '../server/test/rig.ts';
import type { Behaviour } from '../server/test/standInTrainer.ts';
import { startBrowser } from './browser.ts';
import { buildDataset, importSamples, startRun, untilEnd } from './loop.ts';
import { openPage as openBrowserPage, see } from './page.ts';
import { type System, startSystem } from './system.ts';

const NAME = 'diverges twice';
const HYPERPARAMETERS = { batchSize: 2, maxSteps: 20, learningRate: 0.25, seed: 5 };

let dataDir: string;
let system: System;
let browser: Browser;
let client: Client;
let datasetKey: string;
let failedId: string;

/** Says what the next training process does. */
const behave = (behaviour: Behaviour) =>
  writeFile(join(dataDir, 'behaviour.json'), JSON.stringify(behaviour));

// Run 1 fails twice: at step 4, and after the checkpoint of that step at step 7.
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tunix-rt-run-page-'));
  [system, browser] = await Promise.all([
    startSystem([], {
      DATA_DIR: dataDir,
      TUNIX_PYTHON: await writeStandIn(dataDir),
    }),
    startBrowser(),
  ]);
  client = openClient(system.url);
  await importSamples(client, 40);
  datasetKey = await buildDataset(client, 'pages', 40);
  await behave({ nanFrom: 3 });
  failedId = await startRun(client, datasetKey, HYPERPARAMETERS, {
    name: NAME,
    retryOnFailure: true,
    maxAttempts: 2,
  });
  expect(await untilEnd(client, failedId)).toMatchObject({ status: 'FAILED', exitCode: 1 });
});

afterAll(async () => {
  await client?.close();
  await browser?.close();
  await system?.[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true });
});

async function open(path: string) {
  const opened = await openBrowserPage(browser, system.url);
  await opened.page.goto(path);
  await opened.page.getByTestId('run-header').waitFor();
  return opened;
}

const seeStatus = (page: Page, status: string) =>
  page.getByTestId('run-header').locator(`[data-status=${status}]`).waitFor();

const item = (page: Page, name: string | RegExp) => page.getByRole('menuitem', { name });

const pickAttempt = async (page: Page, name: RegExp) => {
  await page.getByTestId('attempt-picker').click();
  await item(page, name).click();
};

const numberOf = async (id: string): Promise<number> => {
  const { run } = await client.request<{ run: { number: number } }>(
    'query Number($id: ID!) { run(id: $id) { number } }',
    { id },
  );
  return run.number;
};

/** Queues a clone that nobody takes, with another seed, and returns its number. */
async function startClone(): Promise<number> {
  const { cloneRun } = await client.request<{ cloneRun: { run: { number: number } } }>(
    `mutation Clone($input: CloneRunInput!) {
      cloneRun(input: $input) { ... on CloneRunPayload { run { number } } } }`,
    {
      input: {
        runId: failedId,
        name: 'waits',
        changes: { hyperparameters: { seed: 6 }, requiredLabels: ['gpu'] },
      },
    },
  );
  return cloneRun.run.number;
}

test('a failed run says what decided and what helps', async () => {
  const { page, faults } = await open('/runs/1');
  await seeStatus(page, 'FAILED');
  const failure = page.getByTestId('failure');
  await failure.getByRole('heading', { name: 'The loss is no number any more' }).waitFor();
  await failure
    .getByText(/smaller hyperparameters\.learningRate \(it was 0\.25; try 0\.025\)/)
    .waitFor();
  await failure
    .getByLabel('the deciding line', { exact: true })
    .getByText('train/loss is nan at step 7')
    .waitFor();
  await see(page, 'last-lines', 'Traceback (most recent call last):');
  expect(faults).toEqual([]);
  await page.close();
});

test('each attempt has its lines, its files and its events', async () => {
  const { page, faults } = await open('/runs/1');
  await see(page, 'attempt-picker', 'All 2 attempts');
  await pickAttempt(page, /^Attempt 2, failed/);
  await see(page, 'attempt-picker', 'Attempt 2 of 2');

  await page.getByTestId('tab-events').click();
  const events = page.getByTestId('events-table').locator('tbody');
  await events.getByText('Goes on from the checkpoint at step 4').waitFor();
  expect(await events.getByText(/at step 4, and was/).count()).toBe(0);
  await pickAttempt(page, /^Attempt 1, failed/);
  await events.getByText(/^The attempt failed: .+ at step 4, and was/).waitFor();
  await events.getByText('Training begins at the first step').waitFor();
  await events.getByText('Goes on from the checkpoint').waitFor({ state: 'detached' });

  await page.getByTestId('tab-artifacts').click();
  const files = page.getByTestId('artifacts-table').getByRole('row');
  for (const attempt of [1, 2]) {
    await pickAttempt(page, new RegExp(`^Attempt ${attempt}, failed`));
    const cell = page.getByRole('cell', { name: String(attempt), exact: true });
    await files.filter({ has: cell }).getByRole('button', { name: 'events.jsonl' }).click();
    const drawer = page.getByTestId('artifact-drawer');
    await drawer.getByText(`"step":${attempt === 1 ? 4 : 7}`).waitFor();
    expect(await drawer.getByRole('definition').allTextContents()).toContain(String(attempt));
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
  }
  expect(faults).toEqual([]);
  await page.close();
});

test('the log goes to the attempt that is picked, and each can be had as a file', async () => {
  const { page, faults } = await open('/runs/1?tab=logs');
  const lines = page.getByTestId('log-lines');
  await lines.getByText('step 7').first().waitFor();
  await page.getByTestId('log-attempts').click();
  const [, first] = /lines (\d+)/.exec((await item(page, /^Attempt 2/).textContent()) ?? '') ?? [];
  await item(page, /^Attempt 2/).click();
  await page.waitForURL(`**#L${first}`);
  await see(page, 'log-marked', `Line ${first}`);

  await page.getByTestId('log-download').click();
  const files = page.getByRole('menu').filter({ hasText: 'The whole log' }).getByRole('menuitem');
  await files.first().waitFor();
  const names = 'The whole log, Attempt 1, Attempt 2, Only stdout, Only stderr, Only system';
  expect((await files.allTextContents()).join(', ')).toBe(names);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    files.filter({ hasText: 'Attempt 1' }).click(),
  ]);
  const text = await (await download.createReadStream()).toArray();
  expect(Buffer.concat(text).toString()).toMatch(/step 4\b(?!.*step 7\b)/s);
  expect(faults).toEqual([]);
  await page.close();
});

test('a run that waits says why, shows what it changed, and stops at once', async () => {
  const number = await startClone();
  const { page, faults } = await open(`/runs/${number}`);
  await see(page, 'waiting', /It requires gpu: .+ lacks gpu/);
  await see(page, 'waiting', 'Number 1 in the queue');
  await page.getByTestId('tab-config').click();
  const changed = page.getByTestId('config-diff').getByRole('row');
  await changed.filter({ hasText: /seed.*5.*6/ }).waitFor();

  await page.getByTestId('cancel-menu').click();
  await page.getByTestId('cancel-now').click();
  await seeStatus(page, 'CANCELLED');
  await page.getByTestId('tab-events').click();
  await see(page, 'events-table', 'Queued as a clone of #1');
  expect(await page.getByTestId('cancel-menu').count()).toBe(0);
  expect(faults).toEqual([]);
  await page.close();
});

test('a run that hangs is asked to save first, and is stopped when it does not', async () => {
  await behave({ at: { step: 3, do: 'hang' }, onTerm: 'ignore' });
  const id = await startRun(client, datasetKey, HYPERPARAMETERS);
  const { page, faults } = await open(`/runs/${await numberOf(id)}`);
  await see(page, 'run-progress', '3 / 20 steps');
  await page.getByTestId('cancel-menu').click();
  await page.getByTestId('cancel-save').click();
  await see(page, 'cancel-menu', 'Stopping…');
  await page.getByTestId('cancel-menu').click();
  expect(await page.getByTestId('cancel-save').isDisabled()).toBe(true);
  await page.getByTestId('cancel-now').click();
  await seeStatus(page, 'CANCELLED');
  expect(faults).toEqual([]);
  await page.close();
});

test('an archived run is out of the lists until it is put back', async () => {
  const { page, faults } = await open('/runs/1');
  const archive = async () => {
    await page.getByTestId('run-more').click();
    await page.getByTestId('archive').click();
  };
  await archive();
  await see(page, 'run-header', 'Archived');
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  const rows = page.getByTestId('runs-row');
  await rows.first().waitFor();
  await rows.filter({ hasText: NAME }).waitFor({ state: 'detached' });
  await page.goto('/runs/1');
  await archive();
  await page.getByText('Archived', { exact: true }).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await rows.filter({ hasText: NAME }).waitFor();
  expect(faults).toEqual([]);
  await page.close();
});

test('a failed run is cloned with its values in the form, or tried again as it is', async () => {
  await behave({});
  const { page, faults } = await open('/runs/1');
  await page.getByTestId('clone').click();
  const form = page.getByTestId('new-run-form');
  await form.getByLabel('Model').waitFor();
  expect(await form.getByLabel('Learning rate').inputValue()).toBe('0.25');
  expect(await form.getByLabel('Seed').inputValue()).toBe('5');
  await page.goBack();

  await page.getByTestId('retry').click();
  await page.getByText('retry of #1').waitFor();
  await page.getByTestId('tab-lineage').click();
  await see(page, 'lineage-table', `#1 ${NAME}retried by this`);
  expect(faults).toEqual([]);
  await page.close();
});
