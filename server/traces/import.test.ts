import type { App } from '../app.ts';
import { ValidationError } from '../errors.ts';
import { makePayload } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { importTraces } from './import.ts';

const lineOf = (over: object = {}) => JSON.stringify(makePayload(over));

/** A stream of these bytes in pieces of `size`, which may then break. */
async function* streamOf(content: string | Buffer, size = 65_536, breaks?: Error) {
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  if (breaks) throw breaks;
}

const sessionOf = (app: App, importId: string) =>
  app.db.importSession.findUniqueOrThrow({ where: { id: importId } });

const newestSession = (app: App) =>
  app.db.importSession.findFirstOrThrow({ orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] });

describe('importTraces', () => {
  test('stores the good lines and reports the bad by number and place', async ({ app }) => {
    const lines = [lineOf(), '{"prompt": ', '', lineOf({ prompt: '' }), '[]', '  \t', lineOf()];
    const content = `${lines.join('\n')}\n`;
    const labels = { name: 'some.jsonl', source: 'file', tags: ['x'] };
    const result = await importTraces(app, streamOf(content), labels);
    const offsetOf = (index: number) => Buffer.byteLength(lines.slice(0, index).join('\n')) + 1;
    expect(result).toMatchObject({
      status: 'COMPLETED',
      lines: 5,
      stored: 2,
      duplicates: 0,
      rejected: 3,
      bytes: Buffer.byteLength(content),
      report: [
        { line: 2, byteOffset: offsetOf(1), code: 'BAD_JSON', path: [] },
        { line: 4, byteOffset: offsetOf(3), code: 'TOO_SHORT', path: ['prompt'] },
        { line: 5, byteOffset: offsetOf(4), code: 'WRONG_TYPE', path: [] },
      ],
    });
    expect(await sessionOf(app, result.importId)).toMatchObject({
      name: 'some.jsonl',
      status: 'COMPLETED',
      lines: 5,
      stored: 2,
      rejected: 3,
      bytes: BigInt(Buffer.byteLength(content)),
      report: result.report,
      error: null,
      finishedAt: expect.any(Date),
    });
    const traces = await app.db.trace.findMany({
      where: { importSessionId: result.importId },
      orderBy: { importLine: 'asc' },
    });
    expect(traces).toMatchObject([
      { importLine: 1, source: 'file', tags: ['x'] },
      { importLine: 7, source: 'file', tags: ['x'] },
    ]);
  });

  test('finds only duplicates the second time', async ({ app }) => {
    const content = Array.from({ length: 5 }, () => lineOf()).join('\n');
    const first = await importTraces(app, streamOf(content), {});
    expect(first).toMatchObject({ stored: 5, duplicates: 0, bytes: Buffer.byteLength(content) });
    expect(await importTraces(app, streamOf(content), {})).toMatchObject({
      lines: 5,
      stored: 0,
      duplicates: 5,
      rejected: 0,
    });
  });

  test('counts a line that stands twice in a file once as duplicate', async ({ app }) => {
    const line = lineOf();
    const result = await importTraces(app, streamOf(`${line}\r\n${line}\r\n${line}`), {});
    expect(result).toMatchObject({ lines: 3, stored: 1, duplicates: 2 });
  });

  test('stores each line once when the same file comes four times at once', async ({ app }) => {
    const lines = Array.from({ length: 1200 }, () => lineOf());
    const orders = [lines, lines.toReversed(), lines, lines.toReversed()];
    const before = await app.db.trace.count();
    const results = await Promise.all(
      orders.map((order) => importTraces(app, streamOf(order.join('\n')), {})),
    );
    expect(await app.db.trace.count()).toBe(before + 1200);
    const sum = (field: 'stored' | 'duplicates') =>
      results.reduce((total, result) => total + result[field], 0);
    expect([sum('stored'), sum('duplicates')]).toEqual([1200, 3600]);
    expect(results.map(({ status }) => status)).toEqual(Array(4).fill('COMPLETED'));
  });

  test.for([1, 2, 3, 7, 64, 4096])(
    'takes a stream in pieces of %i bytes',
    async (size, { app }) => {
      const content = [lineOf({ prompt: `é😀 ${size}` }), 'nonsense', lineOf()].join('\n');
      expect(await importTraces(app, streamOf(content, size), {})).toMatchObject({
        stored: 2,
        rejected: 1,
        bytes: Buffer.byteLength(content),
      });
    },
  );

  test('refuses bytes that are no UTF-8, and goes on', async ({ app }) => {
    const broken = Buffer.concat([
      Buffer.from('{"prompt": "'),
      Buffer.of(0xff, 0xc3),
      Buffer.of(10),
    ]);
    const content = Buffer.concat([broken, Buffer.from(lineOf())]);
    expect(await importTraces(app, streamOf(content), {})).toMatchObject({
      stored: 1,
      report: [{ line: 1, byteOffset: 0, code: 'BAD_UTF8' }],
    });
  });

  test.for([
    ['a NUL', { prompt: 'a\0' }, 'NUL_CHARACTER'],
    ['half a character', { prompt: '\ud83d' }, 'LONE_SURROGATE'],
    ['a number beyond 2^53', { meta: { n: 2 ** 60 } }, 'TOO_LARGE'],
    ['a field nobody knows', { id: 1 }, 'UNKNOWN_FIELD'],
  ] as const)('refuses a line with %s', async ([, over, code], { app }) => {
    const content = `${lineOf(over)}\n${lineOf()}`;
    const result = await importTraces(app, streamOf(content), {});
    expect(result).toMatchObject({ stored: 1, rejected: 1, report: [{ line: 1, code }] });
  });

  test.for([
    ['1e400 for a number', '{"n": 1e400}', 'NOT_FINITE'],
    ['meta 20 000 levels deep', `{"n": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 'TOO_DEEP'],
    ['the key __proto__', '{"__proto__": 1}', 'RESERVED_KEY'],
  ] as const)('refuses a line with %s', async ([, meta, code], { app }) => {
    const line = lineOf({ meta: 'META' }).replace('"META"', meta);
    expect(await importTraces(app, streamOf(line), {})).toMatchObject({
      stored: 0,
      report: [{ line: 1, code }],
    });
  });

  test('passes over a line beyond the limit, whatever its length', async ({ app }) => {
    const small = { ...app, config: { ...app.config, traces: { maxBytes: 1024 } } };
    const long = lineOf({ prompt: 'x'.repeat(40_000) });
    const content = `${long}\n${lineOf()}\n${long}`;
    const result = await importTraces(small, streamOf(content, 1000), {});
    expect(result).toMatchObject({
      lines: 3,
      stored: 1,
      rejected: 2,
      bytes: Buffer.byteLength(content),
      report: [
        { line: 1, code: 'TOO_LARGE', limit: '1024', found: String(long.length) },
        { line: 3, code: 'TOO_LARGE' },
      ],
    });
  });

  test('keeps the first 1000 bad lines and counts all', async ({ app }) => {
    const content = `${Array(1100).fill('?').join('\n')}\n${lineOf()}`;
    const result = await importTraces(app, streamOf(content), {});
    expect(result).toMatchObject({ lines: 1101, stored: 1, rejected: 1100 });
    expect(result.report.map(({ line }) => line)).toEqual(
      Array.from({ length: 1000 }, (_, index) => index + 1),
    );
  });

  test('stores nothing of an empty stream', async ({ app }) => {
    const result = await importTraces(app, streamOf(''), {});
    expect(result).toMatchObject({ status: 'COMPLETED', lines: 0, stored: 0, bytes: 0 });
  });

  test('keeps what it stored before the stream broke', async ({ app }) => {
    const lines = Array.from({ length: 700 }, () => lineOf());
    const broken = streamOf(lines.join('\n'), 65_536, new Error('connection lost'));
    await expect(importTraces(app, broken, { name: 'half' })).rejects.toThrow('connection lost');
    const session = await newestSession(app);
    expect(session).toMatchObject({
      name: 'half',
      status: 'INTERRUPTED',
      error: 'The connection was lost.',
      lines: 699,
      stored: 699,
      finishedAt: null,
    });
    expect(await app.db.trace.count({ where: { importSessionId: session.id } })).toBe(699);
    expect(session.bytes).toBe(BigInt(Buffer.byteLength(lines.slice(0, 699).join('\n')) + 1));
    const again = await importTraces(app, streamOf(lines.join('\n')), {});
    expect(again).toMatchObject({ stored: 1, duplicates: 699 });
  });

  test('reads nothing when a label is bad', async ({ app }) => {
    const before = await app.db.importSession.count();
    let read = false;
    const source = (async function* () {
      read = true;
      yield Buffer.from(lineOf());
    })();
    await expect(importTraces(app, source, { tags: ['no spaces'] })).rejects.toThrow(
      ValidationError,
    );
    expect(read).toBe(false);
    expect(await app.db.importSession.count()).toBe(before);
  });

  test.for([
    ['that is long', 'n'.repeat(300), 'n'.repeat(256)],
    ['with a NUL', 'a\0b', 'a\uFFFDb'],
    ['whose cut meets a surrogate pair', `${'n'.repeat(255)}😀😀`, `${'n'.repeat(255)}😀`],
  ] as const)('takes a name %s', async ([, name, kept], { app }) => {
    const { importId } = await importTraces(app, streamOf(''), { name });
    expect(await sessionOf(app, importId)).toMatchObject({ name: kept });
  });

  test('rings for whoever watches it, and at its end for whoever reads traces', async ({ app }) => {
    const rung: string[] = [];
    const bell = { ...app.bell, ring: (topic: string) => void rung.push(topic) };
    const { importId } = await importTraces({ ...app, bell }, streamOf(lineOf()), { key: 'rung' });
    expect(new Set(rung)).toEqual(new Set(['import:rung', `import:${importId}`, 'traces']));
    expect(rung.at(-1)).toBe('traces');
  });
});
