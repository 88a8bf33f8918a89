import type { App } from '../app.ts';
import { registerRunner } from '../runners/register.ts';
import { executeRun } from '../runs/execute.ts';
import { claimRun, type Lease } from '../runs/lease.ts';
import { openRunStates } from '../runs/states.ts';
import { behave, collect, queueRun, until, withStandIn } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';
import { followLog, type RunLogEvent } from './follow.ts';
import { openLogHub } from './hub.ts';
import { openLogWriter } from './writer.ts';

let app: App;
let runnerId: string;

test.beforeAll(async ({ app: base }) => {
  app = await withStandIn(base);
  runnerId = await registerRunner(app);
});

const execute = (id: string) =>
  executeRun(app, { id: runnerId, shutdown: new AbortController().signal }, id);

/** Everything a stream says, checking that no line is missing or comes twice. */
async function drain(stream: AsyncIterable<RunLogEvent>, after = 0) {
  let seq = after;
  const parts: Buffer[] = [];
  const phases: string[] = [];
  for await (const event of stream) {
    if (event.kind === 'batch') {
      expect(event.firstSeq).toBe(seq + 1);
      seq = event.lastSeq;
      parts.push(event.data);
    } else if (event.kind === 'phase' || event.kind === 'completed') {
      phases.push(event.kind === 'phase' ? event.phase : `${event.status} ${event.lastSeq}`);
    }
  }
  return { text: Buffer.concat(parts).toString(), phases, seq };
}

async function finishedRun(steps = 30) {
  await behave(app, { steps });
  const { id } = await queueRun(app);
  await execute(id);
  return id;
}

describe('followLog', () => {
  test('gives a viewer from before the start the same as one from after the end', async () => {
    await behave(app, { steps: 40, stepMs: 5 });
    const { id } = await queueRun(app);
    const live = drain(followLog(app, id, 0));
    await execute(id);
    const early = await live;
    const late = await drain(followLog(app, id, 0));
    expect(early.text).toBe(late.text);
    expect(early.phases.at(-1)).toBe(late.phases.at(-1));
    expect(early.phases.at(-1)).toBe(`COMPLETED ${late.seq}`);
    expect(late.phases[0]).toBe('BACKFILL');
    expect(early.phases).toContain('LIVE');
  });

  test('goes on from any line, also inside a chunk', async () => {
    const id = await finishedRun();
    const whole = await drain(followLog(app, id, 0));
    const lines = whole.text.split('\n');
    for (const after of [1, 2, 7, whole.seq - 1, whole.seq]) {
      const rest = await drain(followLog(app, id, after), after);
      expect(rest.text).toBe(lines.slice(after).join('\n'));
    }
  });

  test('joined from pieces of many interrupted viewers is the stored log', async () => {
    await behave(app, { steps: 60, stepMs: 4 });
    const { id } = await queueRun(app);
    const running = execute(id);
    let seq = 0;
    const parts: Buffer[] = [];
    for (let completed = false; !completed; ) {
      let seen = 0;
      for await (const event of followLog(app, id, seq)) {
        if (event.kind === 'completed') completed = true;
        if (event.kind !== 'batch') continue;
        expect(event.firstSeq).toBe(seq + 1);
        seq = event.lastSeq;
        parts.push(event.data);
        if (++seen === 3) break;
      }
    }
    await running;
    const whole = await drain(followLog(app, id, 0));
    expect(Buffer.concat(parts).toString()).toBe(whole.text);
  });

  test('ends at once for a run that does not exist', async () => {
    expect(await drain(followLog(app, crypto.randomUUID(), 0))).toMatchObject({ phases: [] });
  });

  test('lets go of the bell when its viewer leaves while nothing happens', async () => {
    const { id } = await queueRun(app);
    const stream = followLog(app, id, 0);
    expect((await stream.next()).value).toMatchObject({ phase: 'LIVE' });
    const sleeping = stream.next();
    await until(async () => app.bell.listeners > 0);
    await stream.return();
    await expect(sleeping).resolves.toMatchObject({ done: true });
    expect(app.bell.listeners).toBe(0);
  });
});

const never = new AbortController().signal;

/** A run that is written to by hand. */
async function openRun() {
  const { id } = await queueRun(app);
  const lease = await claimRun(app, id, runnerId, 60);
  if (!lease) throw new Error('not claimed');
  return { id, lease, log: openLogWriter(app, lease, never) };
}

const end = async ({ runId }: Lease) => {
  await app.db.run.update({
    where: { id: runId },
    data: { status: 'COMPLETED', finishedAt: new Date() },
  });
  app.bell.ring(`run:${runId}`);
};

/** The app, and how many statements of a kind its followers send. */
function counted() {
  const count = { chunks: 0, states: 0 };
  const query = (async (...values: unknown[]) => {
    const { name } = values[0] as { name?: string };
    if (name === 'log-chunks') count.chunks += 1;
    return (app.sql.query as (...all: unknown[]) => Promise<unknown>)(...values);
  }) as typeof app.sql.query;
  return { app: { ...app, logHub: openLogHub({ sql: { query } as App['sql'] }) }, count };
}

describe('many followers', () => {
  test('of one run cost no more reads than one, and all get all of it', async () => {
    const { app: own, count } = counted();
    const { id, lease, log } = await openRun();
    const all = Array.from({ length: 200 }, () => drain(followLog(own, id, 0)));
    await until(async () => app.bell.listeners > 0);
    for (let i = 0; i < 50; i++) {
      await log.say(`line ${i} of fifty`);
      await until(async () => (await app.db.logChunk.count({ where: { runId: id } })) > i, 1);
    }
    await log.close();
    await end(lease);
    const texts = new Set((await Promise.all(all)).map(({ text }) => text));
    expect(texts.size).toBe(1);
    expect([...texts][0]?.split('\n')).toHaveLength(51);
    // Each read brings at least one line, and once in a while comes too early.
    expect(count.chunks).toBeLessThan(150);
    expect(app.bell.listeners).toBe(0);
  });

  test('of many runs share statements', async () => {
    const { app: own, count } = counted();
    const runs = await Promise.all(Array.from({ length: 40 }, openRun));
    const all = runs.map(({ id }) => drain(followLog(own, id, 0)));
    await until(async () => app.bell.listeners === 40);
    await Promise.all(runs.map(({ log }) => log.say('hello')));
    await Promise.all(runs.map(({ log }) => log.close()));
    await Promise.all(runs.map(({ lease }) => end(lease)));
    expect((await Promise.all(all)).map(({ text }) => text)).toEqual(Array(40).fill('hello\n'));
    expect(count.chunks).toBeLessThan(40);
  });

  test('are not kept waiting by one that does not read, and it misses nothing', async () => {
    const { id, lease, log } = await openRun();
    const slow = followLog(app, id, 0);
    await slow.next();
    const quick = drain(followLog(app, id, 0));
    const part = Buffer.from(`${'x'.repeat(99)}\n`.repeat(500));
    for (let i = 0; i < 200; i++) await log.write('STDOUT', part);
    await log.close();
    await end(lease);
    const { text, seq } = await quick;
    expect(seq).toBe(100_000);
    const late = await drain(slow);
    expect(late.seq).toBe(seq);
    expect(late.text === text).toBe(true);
  });

  test('from any cursors, while it is written, all get the same', async () => {
    const { id, lease, log } = await openRun();
    const writing = (async () => {
      for (let i = 0; i < 3000; i++) {
        await log.write(i % 7 === 0 ? 'STDERR' : 'STDOUT', Buffer.from(`line ${i + 1}\n`));
        if (i % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await log.close();
      await end(lease);
    })();
    const afters = Array.from({ length: 30 }, (_, i) => i * 100);
    const all = await Promise.all(afters.map((after) => drain(followLog(app, id, after), after)));
    await writing;
    for (const [index, { text, seq }] of all.entries()) {
      expect(seq).toBe(3000);
      const from = afters[index] ?? 0;
      const lines = Array.from({ length: 3000 - from }, (_, i) => `line ${from + i + 1}\n`);
      expect(text).toBe(lines.join(''));
    }
  });
});

describe('a follower', () => {
  test('sees what stands in an unfinished line until a batch takes its place', async () => {
    const { id, lease, log } = await openRun();
    await log.say('first');
    await log.write('STDERR', Buffer.from(' 10%\r 50%'));
    const events: RunLogEvent[] = [];
    for await (const event of followLog(app, id, 0)) {
      events.push(event);
      if (event.kind === 'open') {
        await log.write('STDERR', Buffer.from('\r100%\n'));
        await log.close();
        await end(lease);
      }
    }
    const told = events.flatMap((event) =>
      event.kind === 'open' || event.kind === 'batch' ? [event] : [],
    );
    expect(told).toMatchObject([
      { kind: 'batch', firstSeq: 1 },
      { kind: 'open', seq: 2, stream: 'STDERR', text: ' 50%', attempt: 1 },
      { kind: 'batch', firstSeq: 2 },
    ]);
  });

  test('is told of a gap in its place', async () => {
    const { id, lease, log } = await openRun();
    await log.say('before');
    await log.close();
    const data = Buffer.from('… lost …\n');
    await app.db.logChunk.create({
      data: {
        ...{ runId: id, firstSeq: 2, lastSeq: 2, attempt: 1, stream: 'SYSTEM', data },
        ...{ bytes: data.length, lostBytes: 5000n, lostLines: 12n },
      },
    });
    await app.db.run.update({ where: { id }, data: { lastLogSeq: 2 } });
    await end(lease);
    const events = await collect(followLog(app, id, 0));
    expect(events).toMatchObject([
      { kind: 'phase' },
      { kind: 'batch', lastSeq: 1 },
      { kind: 'gap', firstSeq: 2, lastSeq: 2, lostBytes: 5000, lostLines: 12 },
      { kind: 'completed', lastSeq: 2 },
    ]);
  });

  test('sees nothing of an outage but that it is late', async () => {
    const { id, lease, log } = await openRun();
    let isAway = false;
    let refused = 0;
    const query = (async (...values: unknown[]) => {
      if (isAway) {
        refused += 1;
        throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      }
      return (app.sql.query as (...all: unknown[]) => Promise<unknown>)(...values);
    }) as typeof app.sql.query;
    const needs = { sql: { query } as App['sql'], bell: app.bell };
    const own = { runStates: openRunStates(needs), logHub: openLogHub(needs) };
    const following = drain(followLog(own, id, 0));
    await until(async () => app.bell.listeners > 0);
    isAway = true;
    await log.say('meanwhile');
    await log.close();
    await end(lease);
    await until(async () => refused > 0);
    isAway = false;
    expect((await following).text).toBe('meanwhile\n');
  });

  test('of a log that was deleted is told how it ended', async () => {
    const { id, lease, log } = await openRun();
    await log.say('gone');
    await log.close();
    await end(lease);
    await app.db.logChunk.deleteMany({ where: { runId: id } });
    await app.db.run.update({ where: { id }, data: { logDeletedAt: new Date() } });
    const events = await collect(followLog(app, id, 0));
    expect(events.at(-1)).toMatchObject({ kind: 'completed', status: 'COMPLETED', lastSeq: 0 });
  });
});
