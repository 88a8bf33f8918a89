import type { App } from '../app.ts';
import { openServer } from '../test/http.ts';
import { makePayload } from '../test/make.ts';
import { runIn } from '../test/terminal.ts';
import { describe, expect, test } from '../test/test.ts';
import { createTrace } from '../traces/create.ts';
import { buildCommand } from './build.ts';
import { EXIT } from './define.ts';

const build = (url: string, ...args: string[]) => runIn({ url }, buildCommand, ...args);

async function makeTraces(app: App, count: number, source: string, tags: string[] = []) {
  for (let n = 0; n < count; n++) await createTrace(app, { trace: makePayload(), source, tags });
}

describe('tunix-rt build', () => {
  test('builds what the filter names and says how it is split', async ({ app }) => {
    await using server = await openServer(app);
    await makeTraces(app, 10, 'chosen', ['a']);
    await makeTraces(app, 3, 'chosen');
    const { code, out } = await build(
      server.url,
      ...['sums', 'v1', '--source', 'chosen', '--tag', 'a', '--split', '0.6,0.2,0.2'],
    );
    expect(code).toBe(EXIT.ok);
    expect(out).toMatch(/^sums-v1: 10 items, \d+ train, \d+ eval, \d+ test\n$/);
    const { recipe } = await app.db.dataset.findUniqueOrThrow({ where: { key: 'sums-v1' } });
    expect(recipe).toMatchObject({
      filter: { sources: ['chosen'], tags: ['a'] },
      split: { train: 0.6, eval: 0.2, test: 0.2 },
    });
  });

  test('repeats the recipe of another dataset, with what is said on top', async ({ app }) => {
    await using server = await openServer(app);
    await makeTraces(app, 8, 'again');
    const filter = ['--source', 'again', '--steps', '1..', '--strategy', 'random', '--seed', '7'];
    const first = await build(server.url, 'first', '1', ...filter, '--json');
    const second = await build(server.url, 'second', '1', '--like', 'first-1', '--json');
    expect(JSON.parse(second.out).contentHash).toBe(JSON.parse(first.out).contentHash);
    const smaller = await build(
      server.url,
      ...['third', '1', '--like', 'first-1', '--limit', '5', '--json'],
    );
    expect(JSON.parse(smaller.out)).toMatchObject({ key: 'third-1', itemCount: 5 });
    expect(await build(server.url, 'fourth', '1', '--like', 'nothing-1')).toMatchObject({
      code: EXIT.usage,
      error: 'tunix-rt build: There is no dataset nothing-1.\n',
    });
  });

  test('draws how far it is for whoever watches, and takes it away', async ({ app }) => {
    await using server = await openServer(app);
    await makeTraces(app, 5, 'watched');
    const { code, error } = await runIn(
      { url: server.url, isInteractive: true },
      buildCommand,
      ...['watched', '1', '--source', 'watched'],
    );
    expect(code).toBe(EXIT.ok);
    expect(error.replaceAll('\r\u001b[K', '')).toMatch(/^(\[#*\.*\] \d+ % of 5 traces.*)?$/);
  });

  test('exits with 2 when nothing matches, naming the field, and 4 when the key is taken', async ({
    app,
  }) => {
    await using server = await openServer(app);
    await makeTraces(app, 3, 'few');
    const none = await build(server.url, 'none', '1', '--source', 'nobody');
    expect(none.code).toBe(EXIT.usage);
    expect(none.error).toMatch(/^tunix-rt build: .*filter/);
    expect((await build(server.url, 'few', '1', '--source', 'few')).code).toBe(EXIT.ok);
    const taken = await build(server.url, 'few', '1', '--source', 'few', '--limit', '2');
    expect(taken.code).toBe(EXIT.refused);
    expect(taken.error).toContain('few-1');
  });

  test.for([
    [['one'], 'a name and a version'],
    [['a', '1', '--limit', 'many'], '--limit'],
    [['a', '1', '--split', '80'], '--split'],
    [['a', '1', '--score', '5'], '--score'],
    [['a', '1', '--chars', '..'], '--chars'],
    [['a', '1', '--meta', '[]'], '--meta'],
    [['a', '1', '--filter', '{'], '--filter'],
    [['a', '1', '--url', 'ftp://x'], '--url'],
    [['a', '1', '--nonsense'], 'nonsense'],
  ] as const)('exits with 2 for %j', async ([args, said]) => {
    const { code, error } = await build('http://127.0.0.1:9', ...args);
    expect(code).toBe(EXIT.usage);
    expect(error).toContain(said);
    expect(error).toContain('Exit codes');
  });

  test('exits with 3 when nobody answers, and explains itself', async () => {
    const { code, error } = await build('http://127.0.0.1:9', 'a', '1');
    expect(code).toBe(EXIT.unreachable);
    expect(error).toContain('cannot be reached');
    const help = await build('http://127.0.0.1:9', '--help');
    expect(help.code).toBe(EXIT.ok);
    expect(help.out).toContain('Exit codes: 0');
  });
});
