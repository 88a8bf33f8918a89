import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import { type Client, openClient } from '../server/demo/client.ts';
import { startBrowser } from './browser.ts';
import { buildDataset } from './loop.ts';
import { openProxy } from './proxy.ts';
import { type System, startSystem } from './system.ts';

let system: System;
let folder: string;
let browser: Browser;
let client: Client;

const step = (i: number, content: string) => ({ i, type: 'compute', content });

/** A trace whose prompt says what it is about. */
function trace(topic: string, number: number, contents: string[], source = 'school') {
  return {
    trace_version: '1',
    prompt: `About ${topic}, number ${number}`,
    steps: contents.map((content, i) => step(i, content)),
    final_answer: String(number),
    meta: { category: topic, source },
  };
}

const ADDITIONS = Array.from({ length: 120 }, (_, n) =>
  trace('addition', n, [`Take ${n} and carry nothing.`]),
);
const DIVISIONS = Array.from({ length: 5 }, (_, n) =>
  trace('division', 1000 + n, ['Split it.', `Bring down the ${n}.`, 'Done.'], 'teacher'),
);
const PAIR = [
  trace('powers', 32, ['We want a power.', 'Two times two.', '2^5 = 32.', 'So 32.']),
  trace('powers', 512, ['We want a power.', 'Two times two.', '2^9 = 512.', 'So 512.', 'Check.']),
];

async function importLines(traces: object[], name: string) {
  const response = await fetch(`${system.url}/import/traces?name=${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: traces.map((one) => JSON.stringify(one)).join('\n'),
  });
  if (!response.ok) throw new Error(await response.text());
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tunix-rt-traces-'));
  [system, browser] = await Promise.all([startSystem(['--no-runner']), startBrowser()]);
  client = openClient(system.url);
  await importLines(DIVISIONS, 'divisions.jsonl');
  await buildDataset(client, 'held', 5);
  await importLines([...ADDITIONS, ...PAIR], 'rest.jsonl');
});

afterAll(async () => {
  await client?.close();
  await browser?.close();
  await system?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** A page whose errors fail the test. */
async function openPage(path: string, options: Parameters<Browser['newPage']>[0] = {}) {
  const page = await browser.newPage({ baseURL: system.url, ...options });
  onTestFailed(async () => {
    await page.screenshot({ path: '.data/e2e-failure.png', fullPage: true });
  });
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(path);
  return { page, faults };
}

const total = (page: Page, text: string) =>
  page
    .getByTestId('total')
    .filter({ hasText: new RegExp(`^${text}$`) })
    .waitFor();
const rows = (page: Page) => page.getByTestId('traces-row');
const query = (page: Page) => new URL(page.url()).searchParams;

/** Puts a file on the page as a person drops it. */
async function drop(page: Page, name: string, text: string) {
  const transfer = await page.evaluateHandle(
    ([fileName, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([content ?? ''], fileName ?? ''));
      return data;
    },
    [name, text],
  );
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
}

test('what is searched for and filtered stands in the URL, and the back button undoes it', async () => {
  const { page, faults } = await openPage('/traces');
  await total(page, '127 traces');
  await page
    .getByTestId('facet-source')
    .getByRole('button', { name: /teacher/ })
    .click();
  await total(page, '5 traces');
  expect(query(page).get('source')).toBe('teacher');

  const search = page.getByTestId('trace-search');
  await search.fill('bring steps:3 ');
  await page.getByTestId('filter-token').filter({ hasText: 'steps' }).waitFor();
  await expect.poll(() => query(page).get('text')).toBe('bring');
  expect(query(page).get('steps')).toBe('3');
  expect(await search.inputValue()).toBe('bring');
  await page.getByTestId('highlight').first().locator('mark', { hasText: 'Bring' }).waitFor();
  const shared = page.url();

  await page.getByRole('button', { name: 'Remove source teacher' }).click();
  await expect.poll(() => query(page).get('source')).toBeNull();
  await page.goBack();
  await page.getByTestId('filter-token').filter({ hasText: 'teacher' }).waitFor();
  expect(page.url()).toBe(shared);

  const other = await openPage(shared);
  await total(other.page, '5 traces');
  expect(await other.page.getByTestId('trace-search').inputValue()).toBe('bring');
  expect([...faults, ...other.faults]).toEqual([]);
  await Promise.all([page.close(), other.page.close()]);
});

test('a condition that cannot be read says so and stops nothing', async () => {
  const { page } = await openPage('/traces?steps=9..2&source=teacher');
  await page.getByText('Write the smaller number first').waitFor();
  await total(page, '5 traces');
  await page.close();
});

test('the list goes on as it is scrolled, is sorted by its heads, and follows the keyboard', async () => {
  const { page, faults } = await openPage('/traces');
  await total(page, '127 traces');
  await page.getByRole('columnheader', { name: /Steps/ }).getByRole('button').click();
  await expect.poll(() => query(page).get('sort')).toBe('steps');
  await rows(page).first().getByText('About powers, number 512').waitFor();
  await expect
    .poll(async () => {
      await page.keyboard.press('End');
      return page.locator('[aria-rowindex="128"]').count();
    })
    .toBe(1);
  expect(await rows(page).count()).toBeLessThan(60);

  await page.keyboard.press('Home');
  await page.keyboard.press('j');
  await page.keyboard.press('o');
  const peek = page.getByTestId('trace-peek');
  await peek.getByTestId('final-answer').filter({ hasText: '512' }).waitFor();
  await page.keyboard.press('j');
  await peek.getByTestId('final-answer').filter({ hasText: /^32$/ }).waitFor();
  await page.goBack();
  await peek.waitFor({ state: 'detached' });
  await page.keyboard.press('Enter');
  await page.waitForURL('**/traces/VHJhY2U*');
  await page.goBack();
  await rows(page).first().waitFor();
  await page.keyboard.press('/');
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByTestId('keys-help').waitFor();
  expect(faults).toEqual([]);
  await page.close();
});

test('traces are tagged one at a time and many at once, and scored', async () => {
  const { page, faults } = await openPage('/traces?source=teacher');
  await total(page, '5 traces');
  await rows(page)
    .first()
    .click({ position: { x: 300, y: 40 } });
  const peek = page.getByTestId('trace-peek');
  await peek.getByLabel('New tag').fill('looked-at');
  await peek.getByRole('button', { name: 'Add' }).click();
  await rows(page).first().getByText('looked-at').waitFor();
  await peek.getByTestId('score-now').click();
  await peek.getByTestId('stored-score').waitFor();
  await page.getByTestId('close-peek').click();

  await page.getByLabel('Select the 5 loaded traces').click();
  await page.getByTestId('tag-selected').click();
  await page.getByRole('dialog').getByLabel('Add').fill('long, hard');
  await page.getByRole('dialog').getByRole('button', { name: 'Tag' }).click();
  await page
    .getByTestId('facet-tag')
    .getByRole('button', { name: /hard\s*5/ })
    .waitFor();
  expect(faults).toEqual([]);
  await page.close();
});

test('two solutions are compared step by step, and the first difference is one key away', async () => {
  const { page, faults } = await openPage('/traces?text=powers');
  await total(page, '2 traces');
  for (const row of await rows(page).all()) await row.getByRole('checkbox').click();
  await page.keyboard.press('c');
  await page.waitForURL('**/traces/compare?*');
  await page.getByTestId('answer-changed').filter({ hasText: 'differ' }).waitFor();
  await page.getByTestId('same-run').filter({ hasText: '2 equal steps' }).waitFor();
  await page
    .getByTestId('value-conflict')
    .filter({ hasText: /2\^[59]/ })
    .first()
    .waitFor();
  expect(await page.getByTestId('step-pair').count()).toBe(3);
  await page.getByTestId('same-run').click();
  expect(await page.getByTestId('step-pair').count()).toBe(5);
  await page.keyboard.press('.');
  const current = page.locator('[data-testid=step-pair][data-current]');
  expect(await current.getAttribute('data-pair')).toBe('2');
  expect(faults).toEqual([]);
  await page.close();
});

test('a dropped file is previewed, mapped, imported, reported, and its bad line is mended', async () => {
  const { page, faults } = await openPage('/traces');
  await total(page, '127 traces');
  const records = Array.from({ length: 30 }, (_, n) =>
    JSON.stringify({ task: { words: `Riddle ${n}` }, working: `Think ${n}.`, verdict: `${n}` }),
  );
  records.splice(3, 0, '{"task": broken');
  await drop(page, 'riddles.jsonl', records.join('\n'));
  const preview = page.getByTestId('import-preview');
  await preview.waitFor();
  const choose = async (label: string, field: string) => {
    await page.getByTestId('mapping-editor').getByLabel(label, { exact: true }).first().click();
    await page.getByRole('option', { name: field, exact: true }).click();
  };
  await choose('Prompt', 'task.words');
  await choose('Final answer', 'verdict');
  await choose('Steps', 'working');
  await preview.getByText('Riddle 0').waitFor();
  await page.getByLabel('Source').last().fill('riddler');
  await page.getByTestId('import-submit').click();

  const report = page.getByTestId('import-report');
  await report.filter({ hasText: '30 new traces of 31 lines' }).waitFor();
  await report.getByRole('row', { name: /^4 BAD_JSON/ }).waitFor();
  await page.getByTestId('fix-lines').click();
  const mending = page.getByTestId('fix-text');
  await expect.poll(() => mending.inputValue()).toBe('{"task": broken');
  await mending.fill('{"task":{"words":"Mended"},"working":"Mend it.","verdict":"42"}');
  await page.getByTestId('fix-submit').click();
  await report.filter({ hasText: '1 new trace of 1 line' }).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  await total(page, '158 traces');

  await page.goto('/traces/imports');
  await page.getByRole('link', { name: 'riddles.jsonl', exact: true }).click();
  await page.getByTestId('one-import').getByText('30 new traces of 31 lines').waitFor();
  await page.getByRole('link', { name: 'See its traces' }).click();
  await total(page, '30 traces');
  expect(faults).toEqual([]);
  await page.close();
});

test('a trace that a dataset holds is not deleted, and says why; another is', async () => {
  const { page, faults } = await openPage('/traces?source=teacher');
  await total(page, '5 traces');
  await rows(page).first().getByRole('link').click();
  await page.getByTestId('used-in').getByText('held-1').waitFor();
  await page.getByTestId('delete-trace').click();
  await page.getByTestId('confirm-delete').click();
  await page
    .getByTestId('delete-refused')
    .getByText(/dataset/)
    .waitFor();

  await page.goto('/traces?text=addition%20119');
  await total(page, '1 trace');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.getByTestId('delete-selected').click();
  await page.getByTestId('confirm-delete').click();
  await total(page, '0 traces');
  expect(faults).toEqual([]);
  await page.close();
});

test('card game traces are looked at before they are stored', async () => {
  const { page, faults } = await openPage('/traces');
  await page.getByTestId('more-actions').click();
  await page.getByTestId('open-ungar').click();
  await page.getByLabel('How many').fill('3');
  await page.getByTestId('ungar-show').click();
  await page.getByTestId('ungar-preview').getByRole('listitem').nth(2).waitFor();
  await page.getByTestId('ungar-store').click();
  await page.getByText('3 new traces, 0 traces already known').waitFor();
  expect(faults).toEqual([]);
  await page.close();
});

test('list, trace, comparison and imports are readable on a phone, filters included', async () => {
  const { page, faults } = await openPage('/traces', { viewport: { width: 375, height: 720 } });
  await rows(page).first().waitFor();
  await page.getByTestId('open-filter-drawer').click();
  await page.getByRole('dialog').getByTestId('facet-source').getByText('teacher').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await total(page, '5 traces');
  const links = await rows(page).getByRole('link').all();
  const [a = '', b = ''] = await Promise.all(
    links.map(async (link) => (await link.getAttribute('href'))?.split('/').pop() ?? ''),
  );
  for (const path of [
    '/traces',
    `/traces/${a}`,
    `/traces/compare?a=${a}&b=${b}`,
    '/traces/imports',
  ]) {
    await page.goto(path);
    await page.locator('main h1').first().waitFor();
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(sideways, path).toBe(0);
  }
  expect(faults).toEqual([]);
  await page.close();
});

/** Begins the import of a file that takes seconds; returns when the server has counted some of it. */
async function startLongImport(page: Page, word: string, lines: number) {
  const steps = Array.from({ length: 6 }, (_, i) => step(i, `Say ${word} again. `.repeat(12)));
  const text = Array.from({ length: lines }, (_, n) =>
    JSON.stringify({ ...trace(word, n, []), steps }),
  ).join('\n');
  await page.goto('/traces?import=open');
  // From the disk, as a person does it: as bytes it would go through the browser's control line first.
  const file = join(folder, `${word}.jsonl`);
  await writeFile(file, text);
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByTestId('import-preview').waitFor();
  await page.getByTestId('import-submit').click();
  await page
    .getByTestId('import-running')
    .getByText(/[1-9][\d,]* new/)
    .waitFor();
}

test('an import goes on where its connection was lost', async () => {
  await using proxy = await openProxy(system.url);
  const { page } = await openPage('/', { baseURL: proxy.url });
  await startLongImport(page, 'echo', 20_000);
  expect(proxy.cut()).toBeGreaterThan(0);
  const report = page.getByTestId('import-report');
  await report.getByText('20,000 new traces of 20,000 lines').waitFor({ timeout: 300_000 });
  await page.close();
});

test('a cancelled import keeps what it has read and says so', async () => {
  const { page, faults } = await openPage('/');
  await startLongImport(page, 'halt', 20_000);
  await page.getByTestId('import-cancel').click();
  await page
    .getByTestId('import-report')
    .getByText(/was cancelled/)
    .waitFor();
  await page.goto('/traces/imports');
  const row = page.getByTestId('import-row').filter({ hasText: 'halt.jsonl' });
  await row.getByText('Cancelled').waitFor();
  // The browser notes that the upload was answered with a refusal.
  expect(faults.filter((fault) => !fault.includes('409'))).toEqual([]);
  await page.close();
});
