/** What hostile content cannot do in a real browser, and that our own pages need nothing forbidden. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { globalId } from '../schema/ids.ts';
import type { App } from '../server/app.ts';
import { openServer } from '../server/test/http.ts';
import { makeDataset, makeRun, makeTrace } from '../server/test/make.ts';
import { makeArtifact } from '../server/test/makeArtifact.ts';
import { test } from '../server/test/test.ts';
import { startBrowser } from './browser.ts';
import { drawnOrder } from './drawnOrder.ts';
import { openPage } from './page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());

const MARKUP = [
  '<script>ran = 1</script>',
  '"><img src=x onerror="ran = 1">',
  '<svg onload="ran = 1"></svg>',
  '</title></textarea></style><iframe srcdoc="<script>parent.ran = 1</script>"></iframe>',
  '[click](javascript:ran=1) javascript:ran=1',
  '{{constructor.constructor("ran = 1")()}}',
];
const TERMINAL = [
  '\u001b]8;;javascript:ran=1\u0007a link\u001b]8;;\u0007',
  '\u001b]0;a title\u0007\u001b]52;c;cmFuID0gMQ==\u0007',
  '\u001b[31mred <b>bold</b>\u001b[0m\u001b[2J\u001b[H',
  '\u001bP1$r<img src=x onerror="ran = 1">unseen\u001b\\',
  '\u001bXunseen\u001b\\\u001b^unseen\u001b\\\u001b_Ga=T;unseen\u001b\\\u001b(B',
  '\u0080\u0085\u0090\u0098\u009b\u009d\u009e\u009f\u009c',
  '\u202eabc\u202c \u2066\u2067def\u2069\u2069 \u061c\u200e\u200f',
];
const HOSTILE = [...MARKUP, ...TERMINAL].join('\n');

/** Whether one of the payloads ran. */
const hasRun = (page: Page) => page.evaluate(() => 'ran' in globalThis);

/** A run whose log is hostile. */
async function makeHostileRun(app: App) {
  const dataset = await makeDataset(app);
  const text = `${HOSTILE}\n`;
  const lines = BigInt(HOSTILE.split('\n').length);
  const run = await makeRun(app, dataset.id, { lastLogSeq: lines });
  const data = Buffer.from(text);
  await app.db.logChunk.create({
    data: {
      runId: run.id,
      firstSeq: 1n,
      lastSeq: lines,
      attempt: 1,
      stream: 'STDOUT',
      data,
      bytes: data.length,
    },
  });
  return { run, dataset };
}

describe('our pages', () => {
  test('need nothing that the content security policy forbids', async ({ app }) => {
    const { run, dataset } = await makeHostileRun(app);
    const trace = await makeTrace(app);
    await using server = await openServer(app);
    const { page, faults } = await openPage(browser, server.url);
    for (const path of [
      '/',
      '/traces',
      `/traces/${globalId('Trace', trace.id)}`,
      '/datasets',
      `/datasets/${dataset.key}`,
      '/datasets/new',
      '/evaluation-sets',
      '/runs',
      `/runs/${run.number}`,
      `/runs/${run.number}?tab=logs`,
      `/runs/${run.number}?tab=metrics`,
      '/runs/new',
      '/leaderboard',
      '/baselines',
      '/judges',
      '/runners',
      '/api',
      '/settings',
      '/audit',
    ]) {
      await page.goto(path);
      await page.getByRole('heading').first().waitFor();
      expect({ path, faults }).toEqual({ path, faults: [] });
    }
    // A dialog brings a lock of the scroll bar, which brings a style element.
    await page.goto('/traces');
    await page.getByTestId('open-import').first().click();
    await page.getByTestId('import-text').waitFor();
    expect(await page.evaluate(() => getComputedStyle(document.body).overflow)).toBe('hidden');
    expect(faults).toEqual([]);
    // It is in force: text becomes no markup, and no style comes in without the word of the page.
    const tried = await page.evaluate(() => {
      const style = document.createElement('style');
      style.textContent = 'body { color: rgb(1, 2, 3) }';
      document.head.append(style);
      try {
        document.createElement('div').innerHTML = '<b>bold</b>';
        return 'markup';
      } catch (error) {
        return (error as Error).name;
      }
    });
    expect(tried).toBe('TypeError');
    expect(await page.evaluate(() => getComputedStyle(document.body).color)).not.toBe(
      'rgb(1, 2, 3)',
    );
    expect(faults.join()).toMatch(/Content Security Policy/);
    await page.close();
  });

  test('have GraphiQL, whose scripts are its own', async ({ app }) => {
    await using server = await openServer(app);
    const { page, faults } = await openPage(browser, server.url);
    await page.goto('/graphql');
    await page
      .getByRole('button', { name: /execute/i })
      .first()
      .click();
    await page.getByText('traceCount').nth(1).waitFor();
    expect(faults).toEqual([]);
    await page.close();
  });

  test('are not shown in a frame of another site', async ({ app }) => {
    await using server = await openServer(app);
    const { page } = await openPage(browser, server.url);
    await page.setContent(`<iframe src="${server.url}/"></iframe>`);
    const frame = page.frames()[1];
    await expect.poll(() => frame?.url()).toMatch(/^chrome-error:/);
    await page.close();
  });

  test('ask by hashes that the server knows', async ({ app }) => {
    const limits = { ...app.config.limits, persistedOnly: true };
    await using server = await openServer({ ...app, config: { ...app.config, limits } });
    const { page, faults } = await openPage(browser, server.url);
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/graphql')) asked.push(request.postData() ?? '');
    });
    await page.goto('/runs');
    await page.locator('[data-testid=live-pill][data-state=live]').waitFor();
    await expect.poll(() => asked.length).toBeGreaterThan(0);
    for (const body of asked) {
      expect(JSON.parse(body)).toMatchObject({
        extensions: {
          persistedQuery: { version: 1, sha256Hash: expect.stringMatching(/^\w{64}$/) },
        },
      });
      expect(body).not.toContain('"query"');
    }
    expect(faults).toEqual([]);
    await page.close();
  });
});

describe('hostile content', () => {
  test('of a trace is text', async ({ app }) => {
    const trace = await makeTrace(app, { prompt: HOSTILE, answer: HOSTILE });
    await using server = await openServer(app);
    const { page, faults } = await openPage(browser, server.url);
    for (const path of ['/traces', `/traces/${globalId('Trace', trace.id)}`]) {
      await page.goto(path);
      await page.getByText('<script>ran = 1</script>').first().waitFor();
      expect(await hasRun(page)).toBe(false);
    }
    expect(await drawnOrder(page, 'abc')).toEqual(['a', 'b', 'c']);
    expect(await page.locator('a[href^="javascript"]').count()).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });

  test('of a log is text, and no command to a terminal', async ({ app }) => {
    const { run } = await makeHostileRun(app);
    await using server = await openServer(app);
    const { page, faults } = await openPage(browser, server.url);
    await page.goto(`/runs/${run.number}?tab=logs`);
    const lines = page.getByTestId('log-lines');
    await lines.getByText('<script>ran = 1</script>').waitFor();
    const shown = await lines.textContent();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(shown).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|unseen/);
    expect(await drawnOrder(page, 'abc')).toEqual(['a', 'b', 'c']);
    expect(await lines.locator('[data-code="U+202E"]').count()).toBe(1);
    expect(await lines.locator('img, iframe, svg, a[href^="javascript"]').count()).toBe(0);
    expect(await page.title()).not.toContain('a title');
    expect(await hasRun(page)).toBe(false);
    expect(faults).toEqual([]);
    await page.close();
  });

  test.for([
    ['a page', 'report.html', '<script>document.title = "ran"; ran = 1</script>'],
    [
      'a picture with scripts',
      'plot.svg',
      '<svg xmlns="http://www.w3.org/2000/svg" onload="document.title = \'ran\'"><script>ran = 1</script></svg>',
    ],
  ] as const)('of an artifact, %s, is saved and not run', async ([, name, content], { app }) => {
    const { url } = await makeArtifact(app, name, content);
    await using server = await openServer(app);
    const { page } = await openPage(browser, server.url);
    await page.goto('/runs');
    const saved = page.waitForEvent('download');
    await page.evaluate((to) => void window.open(to, '_self'), url);
    expect((await saved).suggestedFilename()).toBe(name);
    expect(await hasRun(page)).toBe(false);
    // As the source of an element it is not run either.
    const outcome = await page.evaluate(
      (to) =>
        new Promise<string>((resolve) => {
          const script = document.createElement('img');
          script.onload = () => resolve('shown');
          script.onerror = () => resolve('refused');
          script.src = to;
          document.body.append(script);
        }),
      url,
    );
    expect(outcome).toBe('refused');
    expect(await hasRun(page)).toBe(false);
    await page.close();
  });

  test('of a page of another site cannot send anything here', async ({ app }) => {
    await using server = await openServer(app);
    const { page } = await openPage(browser, server.url);
    const foreign = join(app.config.dataDir, 'foreign.html');
    await writeFile(foreign, '<title>another site</title>');
    await page.goto(`file://${foreign}`);
    const before = await app.db.trace.count();
    const body = JSON.stringify({
      query: 'mutation { createTraces(input: {traces: []}) { __typename } }',
    });
    const tries = await page.evaluate(
      async ([url, text]) => {
        const plain = { method: 'POST', body: text ?? '', mode: 'no-cors' } as const;
        const opaque = await fetch(`${url}/graphql`, plain).then(
          ({ type, status }) => `${type} ${status}`,
          () => 'failed',
        );
        const json = {
          method: 'POST',
          body: text ?? '',
          headers: { 'content-type': 'application/json' },
        };
        const preflighted = await fetch(`${url}/graphql`, json).then(
          () => 'answered',
          () => 'failed',
        );
        const socket = await new Promise((resolve) => {
          const opened = new WebSocket(
            `${url?.replace('http', 'ws')}/graphql`,
            'graphql-transport-ws',
          );
          opened.onopen = () => resolve('open');
          opened.onerror = () => resolve('failed');
        });
        return { opaque, preflighted, socket };
      },
      [server.url, body],
    );
    // No word of an answer gets there: what came back is opaque, or nothing because of its policy.
    expect(tries.opaque).toMatch(/^(opaque 0|failed)$/);
    expect(tries).toMatchObject({ preflighted: 'failed', socket: 'failed' });
    expect(await app.db.trace.count()).toBe(before);
    await page.close();
  });
});
