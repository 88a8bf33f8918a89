import { randomUUID } from 'node:crypto';
import type { LogStream } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { ValidationError } from '../errors.ts';
import { makeDataset, makeRun } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { encode } from './encoding.ts';
import { readPage } from './page.ts';
import { deleteOldLogs } from './retention.ts';
import { type LogSearch, searchLog } from './search.ts';
import { summariseLog } from './summary.ts';

type Stored = [stream: LogStream, attempt: number, text: string];

/** A run whose log consists of these chunks. */
async function storeRun(app: App, chunks: Stored[], data: Parameters<typeof makeRun>[2] = {}) {
  let seq = 0;
  const rows = [];
  for (const [stream, attempt, text] of chunks) {
    const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
    const bytes = Buffer.from(text);
    const lastSeq = seq + lines;
    const stored = await encode(bytes);
    rows.push({
      encoding: stored.encoding,
      data: Buffer.from(stored.data),
      ...{ stream, attempt, firstSeq: seq + 1, lastSeq, bytes: bytes.length },
    });
    seq = lastSeq;
  }
  const dataset = await makeDataset(app);
  const run = await makeRun(app, dataset.id, { lastLogSeq: seq, ...data });
  await app.db.logChunk.createMany({ data: rows.map((row) => ({ ...row, runId: run.id })) });
  return run.id;
}

const all: LogSearch = {
  ...{ query: '', caseSensitive: false, streams: null, attempt: null, after: 0 },
  ...{ before: null, first: 100 },
};

const LOG: Stored[] = [
  ['STDOUT', 1, 'Step 1\nstep 2\nÄRGER\n'],
  ['STDERR', 1, 'Warning: step\n'],
  ['STDOUT', 2, ` 10%\r 20%\rstep done\n${'x'.repeat(2000)}needle${'y'.repeat(2000)}\n`],
  ['SYSTEM', 2, 'The end'],
];

describe('searchLog', () => {
  const find = async (app: App, search: Partial<LogSearch>) => {
    const id = await storeRun(app, LOG);
    const page = await searchLog(app, id, { ...all, ...search });
    return page?.matches.map(({ seq }) => seq);
  };

  test.for<[Partial<LogSearch>, number[]]>([
    [{ query: 'step' }, [1, 2, 4, 5]],
    [{ query: 'step', caseSensitive: true }, [2, 4, 5]],
    [{ query: 'ärger' }, [3]],
    [{ query: 'STEP', streams: ['STDERR'] }, [4]],
    [{ query: 'step', attempt: 2 }, [5]],
    [{ query: 'step', after: 2 }, [4, 5]],
    [{ query: 'step', before: 4 }, [1, 2]],
    [{ query: 'step', before: 5, first: 2 }, [2, 4]],
    [{ query: 'step', before: 6, after: 1, first: 9 }, [2, 4, 5]],
    [{ query: 'step', before: 3, after: 2 }, []],
    [{ streams: ['STDOUT'], before: 99, first: 2 }, [5, 6]],
    [{ query: '20%' }, []],
    [{ query: '1\nstep' }, []],
    [{ streams: ['SYSTEM', 'STDERR'] }, [4, 7]],
    [{ query: 'end' }, [7]],
    [{ query: 'nowhere' }, []],
  ])('finds %j', async ([search, expected], { app }) => {
    expect(await find(app, search)).toEqual(expected);
  });

  test('counts all for every page, and goes on after one', async ({ app }) => {
    const id = await storeRun(app, LOG);
    const asked = { ...all, query: 'step', first: 2 };
    const page = await searchLog(app, id, asked);
    expect(page).toMatchObject({ hasMore: true, endSeq: 2 });
    const next = await searchLog(app, id, { ...asked, after: 2 });
    expect(next).toMatchObject({ hasMore: false, endSeq: 7 });
    expect(next?.matches.map(({ seq }) => seq)).toEqual([4, 5]);
    const back = await searchLog(app, id, { ...asked, before: 4 });
    for (const found of [page, next, back, await searchLog(app, id, { ...asked, first: 9 })]) {
      expect(await found?.count()).toEqual({ total: 4, isExact: true });
    }
  });

  test('goes back from a line, page by page, to the start', async ({ app }) => {
    const chunks = Array.from({ length: 9 }, (_, i): Stored => ['STDOUT', i, 'a\nb\na\n']);
    const id = await storeRun(app, chunks);
    const pages: number[][] = [];
    for (let before = 26; ; ) {
      const page = await searchLog(app, id, { ...all, query: 'a', before, first: 7 });
      if (!page) throw new Error('There is no run.');
      pages.push(page.matches.map(({ seq }) => seq));
      before = page.endSeq;
      if (!page.hasMore) break;
    }
    expect(pages).toEqual([
      [16, 18, 19, 21, 22, 24, 25],
      [6, 7, 9, 10, 12, 13, 15],
      [1, 3, 4],
    ]);
  });

  test('shows 500 characters around the first match', async ({ app }) => {
    const id = await storeRun(app, LOG);
    const page = await searchLog(app, id, { ...all, query: 'needle' });
    expect(page?.matches[0]?.text).toMatch(/^…x{200,}needley{200,}…$/);
    expect(page?.matches[0]?.text.length).toBe(500);
    const bar = await searchLog(app, id, { ...all, query: 'done' });
    expect(bar?.matches[0]?.text).toBe('step done');
  });

  test('looks through two hundred thousand lines', async ({ app }) => {
    const lines = (from: number) =>
      Array.from({ length: 1000 }, (_, i) => `step ${from + i} loss=0.1\n`).join('');
    const chunks = Array.from({ length: 200 }, (_, i): Stored => ['STDOUT', 1, lines(i * 1000)]);
    const id = await storeRun(app, chunks);
    const page = await searchLog(app, id, { ...all, query: 'STEP 199999 ' });
    expect(page?.matches).toMatchObject([{ seq: 200_000 }]);
    const first = await searchLog(app, id, { ...all, query: 'loss', first: 1 });
    expect(first?.hasMore).toBe(true);
    expect(await first?.count()).toEqual({ total: 200_000, isExact: true });
    const last = await searchLog(app, id, { ...all, query: 'loss', before: 200_001, first: 1 });
    expect(last).toMatchObject({ matches: [{ seq: 200_000 }], hasMore: true, endSeq: 200_000 });
  });

  test('is given up when nobody waits any more', async ({ app }) => {
    const id = await storeRun(app, LOG);
    const gone = AbortSignal.abort();
    await expect(searchLog(app, id, { ...all, query: 'step' }, gone)).rejects.toThrow(/abort/i);
  });

  test.for<[Partial<LogSearch>, string]>([
    [{ query: 'x'.repeat(501) }, 'query'],
    [{ first: 0 }, 'first'],
    [{ first: 1001 }, 'first'],
  ])('refuses %#', async ([search, field], { app }) => {
    const searching = searchLog(app, randomUUID(), { ...all, ...search });
    const error = await searching.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ValidationError);
    expect((error as ValidationError).issues).toMatchObject([{ path: [field] }]);
  });

  test('knows no run that does not exist', async ({ app }) => {
    expect(await searchLog(app, randomUUID(), all)).toBeNull();
  });
});

describe('readPage', () => {
  test('cuts at a line', async ({ app }) => {
    const id = await storeRun(app, LOG);
    const page = await readPage(app, id, { after: 1, chunks: null, lines: 3 });
    const told = page?.parts.map(({ firstSeq, lastSeq, data }) => [firstSeq, lastSeq, `${data}`]);
    expect(told).toEqual([
      [2, 3, 'step 2\nÄRGER\n'],
      [4, 4, 'Warning: step\n'],
    ]);
    expect(page?.hasMore).toBe(true);
    expect((await readPage(app, id, { after: 4, chunks: null, lines: 99 }))?.hasMore).toBe(false);
  });

  test('takes some chunks', async ({ app }) => {
    const id = await storeRun(app, LOG);
    const page = await readPage(app, id, { after: 0, chunks: 2, lines: null });
    expect(page?.parts.at(-1)?.lastSeq).toBe(4);
    expect(page?.hasMore).toBe(true);
  });

  test('is empty after the end, and nothing without a run', async ({ app }) => {
    const id = await storeRun(app, LOG);
    const page = await readPage(app, id, { after: 7, chunks: null, lines: null });
    expect(page).toEqual({ after: 7, parts: [], hasMore: false });
    expect(await readPage(app, randomUUID(), { after: 0, chunks: 1, lines: 1 })).toBeNull();
  });
});

test('summariseLog counts lines, bytes and attempts', async ({ app }) => {
  const id = await storeRun(app, LOG);
  expect(await summariseLog(app.sql, id)).toEqual({
    lines: 7,
    bytes: LOG.reduce((sum, [, , text]) => sum + Buffer.byteLength(text), 0),
    attempts: [
      { attempt: 1, firstSeq: 1, lastSeq: 4 },
      { attempt: 2, firstSeq: 5, lastSeq: 7 },
    ],
    linesOf: { STDOUT: 5, STDERR: 1, SYSTEM: 1 },
    gaps: 0,
    deletedAt: null,
  });
});

describe('deleteOldLogs', () => {
  const days = (count: number) => new Date(Date.now() - count * 86_400_000);
  const keeping = (app: App, retentionDays: number) => ({
    ...app,
    config: { ...app.config, logs: { ...app.config.logs, retentionDays } },
  });

  test('deletes the lines of runs that ended long ago, and of no others', async ({ app }) => {
    const old = await storeRun(app, LOG, { finishedAt: days(8) });
    const young = await storeRun(app, LOG, { finishedAt: days(6) });
    const running = await storeRun(app, LOG, { status: 'RUNNING', finishedAt: null });
    expect(await deleteOldLogs(keeping(app, 0))).toBe(0);
    await deleteOldLogs(keeping(app, 7));
    expect(await summariseLog(app.sql, old)).toMatchObject({
      ...{ lines: 0, deletedAt: expect.any(Date) },
    });
    for (const id of [young, running]) {
      expect(await summariseLog(app.sql, id)).toMatchObject({ lines: 7, deletedAt: null });
    }
    expect(await deleteOldLogs(keeping(app, 7))).toBe(0);
    expect(await readPage(app, old, { after: 0, chunks: 9, lines: null })).toMatchObject({
      ...{ parts: [], hasMore: false },
    });
  });
});
