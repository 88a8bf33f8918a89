import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openClient } from '../server/demo/client.ts';
import { startBrowser } from './browser.ts';
import { importSamples } from './loop.ts';
import { openPage, see, sideways } from './page.ts';
import { type System, startSystem } from './system.ts';

let system: System;
let browser: Browser;

beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(), startBrowser()]);
  await importLines('lessons', LESSONS);
  const client = openClient(system.url);
  await importSamples(client, 80, 5);
  await client.close();
});

afterAll(async () => {
  await browser?.close();
  await system?.[Symbol.asyncDispose]();
});

const lesson = (prompt: string, steps: string[], answer: string) => ({
  trace_version: '1',
  prompt,
  steps: steps.map((content, i) => ({ i, type: 'think', content })),
  final_answer: answer,
});

const REPEATS = 'How many sides has a hexagon drawn on the blackboard?';
const STRAYS = 'Which planet is nearest to our sun?';

/** Questions that have nothing in common, two of them with a defect. */
const LESSONS = [
  lesson('What is the capital of Portugal?', ['The capital is Lisbon.'], 'Lisbon'),
  lesson('Add seven and five.', ['7 + 5 = 12'], '12'),
  lesson(
    'Who painted the ceiling of the Sistine Chapel?',
    ['It was Michelangelo.'],
    'Michelangelo',
  ),
  lesson('Name a metal that is liquid at room temperature.', ['That is mercury.'], 'mercury'),
  lesson('In which year did the first moon landing happen?', ['It happened in 1969.'], '1969'),
  lesson(REPEATS, ['Count them: six.', 'Count them: six.'], 'six'),
  lesson(STRAYS, ['Venus comes second.'], 'Mercury, of course'),
  lesson('Translate the German word Baum.', ['Baum means tree.'], 'tree'),
];

async function importLines(source: string, lines: readonly object[]) {
  const response = await fetch(`${system.url}/import/traces?source=${source}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  });
  if (!response.ok) throw new Error(await response.text());
}

/** Fills the build form of the open page and sends it. */
async function build(page: Page, name: string, version: string) {
  const form = page.getByTestId('new-dataset-form');
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Version').fill(version);
  await form.getByTestId('submit').click();
}

test('a defect is found, waived or left out of the next version, and the diff shows what went', async () => {
  const { page, faults } = await openPage(browser, system.url);
  await page.goto('/datasets/new?source=lessons');
  await build(page, 'clean', 'v1');
  await page.waitForURL('**/datasets/clean-v1');
  await page.getByTestId('tab-checks').click();
  await page.locator('[data-testid=check] [data-status=COMPLETED]').waitFor({ timeout: 120_000 });
  const finding = (prompt: string) => page.getByTestId('finding').filter({ hasText: prompt });
  await finding(REPEATS).filter({ hasText: 'Repeated step' }).waitFor();
  await finding(STRAYS).filter({ hasText: 'Answer not in the last step' }).waitFor();

  await finding(REPEATS).getByTestId('waive').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('said twice on purpose');
  await dialog.getByRole('button', { name: 'Waive' }).click();
  await finding(REPEATS).waitFor({ state: 'detached' });
  await page.getByText('Waived', { exact: true }).click();
  await see(page, 'waiver', 'said twice on purpose');
  await page.getByText('Open', { exact: true }).click();
  await finding(STRAYS).waitFor();

  await page.getByTestId('exclude-findings').click();
  await page.waitForURL('**/datasets/new?**');
  await see(page, 'exclude-notice', '1 finding');
  await see(page, 'selection-count', '7 of 7 matching');
  const form = page.getByTestId('new-dataset-form');
  expect(await form.getByLabel('Name').inputValue()).toBe('clean');
  expect(await form.getByLabel('Version').inputValue()).toBe('v2');
  await form.getByTestId('submit').click();
  await page.waitForURL('**/datasets/clean-v2');

  await page.getByTestId('tab-diff').click();
  const entry = page.getByTestId('diff-entry');
  await entry.filter({ hasText: STRAYS }).filter({ hasText: 'Removed' }).waitFor();
  expect(await entry.filter({ hasNotText: /^Moved/ }).count()).toBe(1);
  await page.goto('/datasets/diff?from=clean-v2&to=clean-v1&kind=ADDED');
  await entry.filter({ hasText: STRAYS }).filter({ hasText: 'Added' }).waitFor();
  expect(await entry.count()).toBe(1);
  await page.goto('/datasets/clean-v2?tab=versions');
  await see(page, 'version-delta', '−1');
  expect(faults).toEqual([]);
  await page.close();
});

test('a render preview shows the text at once and then which tokens are learnt', async () => {
  const { page, faults } = await openPage(browser, system.url);
  await page.goto('/datasets/clean-v1?tab=render&tokens=16');
  await page.getByTestId('render-preview').getByText('<|im_start|>user').first().waitFor();
  await page
    .locator('[data-testid=render-preview][data-status=COMPLETED]')
    .waitFor({ timeout: 120_000 });
  await see(page, 'render-tokens', /[1-9]\d* cut off/);
  await page.getByLabel('Max tokens').fill('900');
  await see(page, 'token-count', /\d+ tokens, [1-9]\d* with loss/);
  await see(page, 'render-tokens', /\b0 cut off/);
  expect(faults).toEqual([]);
  await page.close();
});

test('a dataset is built from a previewed selection, and a taken version is told at its field', async () => {
  const { page, faults } = await openPage(browser, system.url);
  await page.goto('/datasets/new?source=lessons');
  await see(page, 'filter-token', 'lessons');
  await see(page, 'selection-count', '8 of 8 matching');
  await see(page, 'selection-sample', STRAYS);

  const form = page.getByTestId('new-dataset-form');
  await form.getByLabel('At most').fill('6');
  await see(page, 'selection-count', '6 of 8 matching');
  await form.getByLabel('Train %').fill('90');
  await form.getByText('add up to 110 %').waitFor();
  await form.getByLabel('Train %').fill('80');
  await form.getByLabel('Note').fill('the first lesson');
  await build(page, 'lessons', 'v1');
  await page.waitForURL('**/datasets/lessons-v1');

  await page.goto('/datasets/new?source=lessons');
  await see(page, 'selection-count', '8 of 8');
  await build(page, 'lessons', 'v1');
  const version = form.getByLabel('Version');
  await form.getByText(/lessons-v1.*(exists|taken)/i).waitFor();
  expect(await version.getAttribute('aria-invalid')).toBe('true');
  await page.getByRole('button', { name: 'Take v2' }).click();
  await form.getByTestId('submit').click();
  await page.waitForURL('**/datasets/lessons-v2');

  await page.goto('/datasets?text=lessons');
  await page.getByTestId('dataset-row').nth(1).waitFor();
  expect(await page.getByTestId('dataset-row').allTextContents()).toEqual([
    expect.stringContaining('lessons-v2'),
    expect.stringContaining('lessons-v1'),
  ]);
  await page.goto('/datasets/lessons-v1?tab=recipe');
  await see(page, 'recipe-words', 'from “lessons”');
  await page.getByText('the first lesson').waitFor();
  expect(faults).toEqual([]);
  await page.close();
});

test('items are filtered by side and opened beside the list, all in the URL', async () => {
  const { page, faults } = await openPage(browser, system.url);
  await page.goto('/datasets/new');
  await page.getByTestId('new-dataset-form').getByLabel('At most').fill('88');
  await build(page, 'mixed', 'v1');
  await page.waitForURL('**/datasets/mixed-v1');
  await page.getByTestId('dataset-item').nth(49).waitFor();
  await page.getByTestId('load-more').click();
  await page.getByTestId('dataset-item').nth(87).waitFor();

  await page.getByText('Test', { exact: true }).click();
  await page.waitForURL('**split=TEST**');
  await expect
    .poll(
      async () =>
        new Set(await page.locator('[data-testid=dataset-item] td:last-child').allTextContents()),
    )
    .toEqual(new Set(['test']));
  const first = page.getByTestId('dataset-item').first().getByRole('button');
  const prompt = (await first.textContent()) ?? '';
  await first.click();
  await see(page, 'trace-drawer', prompt);
  await page.reload();
  await see(page, 'trace-drawer', prompt);
  expect(faults).toEqual([]);
  await page.close();
});

test('an evaluation set is mended by its report and filtered by its parts', async () => {
  const { page, faults } = await openPage(browser, system.url);
  await page.goto('/evaluation-sets/new');
  const item = (id: string, section: string) =>
    JSON.stringify({ id, prompt: `Question ${id}?`, expected_answer: id, section });
  const lines = [item('a', 'core'), '{"id": "b"}', item('a', 'edge_case')];
  const form = page.getByTestId('new-evaluation-set-form');
  await form.getByTestId('set-text').fill(lines.join('\n'));
  await form.getByLabel('Name').fill('quiz');
  const issue = page.getByTestId('set-issue');
  await issue.filter({ hasText: /^2/ }).first().waitFor();
  await issue.filter({ hasText: /^3/ }).first().waitFor();
  expect(await form.getByTestId('submit').isDisabled()).toBe(true);

  const mended = [item('a', 'core'), item('b', 'core'), item('c', 'edge_case')];
  await form.getByTestId('set-text').fill(mended.join('\n'));
  await see(page, 'set-verdict', 'Can be stored');
  await form.getByTestId('submit').click();
  await page.waitForURL('**/evaluation-sets/quiz-v1');
  await page.getByTestId('set-item').nth(2).waitFor();
  await page.goto('/evaluation-sets/quiz-v1?section=edge_case');
  await page.getByTestId('set-item').filter({ hasText: 'Question c?' }).waitFor();
  expect(await page.getByTestId('set-item').count()).toBe(1);
  expect(faults).toEqual([]);
  await page.close();
});

test('every export link answers', async () => {
  const { page, faults } = await openPage(browser, system.url);
  await page.goto('/datasets/clean-v1?tab=export&split=TRAIN');
  const fetchLink = async (name: string) => {
    const href = await page.getByTestId(`export-${name}`).getAttribute('href');
    const response = await fetch(new URL(href ?? '', system.url));
    expect(response.status, name).toBe(200);
    return response.text();
  };
  for (const format of ['trace', 'tunix_sft', 'training_example']) {
    const lines = (await fetchLink(format)).trimEnd().split('\n');
    expect(lines.length, format).toBeLessThanOrEqual(LESSONS.length);
    for (const line of lines) expect(JSON.parse(line), format).toBeTypeOf('object');
  }
  expect(JSON.parse(await fetchLink('manifest'))).toMatchObject({ dataset_key: 'clean-v1' });
  expect(faults).toEqual([]);
  await page.close();
});

test('no page of datasets or evaluation sets scrolls sideways on a phone', async () => {
  const { page, faults } = await openPage(browser, system.url, {
    viewport: { width: 375, height: 720 },
  });
  const tabs = ['items', 'checks', 'diff', 'versions', 'render', 'recipe', 'runs', 'export'];
  const isWithin = async (place: string) => {
    await page.locator('main h1').first().waitFor();
    await expect.poll(() => page.getByText('Loading', { exact: true }).count()).toBe(0);
    expect(await sideways(page), place).toBeLessThanOrEqual(0);
  };
  for (const path of [
    '/datasets',
    '/datasets/new?parent=clean-v1&exclude=findings',
    '/datasets/diff?from=clean-v1&to=clean-v2',
    '/evaluation-sets',
    '/evaluation-sets/new',
    '/evaluation-sets/quiz-v1',
    '/datasets/clean-v1',
  ]) {
    await page.goto(path);
    await isWithin(path);
  }
  for (const tab of tabs) {
    await page.getByTestId(`tab-${tab}`).click();
    await isWithin(tab);
  }
  expect(faults).toEqual([]);
  await page.close();
});
