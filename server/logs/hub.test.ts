import type { App } from '../app.ts';
import { drainLog, endRun, openLoggedRun, through } from '../test/logRig.ts';
import { until, withStandIn } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';
import { followLog } from './follow.ts';
import { openLogHub } from './hub.ts';

let app: App;

test.beforeAll(async ({ app: base }) => {
  app = await withStandIn(base);
});

/** The app with a hub of its own, and how often that reads chunks. */
function counted() {
  const count = { chunks: 0 };
  const sql = through(app, (name, pass) => {
    if (name === 'log-chunks') count.chunks += 1;
    return pass();
  });
  return { app: { ...app, logHub: openLogHub({ sql }) }, count };
}

describe('many followers', () => {
  test('of one run cost no more reads than one, and all get all of it', async () => {
    const { app: own, count } = counted();
    const { id, log } = await openLoggedRun(app);
    const all = Array.from({ length: 200 }, () => drainLog(followLog(own, id, 0)));
    await until(async () => app.bell.listeners > 0);
    for (let i = 0; i < 50; i++) {
      await log.say(`line ${i} of fifty`);
      await until(async () => (await app.db.logChunk.count({ where: { runId: id } })) > i, 1);
    }
    await log.close();
    await endRun(app, id);
    const texts = new Set((await Promise.all(all)).map(({ text }) => text));
    expect(texts.size).toBe(1);
    expect([...texts][0]?.split('\n')).toHaveLength(51);
    // Each read brings at least one line, and once in a while comes too early.
    expect(count.chunks).toBeLessThan(150);
    expect(app.bell.listeners).toBe(0);
  });

  test('of many runs share statements', async () => {
    const { app: own, count } = counted();
    const runs = await Promise.all(Array.from({ length: 40 }, () => openLoggedRun(app)));
    const all = runs.map(({ id }) => drainLog(followLog(own, id, 0)));
    await until(async () => app.bell.listeners === 40);
    await Promise.all(runs.map(({ log }) => log.say('hello')));
    await Promise.all(runs.map(({ log }) => log.close()));
    await Promise.all(runs.map(({ id }) => endRun(app, id)));
    expect((await Promise.all(all)).map(({ text }) => text)).toEqual(Array(40).fill('hello\n'));
    expect(count.chunks).toBeLessThan(40);
  });

  test('are not kept waiting by one that does not read, and it misses nothing', async () => {
    const { id, log } = await openLoggedRun(app);
    const slow = followLog(app, id, 0);
    await slow.next();
    const quick = drainLog(followLog(app, id, 0));
    const part = Buffer.from(`${'x'.repeat(99)}\n`.repeat(500));
    for (let i = 0; i < 200; i++) await log.write('STDOUT', part);
    await log.close();
    await endRun(app, id);
    const { text, seq } = await quick;
    expect(seq).toBe(100_000);
    const late = await drainLog(slow);
    expect(late.seq).toBe(seq);
    expect(late.text === text).toBe(true);
  });

  test('from any cursors, while it is written, all get the same', async () => {
    const { id, log } = await openLoggedRun(app);
    const writing = (async () => {
      for (let i = 0; i < 3000; i++) {
        await log.write(i % 7 === 0 ? 'STDERR' : 'STDOUT', Buffer.from(`line ${i + 1}\n`));
        if (i % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await log.close();
      await endRun(app, id);
    })();
    const afters = Array.from({ length: 30 }, (_, i) => i * 100);
    const all = await Promise.all(
      afters.map((after) => drainLog(followLog(app, id, after), after)),
    );
    await writing;
    for (const [index, { text, seq }] of all.entries()) {
      expect(seq).toBe(3000);
      const from = afters[index] ?? 0;
      const lines = Array.from({ length: 3000 - from }, (_, i) => `line ${from + i + 1}\n`);
      expect(text).toBe(lines.join(''));
    }
  });
});

test('the lag is that of the follower furthest behind, while there is one', async () => {
  const { app: own } = counted();
  const { id, log } = await openLoggedRun(app);
  expect(own.logHub.lag).toBe(0);
  for (let i = 0; i < 3; i++) await log.write('STDOUT', Buffer.from(`${'x'.repeat(200_000)}\n`));
  await log.close();
  {
    using slow = own.logHub.follow(id);
    using fast = own.logHub.follow(id);
    await fast.read(2, 3);
    expect(own.logHub.lag).toBe(0);
    const part = await slow.read(0, 3);
    expect(part?.lastSeq).toBeLessThan(3);
    expect(own.logHub.lag).toBe(3 - (part?.lastSeq ?? 0));
  }
  expect(own.logHub.lag).toBe(0);
  await endRun(app, id);
});
