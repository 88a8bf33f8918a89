import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, openClient } from '../server/demo/client.ts';
import { startBrowser } from './browser.ts';
import { openPage, see, sideways } from './page.ts';
import { type System, startSystem } from './system.ts';

let system: System;
let browser: Browser;
let client: Client;

const ITEMS = 60;

/** Sums, two thirds of them in the core of the set. */
const QUESTIONS = Array.from({ length: ITEMS }, (_, n) => ({
  id: `q${n}`,
  prompt: `What is ${n} + ${n + 1}?`,
  expected_answer: String(2 * n + 1),
  section: n % 3 === 2 ? 'edge_case' : 'core',
}));

/** What a system answers that gets every question right but those named. */
const answers = (isWrong: (n: number) => boolean) =>
  QUESTIONS.map(({ id, expected_answer }, n) => {
    const answer = isWrong(n) ? '-1' : expected_answer;
    return { id, prediction: `1. Add both numbers.\n2. The sum is ${answer}.\nA: ${answer}` };
  });

const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** Imports the answers of a system; resolves when they are judged. */
async function importSystem(name: string, isWrong: (n: number) => boolean): Promise<number> {
  const response = await fetch(
    `${system.url}/import/predictions?${new URLSearchParams({ system: name, model: 'tests/sums', set: 'sums-v1' })}`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: lines(answers(isWrong)),
    },
  );
  if (!response.ok) throw new Error(await response.text());
  const { number, runId } = (await response.json()) as { number: number; runId: string };
  const { run } = await client.request<{ run: { evaluations: { id: string }[] } }>(
    'query Judging($id: ID!) { run(id: $id) { evaluations { id } } }',
    { id: runId },
  );
  const follow = client.follow<{ evaluationChanged: { status: string } }>(
    'subscription Judged($id: ID!) { evaluationChanged(id: $id) { status } }',
    { id: run.evaluations[0]?.id },
  );
  for await (const _ of follow) {
    // The stream ends when the judge is done.
  }
  return number;
}

beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(), startBrowser()]);
  client = openClient(system.url);
  const created = await client.request<{ createEvaluationSet: { message?: string } }>(
    `mutation Set($input: CreateEvaluationSetInput!) { createEvaluationSet(input: $input) {
      ... on Error { message } } }`,
    { input: { name: 'sums', version: 'v1', jsonl: lines(QUESTIONS) } },
  );
  if (created.createEvaluationSet.message) throw new Error(created.createEvaluationSet.message);
  expect(await importSystem('steady', (n) => n % 10 === 0)).toBe(1);
  expect(await importSystem('similar', (n) => n % 10 === 1 || n === 5)).toBe(2);
  expect(await importSystem('broken', (n) => n % 2 === 0)).toBe(3);
});

afterAll(async () => {
  await client?.close();
  await browser?.close();
  await system?.[Symbol.asyncDispose]();
});

const BOARD = '/leaderboard?set=sums-v1&judge=answer_correctness%401';
const rows = (page: Page) => page.getByTestId('leaderboard-row');

async function choose(page: Page, label: string, option: string | RegExp) {
  await page.getByLabel(label, { exact: true }).first().click();
  await page.getByRole('option').filter({ hasText: option }).first().click();
}

async function act(page: Page, run: number, action: string) {
  await page.getByLabel(`Actions of run ${run}`).click();
  await page.getByRole('menuitem', { name: action }).click();
}

test('a leaderboard shows ties, filters by the URL, and keeps news behind a button', async () => {
  const { page, faults } = await openPage(browser, system.url);
  await page.goto('/leaderboard');
  await see(page, 'tie-group', 'Ranks 1–2 cannot be told apart');
  await rows(page).nth(2).waitFor();
  expect(await page.getByRole('img', { name: /95 % interval/ }).count()).toBe(3);

  await importSystem('late', () => false);
  await page.getByTestId('new-results').waitFor();
  expect(await rows(page).count()).toBe(3);
  await page.getByTestId('new-results').click();
  await rows(page).nth(3).waitFor();
  await rows(page).first().filter({ hasText: 'late' }).waitFor();

  await choose(page, 'Ranked by', 'Accuracy on section core');
  await page.waitForURL('**metric=section**');
  await rows(page).nth(3).waitFor();
  await page.goto(`${BOARD}&model=nobody`);
  await see(page, 'empty-state', 'No run matches');
  expect(faults).toEqual([]);
  await page.close();
});

test('two rows are compared in words, item by item, and step by step', async () => {
  const { page, faults } = await openPage(browser, system.url);
  await page.goto(BOARD);
  await page.getByLabel('Choose run 1').check();
  await page.getByLabel('Choose run 3').check();
  await page.getByTestId('compare-rows').click();
  await see(page, 'compare-banner', 'The candidate is worse');
  await see(page, 'compare-banner', '60 shared items');
  await see(page, 'compare-slices', 'section core');
  const flip = page.getByTestId('flip').first();
  expect(await flip.getAttribute('data-kind')).toBe('BROKEN');
  await flip.getByRole('button').first().click();
  await see(page, 'first-divergence', /They part at step 2 of/);
  await page.getByRole('button', { name: 'Show the whole texts' }).click();
  expect(await flip.locator('mark').allTextContents()).toEqual(['5', '-1']);

  await page.getByTestId('swap').click();
  await see(page, 'compare-banner', 'The candidate is better');
  await page.getByRole('link', { name: 'As a table' }).click();
  await page.getByTestId('matrix-row').first().waitFor();
  await page.getByText('the runs disagree on 24').waitFor();
  expect(faults).toEqual([]);
  await page.close();
});

test('an evaluation is searched, and an item opens with the answer marked and the rule in words', async () => {
  const { page, faults } = await openPage(browser, system.url);
  await page.goto(BOARD);
  await rows(page).filter({ hasText: 'broken' }).getByRole('link').nth(1).click();
  await page.waitForURL('**/evaluations/**');
  await see(page, 'slice-scores', 'edge_case');
  await choose(page, 'Outcome', 'Wrong');
  await page.waitForURL('**outcome=WRONG**');
  await page.getByLabel('Search the items').fill('What is 4 + 5');
  await expect.poll(() => page.getByTestId('evaluation-item').count()).toBe(1);
  await page.getByTestId('open-item').click();
  await see(page, 'item-drawer', 'it is not what was expected');
  expect(await page.getByTestId('item-drawer').locator('mark').textContent()).toBe('-1');
  await page.reload();
  await see(page, 'item-drawer', 'What is 4 + 5?');
  await page.getByLabel('Close', { exact: true }).click();

  await page.getByRole('button', { name: 'Where it comes from' }).click();
  await page.getByTestId('provenance-step').filter({ hasText: 'sums-v1' }).last().waitFor();
  expect(await page.getByTestId('provenance').textContent()).toMatch(/[0-9a-f]{64}/);
  await page.getByLabel('Close', { exact: true }).click();

  await page.getByTestId('evaluate-again').click();
  const form = page.getByTestId('evaluate-form');
  await form.getByLabel('Judge', { exact: true }).click();
  await page.getByRole('option').filter({ hasText: 'mock' }).first().click();
  await form.getByTestId('evaluate-start').click();
  await form.waitFor({ state: 'hidden' });
  const incomparable = page.getByTestId('incomparable').filter({ hasText: 'mock@1' });
  await expect
    .poll(async () => {
      await page.goto(BOARD);
      await rows(page).first().waitFor();
      return incomparable.count();
    })
    .toBe(1);
  expect(faults).toEqual([]);
  await page.close();
});

test('a baseline is set, tried on the last runs before it changes, and checked', async () => {
  const { page, faults } = await openPage(browser, system.url);
  await page.goto(BOARD);
  await act(page, 1, 'Set as baseline');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('main');
  await dialog.getByLabel('Tolerance %').fill('five');
  await dialog.getByRole('button', { name: 'Set baseline' }).click();
  await dialog.getByText('write a number').waitFor();
  await dialog.getByLabel('Tolerance %').fill('5');
  await dialog.getByRole('button', { name: 'Set baseline' }).click();
  await dialog.waitFor({ state: 'hidden' });

  await page.goto('/baselines/main');
  await choose(page, 'Run', /#3 broken/);
  await page.getByTestId('check-run').click();
  await page.locator('[data-testid=check-verdict] [data-verdict=REGRESSED]').first().waitFor();
  await page.locator('[data-testid=checks-table] [data-outcome=FAIL]').first().waitFor();
  await page.getByTestId('open-check').click();
  await page
    .getByRole('dialog')
    .getByRole('img', { name: /60 paired items/ })
    .waitFor();
  await page.getByLabel('Close', { exact: true }).click();

  await page.getByTestId('edit-policy').click();
  const tried = page.getByTestId('backtest-row').filter({ hasText: 'broken' });
  await tried.locator('[data-verdict=REGRESSED]').waitFor();
  await page.getByLabel('Tolerance %').fill('99');
  await tried.locator('[data-verdict=PASS]').waitFor();
  await page.getByRole('button', { name: 'Add a floor' }).click();
  await page.getByLabel('Part of floor 1').fill('core');
  await page.getByLabel('Minimum of floor 1 in percent').fill('90');
  await tried.locator('[data-outcome=FAIL]').waitFor();
  await page.getByLabel('Note').fill('the core must hold');
  await page.getByTestId('save-policy').click();
  await see(page, 'policy', 'section core at least 90 %');
  await see(page, 'revisions-table', 'the core must hold');

  await page.getByTestId('promote').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Promote', exact: true }).click();
  await see(page, 'policy', 'run #4');
  await page.goto('/baselines');
  await page.locator('[data-testid=baselines-table] [data-verdict=REGRESSED]').waitFor();
  expect(faults).toEqual([]);
  await page.close();
});

test('a judge is tried on one text, and what is asked can be wrong', async () => {
  const { page, faults } = await openPage(browser, system.url);
  await page.goto('/judges?try=answer_correctness%401');
  await page.getByTestId('try').click();
  await see(page, 'judgement', 'Correct');
  await page.getByLabel('Text of the model').fill('A: 12');
  await page.getByTestId('try').click();
  await see(page, 'judgement', 'Wrong');
  expect(await page.getByTestId('judgement').locator('mark').textContent()).toBe('12');
  await page.getByTestId('judge').filter({ hasText: 'Mock' }).first().waitFor();
  expect(faults).toEqual([]);
  await page.close();
});

test('no page of the proof scrolls sideways on a phone', async () => {
  const { page, faults } = await openPage(browser, system.url, {
    viewport: { width: 375, height: 720 },
  });
  const { leaderboard } = await client.request<{
    leaderboard: { edges: { node: { evaluation: { id: string } } }[] };
  }>(
    '{ leaderboard(filter: { evaluationSetKey: "sums-v1" }) { edges { node { evaluation { id } } } } }',
  );
  const ids = leaderboard.edges.map(({ node }) => encodeURIComponent(node.evaluation.id));
  for (const path of [
    BOARD,
    `/evaluations/${ids[0]}?item=3`,
    `/evaluations/compare?a=${ids[0]}&b=${ids[3]}`,
    `/evaluations/matrix?e=${ids.join(',')}`,
    '/baselines',
    '/baselines/main',
    '/baselines/main?edit=policy',
    '/judges',
  ]) {
    await page.goto(path);
    await page.locator('main h1').first().waitFor();
    await expect.poll(() => page.getByText('Loading', { exact: true }).count()).toBe(0);
    expect(await sideways(page), path).toBeLessThanOrEqual(0);
  }
  expect(faults).toEqual([]);
  await page.close();
});
