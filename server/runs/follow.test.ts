import type { App } from '../app.ts';
import { evaluate } from '../evaluations/evaluate.ts';
import { registerRunner } from '../runners/register.ts';
import { behave, queueRun, until, withStandIn } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';
import { executeRun } from './execute.ts';
import { followEvents, followLog, followRuns, type RunLogEvent } from './follow.ts';
import { claimRun } from './lease.ts';
import { openLogWriter } from './logs.ts';
import { readLog, readMetrics } from './read.ts';

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
    } else phases.push(event.kind === 'phase' ? event.phase : `${event.status} ${event.lastSeq}`);
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

describe('followEvents', () => {
  test('gives every event once and every metric point once, ends after the evaluation', async () => {
    await behave(app, { steps: 25, stepMs: 4 });
    const { id } = await queueRun(app);
    const running = execute(id).then(async () => {
      const evaluation = await app.db.evaluation.findFirstOrThrow({ where: { runId: id } });
      await evaluate(app, evaluation.id);
    });
    const kinds: string[] = [];
    const seqs: number[] = [];
    const steps: number[] = [];
    for await (const event of followEvents(app, id, 0, 0)) {
      if (event.kind === 'event') {
        seqs.push(event.event.seq);
        kinds.push(event.event.kind);
      }
      if (event.kind === 'metrics') steps.push(...event.points.map((point) => point.step));
    }
    await running;
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    expect(kinds.slice(-2)).toEqual(['COMPLETED', 'EVALUATED']);
    expect(seqs.length).toBe(await app.db.runEvent.count({ where: { runId: id } }));
    expect(steps).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
  });
});

describe('followRuns', () => {
  test('names waiting runs first, then those that are new or change', async () => {
    const { id: waiting } = await queueRun(app);
    const stream = followRuns(app);
    const seen = new Set<string>();
    const see = async (id: string) => {
      while (!seen.has(id)) seen.add((await stream.next()).value?.runId ?? '');
    };
    await see(waiting);
    const { id: added } = await queueRun(app);
    await see(added);
    seen.clear();
    await behave(app, { steps: 1 });
    await execute(added);
    await see(added);
    await stream.return();
  });

  test('names a run that had ended before and is evaluated now', async () => {
    const id = await finishedRun(2);
    const stream = followRuns(app);
    const seen = (async () => {
      for await (const { runId } of stream) if (runId === id) return true;
      return false;
    })();
    await until(async () => app.bell.listeners > 0);
    const evaluation = await app.db.evaluation.findFirstOrThrow({ where: { runId: id } });
    await evaluate(app, evaluation.id);
    expect(await seen).toBe(true);
  });
});

describe('readLog', () => {
  test('keeps what is no UTF-8 as bytes', async () => {
    const { id } = await queueRun(app);
    const lease = await claimRun(app, id, runnerId, 15);
    if (!lease) throw new Error('not claimed');
    const bytes = Buffer.from([0, 255, 10, 0xc3, 10, 65]);
    const log = openLogWriter(app, lease, new AbortController().signal);
    await log.write('STDOUT', bytes);
    await log.close();
    const { batches } = await readLog(app.sql, id, 0);
    expect(Buffer.concat(batches.map((batch) => batch.data))).toEqual(bytes);
    expect(batches.at(-1)?.lastSeq).toBe(3);
  });
});

describe('readMetrics', () => {
  test('keeps spikes and what is not finite when it thins out', async () => {
    const { id } = await queueRun(app);
    const values = Array.from({ length: 5000 }, (_, step): number => (step === 1234 ? 99 : 1));
    values[4321] = Number.NaN;
    await app.db.metricPoint.createMany({
      data: values.map((value, step) => ({
        runId: id,
        seq: step + 1,
        name: 'train/loss',
        step,
        attempt: 1,
        value,
        at: new Date(),
      })),
    });
    const points = (await readMetrics(app.sql, id, null, 100)).get('train/loss') ?? [];
    expect(points.length).toBeLessThan(160);
    expect(points.find((point) => point.step === 1234)?.value).toBe(99);
    expect(points.find((point) => point.step === 4321)?.value).toBeNaN();
    expect([points[0]?.step, points.at(-1)?.step]).toEqual([0, 4999]);
  });

  test('takes each step from the newest attempt', async () => {
    const { id } = await queueRun(app);
    const point = (seq: number, attempt: number, step: number, value: number) => ({
      ...{ runId: id, seq, name: 'train/loss', attempt, step, value, at: new Date() },
    });
    await app.db.metricPoint.createMany({
      data: [point(1, 1, 1, 1), point(2, 1, 2, 2), point(3, 2, 2, 20), point(4, 2, 3, 30)],
    });
    const points = (await readMetrics(app.sql, id, ['train/loss'], 100)).get('train/loss') ?? [];
    expect(points.map(({ step, value }) => [step, value])).toEqual([
      [1, 1],
      [2, 20],
      [3, 30],
    ]);
  });
});
