import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { App } from '../app.ts';
import { openServer } from '../test/http.ts';
import { makePayload } from '../test/make.ts';
import { runIn } from '../test/terminal.ts';
import { describe, expect, test } from '../test/test.ts';
import { EXIT, importCommand } from './import.ts';

const lineOf = (over: object = {}) => JSON.stringify(makePayload(over));
const linesOf = (count: number) => Array.from({ length: count }, () => lineOf()).join('\n');

let files = 0;
async function fileOf(app: App, content: string | Buffer, extension = 'jsonl') {
  const path = join(app.config.dataDir, `${++files}.${extension}`);
  await writeFile(path, content);
  return path;
}

/** Runs the command and gives its exit code and what it printed. */
const run = (url: string, args: string[], more: { input?: string; isInteractive?: boolean } = {}) =>
  runIn({ url, ...more }, importCommand, ...args);

describe('tunix-rt import', () => {
  test('stores a file with its labels, and the second time says that all was there', async ({
    app,
  }) => {
    await using server = await openServer(app);
    const file = await fileOf(app, linesOf(3));
    const args = [file, '--tag', 'a', '--tag', 'b', '--source', 's'];
    expect(await run(server.url, args)).toMatchObject({
      code: EXIT.ok,
      out: expect.stringMatching(/^3 lines: 3 stored, 0 there already, 0 rejected/),
    });
    expect(await app.db.trace.findFirst({ orderBy: { id: 'desc' } })).toMatchObject({
      source: 's',
      tags: ['a', 'b'],
    });
    expect(await run(server.url, args)).toMatchObject({
      code: EXIT.ok,
      out: expect.stringMatching(/^3 lines: 0 stored, 3 there already, 0 rejected/),
    });
  });

  test('names bad lines and exits with 1', async ({ app }) => {
    await using server = await openServer(app);
    const file = await fileOf(app, `${lineOf()}\n{"a": NaN}\n`);
    const { code, error } = await run(server.url, [file]);
    expect(code).toBe(EXIT.rejected);
    expect(error).toContain('1 BAD_JSON');
    expect(error).toContain('line 2: NaN is no JSON.');
  });

  test('goes on with an import that was interrupted', async ({ app }) => {
    await using server = await openServer(app);
    const file = await fileOf(app, linesOf(3));
    const key = 'chosen';
    await run(server.url, [file, '--key', key]);
    await app.db.importSession.update({
      where: { key },
      data: { status: 'INTERRUPTED', bytes: 0, lines: 0, stored: 0 },
    });
    const { code, out } = await run(server.url, [file, '--key', key, '--json']);
    expect(code).toBe(EXIT.ok);
    expect(JSON.parse(out)).toMatchObject({ key, stored: 0, duplicates: 3, repeated: false });
    expect(JSON.parse(out)).not.toHaveProperty('isUsage');
    const again = await run(server.url, [file, '--key', key]);
    expect(again.out).toContain('complete before');
  });

  test('reads packed files, arrays, other fields and the standard input', async ({ app }) => {
    await using server = await openServer(app);
    const packed = await fileOf(app, gzipSync(linesOf(2)), 'jsonl.gz');
    expect((await run(server.url, [packed])).out).toContain('2 stored');
    const array = await fileOf(app, `[${lineOf()}]`, 'json');
    expect((await run(server.url, [array])).out).toContain('1 stored');
    const mapping = '{"prompt": "q", "steps": "s", "finalAnswer": "a"}';
    const mapped = await fileOf(app, `{"q": "${files}", "s": ["x"], "a": 1}`);
    expect((await run(server.url, [mapped, '--mapping', mapping])).out).toContain('1 stored');
    expect((await run(server.url, ['-'], { input: lineOf() })).out).toContain('1 stored');
  });

  test('reads a pipe that has a name, once', async ({ app }) => {
    await using server = await openServer(app);
    const pipe = join(app.config.dataDir, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const [{ code, out }] = await Promise.all([
      run(server.url, [pipe]),
      writeFile(pipe, linesOf(2)),
    ]);
    expect(code).toBe(EXIT.ok);
    expect(out).toContain('2 stored');
  });

  test('exits with 2 at once when the file cannot be read, and does not blame the server', async ({
    app,
  }) => {
    await using server = await openServer(app);
    // Says that it is an ordinary file, and fails to be read, for root too.
    const { code, error } = await run(server.url, ['/proc/self/mem']);
    expect(code).toBe(EXIT.usage);
    expect(error).toBe('tunix-rt import: mem cannot be read: EIO: i/o error, read\n');
  });

  test('draws how far it is for whoever watches, and takes it away', async ({ app }) => {
    await using server = await openServer(app);
    const file = await fileOf(app, linesOf(500));
    const { error } = await run(server.url, [file], { isInteractive: true });
    expect(error).toMatch(/\[#*\.*\] \d+ % of/);
    expect(error.endsWith('\r\u001b[K')).toBe(true);
    expect((await run(server.url, [file, '--quiet'], { isInteractive: true })).error).toBe('');
  });

  test('exits with 4 when the import fails', async ({ app }) => {
    await using server = await openServer(app);
    const file = await fileOf(app, '?\n?\n?');
    const { code, error } = await run(server.url, [file, '--max-errors', '1']);
    expect(code).toBe(EXIT.failed);
    expect(error).toContain('TOO_MANY_ERRORS');
  });

  test('exits with 3 when nobody answers, or somebody else', async ({ app }) => {
    const file = await fileOf(app, lineOf());
    const nobody = await run('http://127.0.0.1:9', [file, '--wait', '0']);
    expect(nobody.code).toBe(EXIT.unreachable);
    expect(nobody.error).toContain('cannot be reached');
  });

  test.for([
    [[], 'Name one file'],
    [['a', 'b'], 'Name one file'],
    [['/no/such/file'], 'cannot be read'],
    [['/'], 'is no file'],
    [['x', '--nonsense'], 'nonsense'],
    [['x', '--wait', 'long'], '--wait'],
    [['x', '--url', 'ftp://x'], '--url'],
  ] as const)('exits with 2 for %j', async ([args, said], { app }) => {
    await using server = await openServer(app);
    const { code, error } = await run(server.url, [...args]);
    expect(code).toBe(EXIT.usage);
    expect(error).toContain(said);
  });

  test.for([
    ['--tag', 'no spaces'],
    ['--format', 'xml'],
    ['--mapping', '{"x": 1}'],
    ['--max-errors', 'many'],
  ])('exits with 2 for %s %s, as the server says', async ([name = '', value = ''], { app }) => {
    await using server = await openServer(app);
    const file = await fileOf(app, lineOf());
    const { code, error } = await run(server.url, [file, name, value]);
    expect(code).toBe(EXIT.usage);
    expect(error).toContain('VALIDATION');
  });

  test('explains itself', async () => {
    const { code, out } = await run('http://127.0.0.1:9', ['--help']);
    expect(code).toBe(EXIT.ok);
    expect(out).toContain('Exit codes: 0');
  });
});
