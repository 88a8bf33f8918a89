import { createClient } from 'graphql-ws';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { openClient } from '../server/demo/client.ts';
import { FORMS, type Form, openContext, settle, violations } from './axe.ts';
import { startBrowser } from './browser.ts';
import { buildDataset, importSamples } from './loop.ts';
import { openPage as openBrowserPage, see, sideways } from './page.ts';
import { type System, startSystem } from './system.ts';

const ADA = { name: 'Ada Lovelace', email: 'ada@example.org', password: 'correct horse battery' };
const VIC = { name: 'Vic Viewer', email: 'vic@example.org', password: 'staple of the viewer' };

let system: System;
let browser: Browser;

beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem([], { AUTH: 'on' }), startBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await system?.[Symbol.asyncDispose]();
});

const openPage = (options?: Parameters<Browser['newPage']>[0]) =>
  openBrowserPage(browser, system.url, options);

const untilLive = (page: Page) =>
  page.locator('[data-testid=live-pill][data-state=live]').waitFor();

async function accept(page: Page, link: string, who: typeof ADA) {
  await page.goto(link);
  const form = page.getByTestId('accept-form');
  await form.getByLabel('Name').fill(who.name);
  await form.getByLabel('Password', { exact: true }).fill(who.password);
  await form.getByLabel('Password again').fill(who.password);
  return form;
}

async function signIn(page: Page, who: typeof ADA) {
  const form = page.getByTestId('sign-in-form');
  await form.getByLabel('Email').fill(who.email);
  await form.getByLabel('Password', { exact: true }).fill(who.password);
  await form.getByTestId('sign-in').click();
}

/** Everybody who may read may ask this; only some may do it. */
const deleteTrace = (page: Page) =>
  page.evaluate(async () => {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: 'mutation { deleteTrace(input: { id: "none" }) { __typename } }',
      }),
    });
    return (await response.json()) as { errors?: { extensions: { code: string } }[] };
  });

/** When a socket with this key is closed, and how. */
function closingOf(key: string) {
  const opened = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<number>();
  const client = createClient({
    url: `${system.url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    lazy: false,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${key}` },
    onNonLazyError: () => undefined,
    on: {
      connected: () => opened.resolve(),
      closed: (event) => closed.resolve((event as CloseEvent).code),
    },
  });
  return { opened: opened.promise, closed: closed.promise, dispose: () => client.dispose() };
}

// The accounts of the first test are used by those that follow.
test('the link that the start prints makes the first admin, who leaves and comes back', async () => {
  const { page, faults } = await openPage();
  await page.goto('/runs?sort=oldest');
  await page.waitForURL('**/sign-in?next=*');
  await page.getByTestId('needs-setup').waitFor();

  const link = /http:\S+\/invitation\?token=\S+/.exec(system.output())?.[0] ?? '';
  const form = await accept(page, link, ADA);
  await form.getByLabel('Email').fill(ADA.email);
  await form.getByTestId('make-account').click();
  await page.waitForURL(`${system.url}/`);
  await untilLive(page);

  await page.getByTestId('account-menu').click();
  await see(page, 'who', 'Administrator');
  await page.getByTestId('sign-out').click();
  await page.waitForURL('**/sign-in');
  await page.goto('/runs?sort=oldest');
  await signIn(page, ADA);
  await page.waitForURL('**/runs?sort=oldest');
  await untilLive(page);
  expect(faults).toEqual([]);

  await page.goto(link);
  await page.getByTestId('invitation-fault').waitFor();
  await page.close();
});

test('a wrong password says so and keeps the address of who tried', async () => {
  const { page } = await openPage();
  await page.goto('/sign-in?next=//other.example.org/');
  await signIn(page, { ...ADA, password: 'not this one' });
  await see(page, 'sign-in-fault', 'is wrong');
  expect(await page.getByLabel('Email').inputValue()).toBe(ADA.email);
  await signIn(page, ADA);
  await page.waitForURL(`${system.url}/`);
  await page.close();
});

test('a key works until it is revoked, and what it had open is closed', async () => {
  const { page, faults } = await openPage();
  await page.goto('/settings/keys');
  await signIn(page, ADA);
  await page.getByTestId('create-key').click();
  const form = page.getByTestId('create-key-form');
  await form.getByLabel('Name').fill('notebook');
  for (const scope of ['TRACES_WRITE', 'DATASETS_WRITE', 'RUNS_WRITE']) {
    await form.locator(`input[value=${scope}]`).check();
  }
  await form.getByTestId('make-key').click();
  const secret = (await page.getByLabel('key', { exact: true }).textContent())?.trim() ?? '';
  expect(secret).toMatch(/^trt_k_/);
  await page.getByTestId('key-done').click();

  const client = openClient(system.url, secret);
  await importSamples(client, 20, 3);
  const datasetKey = await buildDataset(client, 'shared', 20);
  const { createRun } = await client.request<{ createRun: { run: { number: number } } }>(
    `mutation Dry($input: CreateRunInput!) {
       createRun(input: $input) { ... on CreateRunPayload { run { number } } } }`,
    { input: { datasetKey, modelId: 'qwen3-tiny' } },
  );
  const socket = closingOf(secret);
  await socket.opened;

  await page.goto('/runs');
  await see(page, 'run-who', 'key notebook of ada');
  await page.goto('/settings/keys');
  await page.getByRole('button', { name: 'Revoke notebook' }).click();
  await page.getByTestId('confirm-revoke').click();
  await page.locator('[data-testid=api-key][data-state=revoked]').waitFor();
  expect(await socket.closed).toBe(4403);
  await expect(client.request('{ overview { traceCount } }')).rejects.toThrow();
  await socket.dispose();
  await client.close();

  await page.goto('/audit?action=createRun');
  const entry = page.locator('[data-testid=audit-entry][data-outcome=OK]');
  await entry.filter({ hasText: 'key notebook of ada@example.org' }).waitFor();
  await entry.getByRole('link', { name: 'open' }).click();
  await page.waitForURL(`**/runs/${createRun.run.number}`);
  expect(faults).toEqual([]);
  await page.close();
});

test('an invited viewer sees everything and is offered nothing that changes it', async () => {
  const { page } = await openPage();
  await page.goto('/settings/members');
  await signIn(page, ADA);
  await page.getByTestId('invite').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'Viewer' }).check();
  await dialog.getByLabel('Email').fill(VIC.email);
  await dialog.getByTestId('make-invitation').click();
  const link = (await dialog.getByLabel('link', { exact: true }).textContent())?.trim() ?? '';
  await page.close();

  const { page: theirs, faults } = await openPage();
  const form = await accept(theirs, link, VIC);
  expect(await form.getByLabel('Email').inputValue()).toBe(VIC.email);
  await form.getByTestId('make-account').click();
  await untilLive(theirs);

  await theirs.goto('/traces');
  await theirs.getByRole('table', { name: 'Traces' }).waitFor();
  expect(await theirs.getByTestId('open-import').count()).toBe(0);
  await theirs.goto('/datasets/shared-1');
  await theirs.getByRole('heading', { name: 'shared-1' }).waitFor();
  expect(await theirs.getByTestId('train-on-this').count()).toBe(0);
  await theirs.goto('/runs/1');
  await theirs.getByTestId('run-more').waitFor();
  expect(await theirs.getByTestId('clone').count()).toBe(0);
  for (const path of ['/runs/new', '/datasets/new', '/evaluation-sets/new', '/audit']) {
    await theirs.goto(path);
    await theirs.getByTestId('not-allowed').waitFor();
  }
  await theirs.goto('/settings');
  await theirs.getByTestId('tab-profile').waitFor();
  expect(await theirs.getByTestId('tab-members').count()).toBe(0);
  expect((await deleteTrace(theirs)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  expect(faults).toEqual([]);
  await theirs.close();
});

test('who forgot a password gets in by a link that an admin makes', async () => {
  const { page } = await openPage();
  await page.goto('/settings/members');
  await signIn(page, ADA);
  const row = page.locator(`[data-testid=member][data-email="${VIC.email}"]`);
  await row.getByTestId('reset-password').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByTestId('make-reset').click();
  const link = (await dialog.getByLabel('link', { exact: true }).textContent())?.trim() ?? '';
  await page.close();

  const { page: theirs, faults } = await openPage();
  await theirs.goto(link);
  const form = theirs.getByTestId('new-password-form');
  expect(await form.getByLabel('Email').inputValue()).toBe(VIC.email);
  await form.getByLabel('New password', { exact: true }).fill('a password to remember');
  await form.getByLabel('New password again').fill('a password to remember');
  await form.getByTestId('take-new-password').click();
  await untilLive(theirs);
  expect(faults).toEqual([]);
  await theirs.goto(link);
  await theirs.getByTestId('invitation-fault').waitFor();
  await theirs.close();
});

test('a session that ends keeps what is typed, and goes on after the password', async () => {
  const { page } = await openPage();
  await page.goto('/runs/new');
  await signIn(page, ADA);
  const form = page.getByTestId('new-run-form');
  await form.getByTestId('toggle-advanced').click();
  await form.getByLabel('Name', { exact: true }).fill('half a day of thought');
  // The preview has answered: nothing but the button asks the server now.
  await form.locator('[data-testid=submit]:enabled').waitFor();
  await page.context().clearCookies();
  await form.getByTestId('submit').click();

  const again = page.getByTestId('sign-in-again');
  await again.waitFor();
  expect(await again.getByLabel('Email').inputValue()).toBe(ADA.email);
  await again.getByLabel('Password', { exact: true }).fill(ADA.password);
  await again.getByTestId('sign-in').click();
  await again.waitFor({ state: 'hidden' });
  await page.waitForURL('**/runs/2**');
  await page.getByRole('heading', { name: /half a day of thought/ }).waitFor();
  await page.close();
});

test('the pages of access are readable on a phone, without sideways scrolling', async () => {
  const { page, faults } = await openPage({ viewport: { width: 375, height: 720 } });
  await page.goto('/sign-in');
  await page.getByTestId('sign-in-form').waitFor();
  expect(await sideways(page)).toBeLessThanOrEqual(0);
  await signIn(page, ADA);
  await untilLive(page);
  const tabs = ['profile', 'members', 'keys', 'storage', 'limits', 'appearance'];
  for (const path of [...tabs.map((tab) => `/settings/${tab}`), '/audit']) {
    await page.goto(path);
    await page.locator('main h1').first().waitFor();
    await page.locator('main section').first().waitFor();
    expect(await sideways(page), path).toBeLessThanOrEqual(0);
  }
  expect(faults).toEqual([]);
  await page.close();
});

test.each(Object.keys(FORMS) as Form[])(
  'the pages of access can be used by everybody, %s',
  async (form) => {
    const context = await openContext(browser, system.url, form);
    const page = await context.newPage();
    await page.goto('/sign-in');
    await page.getByTestId('sign-in-form').waitFor();
    expect(await violations(page), 'sign-in').toEqual([]);
    await signIn(page, ADA);
    await untilLive(page);
    for (const path of ['profile', 'members', 'keys']
      .map((tab) => `/settings/${tab}`)
      .concat('/audit')) {
      await page.goto(path);
      await settle(page);
      expect(await violations(page), path).toEqual([]);
    }
    await page.getByTestId('account-menu').click();
    await page.getByTestId('sign-out').waitFor();
    expect(await violations(page), 'the account').toEqual([]);
    await page.goto('/settings/keys');
    await page.getByTestId('create-key').click();
    await page.getByTestId('create-key-form').waitFor();
    expect(await violations(page), 'a new key').toEqual([]);
    await context.close();
  },
);
