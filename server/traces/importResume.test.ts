import { gzipSync } from 'node:zlib';
import type { App } from '../app.ts';
import { makePayload } from '../test/make.ts';
import { until } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';
import { importTraces } from './import.ts';
import { cancelImport, followImport } from './importLive.ts';
import type { ImportFault } from './importModel.ts';

const lineOf = (over: object = {}) => JSON.stringify(makePayload(over));
const linesOf = (count: number) => Array.from({ length: count }, () => lineOf());

let keys = 0;
const newKey = () => `key ${++keys}`;

/** A stream of these bytes that may then break. */
async function* streamOf(bytes: string | Buffer, breaks = false) {
  const all = Buffer.from(bytes);
  for (let at = 0; at < all.length; at += 3000) yield all.subarray(at, at + 3000);
  if (breaks) throw new Error('connection lost');
}

/** A stream that hands out pieces when it is told to. */
function taps() {
  const pieces: Buffer[] = [];
  let wake = () => {};
  let isOver = false;
  const source = (async function* () {
    for (;;) {
      const piece = pieces.shift();
      if (piece) yield piece;
      else if (isOver) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  })();
  return {
    source,
    give(content: string) {
      pieces.push(Buffer.from(content));
      wake();
    },
    end() {
      isOver = true;
      wake();
    },
  };
}

const faultOf = (importing: Promise<unknown>) =>
  importing.then(
    () => expect.unreachable('the import did not fail'),
    (error: ImportFault) => error,
  );

const sessionOf = (app: App, key: string) =>
  app.db.importSession.findUniqueOrThrow({ where: { key } });

describe('an import with a key', () => {
  test('is complete once: then its result comes again, and nothing is read', async ({ app }) => {
    const key = newKey();
    const content = [...linesOf(3), 'nonsense'].join('\n');
    const first = await importTraces(app, streamOf(content), { key });
    expect(first).toMatchObject({ stored: 3, rejected: 1, repeated: false, key });
    const unread = (async function* (): AsyncGenerator<Buffer> {
      expect.unreachable('it was read');
      yield Buffer.alloc(0);
    })();
    expect(await importTraces(app, unread, { key })).toEqual({ ...first, repeated: true });
  });

  const content = [
    ...linesOf(40),
    'nonsense',
    '',
    ...linesOf(30),
    '{"a": 1}',
    lineOf({ prompt: 'é😀' }),
  ].join('\n');
  const asArray = `[${content.replaceAll('\n\n', '\n').replace('nonsense', '{nonsense}').split('\n').join(',\n')}]`;

  test.for([
    ['lines', content, false],
    ['lines in gzip', content, true],
    ['an array', asArray, false],
    ['an array in gzip', asArray, true],
  ] as const)(
    'goes on with %s wherever the connection broke',
    async ([name, whole, isGzip], { app }) => {
      const bytes = Buffer.from(whole);
      const options = { key: newKey(), isGzip };
      const packed = (part: Buffer) => (isGzip ? gzipSync(part) : part);
      let saved = 0;
      for (const share of [0.01, 0.3, 0.31, 0.7, 0.99]) {
        const sent = bytes.subarray(0, Math.floor(bytes.length * share));
        // A packed file is sent from its beginning, and the server passes over what it has.
        const offset = isGzip ? 0 : saved;
        const broken = streamOf(packed(sent.subarray(Math.min(offset, sent.length))), true);
        await expect(importTraces(app, broken, { ...options, offset })).rejects.toThrow();
        const session = await sessionOf(app, options.key);
        expect(session.status, name).toBe('INTERRUPTED');
        expect(Number(session.bytes)).toBeGreaterThanOrEqual(saved);
        saved = Number(session.bytes);
      }
      const offset = isGzip ? 0 : saved;
      const result = await importTraces(app, streamOf(packed(bytes.subarray(offset))), {
        ...options,
        offset,
      });
      const stored = await app.db.trace.findMany({
        where: { importSessionId: result.importId },
        orderBy: { id: 'asc' },
      });
      expect(result).toMatchObject({
        status: 'COMPLETED',
        lines: 73,
        rejected: 2,
        bytes: bytes.length,
      });
      expect(result.stored + result.duplicates).toBe(71);
      // The number of each line is that of the whole file.
      const isArray = whole.startsWith('[');
      expect(result.report.map(({ line }) => line)).toEqual(isArray ? [41, 72] : [41, 73]);
      for (const { line, byteOffset, excerpt } of result.report) {
        expect(bytes.subarray(byteOffset).toString(), String(line)).toContain(excerpt.slice(0, 8));
      }
      const lines = stored.map((trace) => trace.importLine ?? 0);
      expect(lines).toEqual(lines.toSorted((a, b) => a - b));
    },
  );

  test('refuses a body that begins behind what is stored, and says where to begin', async ({
    app,
  }) => {
    const key = newKey();
    const text = `${linesOf(2).join('\n')}\n`;
    const ahead = await faultOf(importTraces(app, streamOf(text), { key, offset: 5 }));
    expect(ahead).toMatchObject({ code: 'OFFSET_AHEAD', bytes: 0 });
    expect(await app.db.importSession.count({ where: { key } })).toBe(0);
    await expect(importTraces(app, streamOf(text, true), { key })).rejects.toThrow(
      'connection lost',
    );
    const offset = Buffer.byteLength(text);
    const again = await faultOf(importTraces(app, streamOf(''), { key, offset: offset + 1 }));
    expect(again).toMatchObject({ code: 'OFFSET_AHEAD', bytes: offset });
    expect(await importTraces(app, streamOf(''), { key, offset })).toMatchObject({ stored: 2 });
  });

  test.for([
    { source: 'other' },
    { tags: ['t'] },
    { format: 'NDJSON' },
    { maxErrors: 1 },
    { mapping: {} },
  ])('refuses other options: %j', async (other, { app }) => {
    const key = newKey();
    await importTraces(app, streamOf(lineOf()), { key });
    const fault = await faultOf(importTraces(app, streamOf(lineOf()), { key, ...other }));
    expect(fault).toMatchObject({ code: 'KEY_CONFLICT' });
  });

  test('belongs to the connection that came last', async ({ app }) => {
    const key = newKey();
    const lines = linesOf(3);
    const first = taps();
    const old = faultOf(importTraces(app, first.source, { key }));
    first.give(`${lines[0]}\n`);
    await until(() => app.db.importSession.findUnique({ where: { key } }));
    const result = await importTraces(app, streamOf(lines.join('\n')), { key });
    expect(result).toMatchObject({ lines: 3, stored: 3, duplicates: 0 });
    first.end();
    expect(await old).toMatchObject({ code: 'IMPORT_TAKEN_OVER' });
    expect(await sessionOf(app, key)).toMatchObject({ status: 'COMPLETED', lines: 3, stored: 3 });
  });
});

describe('an import that must stop', () => {
  test('ends when more lines are bad than it puts up with', async ({ app }) => {
    const key = newKey();
    const content = [lineOf(), '?', '?', lineOf(), '?', lineOf()].join('\n');
    const fault = await faultOf(importTraces(app, streamOf(content), { key, maxErrors: 2 }));
    expect(fault).toMatchObject({
      code: 'TOO_MANY_ERRORS',
      result: { status: 'FAILED', lines: 5, stored: 2, rejected: 3 },
    });
    expect(await sessionOf(app, key)).toMatchObject({ status: 'FAILED', error: fault.message });
    expect(await importTraces(app, streamOf('?'), { maxErrors: 1 })).toMatchObject({ rejected: 1 });
  });

  test('ends at the next batch when it is cancelled, and may be sent again', async ({ app }) => {
    const key = newKey();
    const content = `${linesOf(1200).join('\n')}\n`;
    const tap = taps();
    const importing = faultOf(importTraces(app, tap.source, { key }));
    const { id } = await until(() => app.db.importSession.findUnique({ where: { key } }));
    await cancelImport(app, id);
    await cancelImport(app, id);
    tap.give(content);
    tap.give(lineOf());
    tap.end();
    expect(await importing).toMatchObject({ code: 'IMPORT_CANCELLED' });
    const session = await sessionOf(app, key);
    expect(session).toMatchObject({ status: 'CANCELLED', finishedAt: expect.any(Date) });
    expect(session.stored).toBeGreaterThan(0);
    const rest = Buffer.from(content).subarray(Number(session.bytes));
    const again = await importTraces(app, streamOf(rest), { key, offset: Number(session.bytes) });
    expect(again).toMatchObject({ status: 'COMPLETED', lines: 1200, stored: 1200 });
    await expect(cancelImport(app, id)).rejects.toMatchObject({ status: 'COMPLETED' });
  });

  test('is cancelled at once when its connection is gone', async ({ app }) => {
    const key = newKey();
    await expect(importTraces(app, streamOf(lineOf(), true), { key })).rejects.toThrow();
    const { id } = await sessionOf(app, key);
    await cancelImport(app, id);
    expect(await sessionOf(app, key)).toMatchObject({ status: 'CANCELLED' });
  });

  test.for([
    ['UTF-16', Buffer.from('\ufeff{"prompt": 1}', 'utf16le'), {}, 'BAD_ENCODING'],
    ['UTF-16 without a mark', Buffer.from('{"prompt": 1}', 'utf16le'), {}, 'BAD_ENCODING'],
    ['gzip that does not say so', gzipSync('{}'), {}, 'BAD_ENCODING'],
    ['no gzip at all', Buffer.from('{"prompt": 1}'), { isGzip: true }, 'BAD_GZIP'],
    [
      'half a gzip',
      gzipSync(linesOf(9).join('\n')).subarray(0, 200),
      { isGzip: true },
      'TRUNCATED_GZIP',
    ],
    ['a gzip bomb', gzipSync(Buffer.alloc(32 * 1024 * 1024, ' ')), { isGzip: true }, 'GZIP_RATIO'],
    ['half an array', Buffer.from(`[${lineOf()},`), {}, 'UNCLOSED_ARRAY'],
    ['more behind an array', Buffer.from(`[${lineOf()}] x`), {}, 'TRAILING_DATA'],
    ['no array', Buffer.from(lineOf()), { format: 'JSON' }, 'NOT_AN_ARRAY'],
  ] as const)('fails on %s', async ([, bytes, options, code], { app }) => {
    const fault = await faultOf(importTraces(app, streamOf(bytes), options));
    expect(fault).toMatchObject({ code, result: { status: 'FAILED' } });
  });

  test('takes a mark of UTF-8 at the beginning', async ({ app }) => {
    for (const content of [`\ufeff${lineOf()}`, `\ufeff[${lineOf()}]`]) {
      expect(await importTraces(app, streamOf(content), {})).toMatchObject({
        stored: 1,
        rejected: 0,
      });
    }
  });
});

describe('followImport', () => {
  test('waits for a key, shows each change and ends with the import', async ({ app }) => {
    const key = newKey();
    const seen: string[] = [];
    const following = (async () => {
      for await (const { importId } of followImport(app, { key })) {
        const { status, stored } = await app.db.importSession.findUniqueOrThrow({
          where: { id: importId },
        });
        seen.push(`${status} ${stored}`);
      }
    })();
    const tap = taps();
    const importing = importTraces(app, tap.source, { key });
    await until(async () => seen.length > 0);
    tap.give(linesOf(2).join('\n'));
    tap.end();
    await importing;
    await following;
    expect(seen[0]).toBe('RUNNING 0');
    expect(seen.at(-1)).toBe('COMPLETED 2');
  });

  test('ends at once where there is no such id', async ({ app }) => {
    const id = '01a1fc23-1bde-7e47-a397-cefeea59154c';
    for await (const _seen of followImport(app, { id })) expect.unreachable('it showed something');
  });
});

describe('many imports', () => {
  test('of the same traces at once store each once, in five rounds', async ({ app }) => {
    for (let round = 0; round < 5; round++) {
      const lines = linesOf(1500);
      const turned = [...lines.slice(700), ...lines.slice(0, 700)];
      const orders = [lines, lines.toReversed(), turned, lines];
      const before = await app.db.trace.count();
      const results = await Promise.all(
        orders.map((order) => importTraces(app, streamOf(order.join('\n')), {})),
      );
      const sum = (field: 'stored' | 'duplicates') =>
        results.reduce((total, result) => total + result[field], 0);
      expect([sum('stored'), sum('duplicates')]).toEqual([1500, 4500]);
      expect(await app.db.trace.count()).toBe(before + 1500);
    }
  });

  test('leave a note for the search of exactly what they stored', async ({ app }) => {
    await app.db.$executeRaw`DELETE FROM search_backlog`;
    const known = lineOf();
    await importTraces(app, streamOf(known), {});
    const { importId } = await importTraces(app, streamOf([known, ...linesOf(4)].join('\n')), {});
    const { rows } = await app.sql.query<{ id: string }>(
      'SELECT unnest(trace_ids) AS id FROM search_backlog ORDER BY 1',
    );
    const ids = await app.db.trace.findMany({
      where: { importSessionId: importId },
      orderBy: { id: 'asc' },
    });
    expect(rows.map(({ id }) => id).slice(1)).toEqual(ids.map(({ id }) => id));
  });

  test('with one bad line in a hundred store exactly the good and report exactly the bad', async ({
    app,
  }) => {
    const bad = ['{', '{"prompt":"x"}', lineOf({ prompt: '\0' }), lineOf({ steps: [] }), 'NaN'];
    const lines = Array.from({ length: 3000 }, (_, n) =>
      n % 100 === 42 ? (bad[((n / 100) % 5) | 0] ?? '') : lineOf(),
    );
    const result = await importTraces(app, streamOf(lines.join('\n')), {});
    expect(result).toMatchObject({ lines: 3000, stored: 2970, duplicates: 0, rejected: 30 });
    const expected = Array.from({ length: 30 }, (_, n) => n * 100 + 43);
    expect(result.report.map(({ line }) => line)).toEqual(expected);
    expect(Object.values(result.rejectedByCode).reduce((a, b) => a + b)).toBe(30);
    const stored = await app.db.trace.findMany({ where: { importSessionId: result.importId } });
    expect(new Set(stored.map(({ importLine }) => importLine)).size).toBe(2970);
    expect(stored.some(({ importLine }) => expected.includes(importLine ?? 0))).toBe(false);
  });
});
