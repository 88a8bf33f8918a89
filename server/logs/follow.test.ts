import type { App } from '../app.ts';
import { openRunStates } from '../runs/states.ts';
import { drainLog, endRun, openLoggedRun, shaky } from '../test/logRig.ts';
import { behave, collect, queueRun, until } from '../test/rig.ts';
import { type Execute, finishedRun, withRunner } from '../test/runnerRig.ts';
import { describe, expect, test } from '../test/test.ts';
import { followLog, type RunLogEvent } from './follow.ts';
import { openLogHub } from './hub.ts';

let app: App;
let execute: Execute;

test.beforeAll(async ({ app: base }) => {
  ({ app, execute } = await withRunner(base));
});

describe('followLog', () => {
  test('gives a viewer from before the start the same as one from after the end', async () => {
    await behave(app, { steps: 40, stepMs: 5 });
    const { id } = await queueRun(app);
    const live = drainLog(followLog(app, id, 0));
    await execute(id);
    const early = await live;
    const late = await drainLog(followLog(app, id, 0));
    expect(early.text).toBe(late.text);
    expect(early.phases.at(-1)).toBe(late.phases.at(-1));
    expect(early.phases.at(-1)).toBe(`COMPLETED ${late.seq}`);
    expect(late.phases[0]).toBe('BACKFILL');
    expect(early.phases).toContain('LIVE');
  });

  test('goes on from any line, also inside a chunk', async () => {
    const id = await finishedRun(app, execute, 30);
    const whole = await drainLog(followLog(app, id, 0));
    const lines = whole.text.split('\n');
    for (const after of [1, 2, 7, whole.seq - 1, whole.seq]) {
      const rest = await drainLog(followLog(app, id, after), after);
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
    const whole = await drainLog(followLog(app, id, 0));
    expect(Buffer.concat(parts).toString()).toBe(whole.text);
  });

  test('ends at once for a run that does not exist', async () => {
    expect(await drainLog(followLog(app, crypto.randomUUID(), 0))).toMatchObject({ phases: [] });
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

describe('a follower', () => {
  test('sees what stands in an unfinished line until a batch takes its place', async () => {
    const { id, log } = await openLoggedRun(app);
    await log.say('first');
    await log.write('STDERR', Buffer.from(' 10%\r 50%'));
    const events: RunLogEvent[] = [];
    for await (const event of followLog(app, id, 0)) {
      events.push(event);
      if (event.kind === 'open') {
        await log.write('STDERR', Buffer.from('\r100%\n'));
        await log.close();
        await endRun(app, id);
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
    const { id, log } = await openLoggedRun(app);
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
    await endRun(app, id);
    const events = await collect(followLog(app, id, 0));
    expect(events).toMatchObject([
      { kind: 'phase' },
      { kind: 'batch', lastSeq: 1 },
      { kind: 'gap', firstSeq: 2, lastSeq: 2, lostBytes: 5000, lostLines: 12 },
      { kind: 'completed', lastSeq: 2 },
    ]);
  });

  test('sees nothing of an outage but that it is late', async () => {
    const { id, log } = await openLoggedRun(app);
    const { sql, state } = shaky(app);
    const own = { runStates: openRunStates({ ...app, sql }), logHub: openLogHub({ sql }) };
    const following = drainLog(followLog(own, id, 0));
    await until(async () => app.bell.listeners > 0);
    state.isAway = true;
    await log.say('meanwhile');
    await log.close();
    await endRun(app, id);
    await until(async () => state.refused > 0);
    state.isAway = false;
    expect((await following).text).toBe('meanwhile\n');
  });

  test('of a log that was deleted is told how it ended', async () => {
    const { id, log } = await openLoggedRun(app);
    await log.say('gone');
    await log.close();
    await endRun(app, id);
    await app.db.logChunk.deleteMany({ where: { runId: id } });
    await app.db.run.update({ where: { id }, data: { logDeletedAt: new Date() } });
    const events = await collect(followLog(app, id, 0));
    expect(events.at(-1)).toMatchObject({ kind: 'completed', status: 'COMPLETED', lastSeq: 0 });
  });
});
