import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, openClient } from '../server/demo/client.ts';
import { createDatabase, type TestDatabase } from '../server/test/database.ts';
import { startBrowser } from './browser.ts';
import { type LongLog, lineText, stderrLines, storeLongLog } from './longLog.ts';
import { buildDataset, importSamples } from './loop.ts';
import { openPage, see, sideways } from './page.ts';
import { openProxy } from './proxy.ts';
import { type System, startSystem } from './system.ts';

const LINES = 1_000_000;
const NEEDLES = [654_321, 765_432];

let database: TestDatabase;
let system: System;
let browser: Browser;
let client: Client;
let long: LongLog;

beforeAll(async () => {
  database = await createDatabase();
  [system, browser] = await Promise.all([
    startSystem(['--no-runner'], { DATABASE_URL: database.url }),
    startBrowser(),
  ]);
  client = openClient(system.url);
  await importSamples(client, 20);
  await buildDataset(client, 'logs', 20);
  long = await storeLongLog(database.url, LINES, NEEDLES);
});

afterAll(async () => {
  await long?.[Symbol.asyncDispose]();
  await client?.close();
  await browser?.close();
  await system?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
});

const row = (page: Page, seq: number) =>
  page.locator(`[data-testid=log-lines] [data-seq="${seq}"]`);

/** Waits until a line is seen whole, with its text. */
async function seeLine(page: Page, seq: number, text: string) {
  await row(page, seq).filter({ hasText: text }).waitFor();
  await expect
    .poll(() =>
      row(page, seq).evaluate((line) => {
        const box = line.closest('[data-testid=log-lines]')?.getBoundingClientRect();
        const { top, bottom } = line.getBoundingClientRect();
        return box !== undefined && top >= box.top - 1 && bottom <= box.bottom + 1;
      }),
    )
    .toBe(true);
}

/** The numbers and texts of the rows that are drawn. */
const drawn = (page: Page): Promise<[seq: number, text: string][]> =>
  page
    .locator('[data-testid=log-lines] [data-seq]')
    .evaluateAll((rows) =>
      rows.map((one): [number, string] => [
        Number(one.getAttribute('data-seq')),
        one.querySelector('[data-text]')?.textContent ?? '',
      ]),
    );

async function openLog(number: number, query = '', options?: Parameters<Browser['newPage']>[0]) {
  const { page, faults } = await openPage(browser, system.url, options);
  await page.goto(`/runs/${number}?tab=logs${query}`);
  await page.getByTestId('log-lines').waitFor();
  return { page, faults };
}

test('a log of a million lines opens at its end, with few rows in the page', async () => {
  const { page, faults } = await openLog(long.number);
  await seeLine(page, LINES, lineText(LINES));
  await see(page, 'log-state', 'Live 1,000,000');
  const rows = await drawn(page);
  expect(rows.length).toBeLessThanOrEqual(300);
  expect(rows.map(([seq]) => seq)).toEqual(rows.map((_, index) => LINES - rows.length + 1 + index));
  expect(faults).toEqual([]);
  await page.close();
});

test('a jump shows exactly the line, and scrolling goes on from there line by line', async () => {
  const { page } = await openLog(long.number);
  await page.getByLabel('Go to line').fill('500000');
  await page.getByLabel('Go to line').press('Enter');
  await seeLine(page, 500_000, lineText(500_000));
  expect(new URL(page.url()).hash).toBe('#L500000');

  const place = () => row(page, 500_000).evaluate((line) => line.getBoundingClientRect().top);
  const before = await place();
  await page.getByTestId('log-lines').hover();
  await page.mouse.wheel(0, 100);
  await expect.poll(async () => Math.round(before - (await place()))).toBe(100);

  await page.getByTestId('log-lines').press('Home');
  await seeLine(page, 1, lineText(1));
  await page.getByTestId('log-lines').press('PageDown');
  await expect.poll(() => row(page, 1).count()).toBe(1);
  await page.getByTestId('log-lines').press('End');
  await seeLine(page, LINES, lineText(LINES));
  for (const [seq, text] of await drawn(page)) expect(text).toBe(lineText(seq));
  await page.close();
});

test('a search finds lines that were never loaded, and n goes on to the next', async () => {
  const { page } = await openLog(long.number);
  await page.getByLabel('Search all lines').fill('NEEDLE');
  await see(page, 'log-matches', '1 of 2');
  await seeLine(page, 654_321, 'here is the needle');
  await page.getByTestId('log-lines').focus();
  await page.keyboard.press('n');
  await see(page, 'log-matches', '2 of 2');
  await seeLine(page, 765_432, 'here is the needle');
  await page.keyboard.press('n');
  await see(page, 'log-matches', '1 of 2');
  await page.keyboard.press('N');
  await see(page, 'log-matches', '2 of 2');
  expect(await row(page, 765_432).locator('[data-found]').textContent()).toBe('needle');

  await page.getByLabel('Match case').click();
  await see(page, 'log-matches', 'no match');
  await page.close();
});

test('a link to lines opens and marks them, and marking others changes the link', async () => {
  const { page } = await openLog(long.number, '#L1042-1045');
  await seeLine(page, 1042, lineText(1042));
  const marked = () =>
    page
      .locator('[data-testid=log-lines] [data-marked]')
      .evaluateAll((rows) => rows.map((one) => Number(one.getAttribute('data-seq'))));
  await expect.poll(marked).toEqual([1042, 1043, 1044, 1045]);
  await see(page, 'log-marked', 'Lines 1,042–1,045');

  await page.getByLabel('Line 1040', { exact: true }).click();
  await page.getByLabel('Line 1043', { exact: true }).click({ modifiers: ['Shift'] });
  await expect.poll(marked).toEqual([1040, 1041, 1042, 1043]);
  expect(new URL(page.url()).hash).toBe('#L1040-1043');

  await page.getByLabel('Search all lines').fill('needle');
  await seeLine(page, 654_321, 'here is the needle');
  await page.close();
});

test('one stream lists only its lines, from the place somebody looks at', async () => {
  const { page } = await openLog(long.number, '&stream=stderr');
  const stderr = stderrLines(LINES);
  await page.getByText(`${stderr.toLocaleString('en-US')} lines of 1,000,000 lines`).waitFor();
  await seeLine(page, 958_000, lineText(958_000));
  const streams = () =>
    page
      .locator('[data-testid=log-lines] [data-seq]')
      .evaluateAll((rows) => [...new Set(rows.map((one) => one.getAttribute('data-stream')))]);
  expect(await streams()).toEqual(['STDERR']);

  // Far from what is listed; the next line of the stream is shown.
  await page.getByLabel('Go to line').fill('500000');
  await page.getByLabel('Go to line').press('Enter');
  await seeLine(page, 507_001, lineText(507_001));
  await expect.poll(streams).toEqual(['STDERR']);

  await page.getByText(/^stdout/).click();
  await seeLine(page, 507_001, lineText(507_001));
  await row(page, 507_000).waitFor();
  expect(await row(page, 507_000).getAttribute('data-stream')).toBe('STDOUT');
  await page.getByText(/^stdout/).click();
  await expect.poll(streams).toEqual(['STDERR']);
  await seeLine(page, 507_001, lineText(507_001));
  await page.close();
});

test('new lines are followed at the end, counted elsewhere, and survive lost connections', async () => {
  await using run = await storeLongLog(database.url, 5_000);
  await using proxy = await openProxy(system.url);
  const { page } = await openPage(browser, proxy.url);
  await page.goto(`/runs/${run.number}?tab=logs`);
  await seeLine(page, 5_000, lineText(5_000));
  await see(page, 'log-state', 'Live 5,000');

  await run.append('fresh', 40);
  await seeLine(page, 5_040, 'fresh 40');

  await page.getByTestId('log-lines').hover();
  await page.mouse.wheel(0, -2_000);
  await see(page, 'log-follow', 'To the end');
  await run.append('unseen', 128);
  await see(page, 'log-follow', '▼ 128 new lines');
  await page.getByTestId('log-follow').click();
  await seeLine(page, 5_168, 'unseen 128');

  await run.write('42 % of it\r43 % of it');
  await page.locator('[data-open]').filter({ hasText: '43 % of it' }).waitFor();
  await run.write('44 % of it');
  await page.locator('[data-open]').filter({ hasText: '44 % of it' }).waitFor();
  await run.write('');

  let last = 5_168;
  for (let cut = 1; cut <= 20; cut++) {
    await expect.poll(() => proxy.cut()).toBeGreaterThan(0);
    await run.append(`after cut ${cut}, line`, 10);
    last += 10;
  }
  await seeLine(page, last, 'after cut 20, line 10');
  await run.complete();
  await see(page, 'log-state', `Complete ${last.toLocaleString('en-US')}/`);
  const texts = new Map<number, string>();
  for (const seq of [5_200, 5_270, 5_340]) {
    await page.getByLabel('Go to line').fill(String(seq));
    await page.getByLabel('Go to line').press('Enter');
    await seeLine(page, seq, 'after cut');
    for (const [at, text] of await drawn(page)) texts.set(at, text);
  }
  for (let seq = 5_169; seq <= last; seq++) {
    const nth = seq - 5_169;
    const text = `after cut ${Math.floor(nth / 10) + 1}, line ${(nth % 10) + 1}`;
    expect(texts.get(seq)).toBe(text);
  }
  await page.close();
});

test('long lines wrap, and the end, a jump and the start are where they should be', async () => {
  const { page, faults } = await openLog(long.number, '&wrap=on', {
    viewport: { width: 375, height: 720 },
  });
  await seeLine(page, LINES, lineText(LINES));
  expect(await sideways(page)).toBeLessThanOrEqual(0);
  await page.getByLabel('Go to line').fill('654321');
  await page.getByLabel('Go to line').press('Enter');
  await seeLine(page, 654_321, 'here is the needle');
  await page.getByTestId('log-lines').press('Home');
  await seeLine(page, 1, lineText(1));
  expect(faults).toEqual([]);
  await page.close();
});

test('the keys of the viewer are listed, and all of a run page fits a phone', async () => {
  const { page } = await openLog(long.number, '', { viewport: { width: 375, height: 720 } });
  await page.getByTestId('log-lines').focus();
  await page.keyboard.press('?');
  await see(page, 'keys-help', 'Search all lines');
  await page.keyboard.press('Escape');
  const tabs = [
    'overview',
    'metrics',
    'logs',
    'artifacts',
    'results',
    'config',
    'events',
    'lineage',
  ];
  for (const tab of tabs) {
    await page.goto(`/runs/${long.number}?tab=${tab}`);
    await page.locator(`[data-testid=tab-${tab}][aria-selected=true]`).waitFor();
    expect(await sideways(page), tab).toBeLessThanOrEqual(0);
  }
  await page.close();
});
