import { randomUUIDv7 } from 'node:crypto';
import type { App } from '../app.ts';
import { evaluate } from '../evaluations/evaluate.ts';
import { sha256 } from '../lib/canonical.ts';
import { makeDataset } from '../test/make.ts';
import { behave, queueRun, until } from '../test/rig.ts';
import { type Execute, finishedRun, withRunner } from '../test/runnerRig.ts';
import { describe, expect, test } from '../test/test.ts';
import { cancelRun } from './cancel.ts';
import { followEvents, followRuns } from './follow.ts';

let app: App;
let execute: Execute;

test.beforeAll(async ({ app: base }) => {
  ({ app, execute } = await withRunner(base));
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

  test('names each of many waiting runs once, however many there are', async () => {
    const { id: datasetId } = await makeDataset(app);
    const many = Array.from({ length: 501 }, () => randomUUIDv7());
    const row = { datasetId, modelId: 'tiny', mode: 'LOCAL', status: 'PENDING' } as const;
    const rest = { config: {}, configHash: sha256(''), timeoutSeconds: 60 };
    await app.db.run.createMany({ data: many.map((id) => ({ ...row, ...rest, id })) });
    const open = await app.db.run.count({ where: { status: { in: ['PENDING', 'RUNNING'] } } });
    await using stream = followRuns(app);
    const next = async () => (await stream.next()).value?.runId;
    for (let seen = 0; seen < open; seen++) await next();
    for (let round = 0; round < 2; round++) {
      const { id } = await queueRun(app);
      expect(await next()).toBe(id);
    }
    // Also the end of the one that had not changed for the longest time.
    const [oldest = ''] = many;
    await cancelRun(app, oldest, 'NOW');
    expect(await next()).toBe(oldest);
    await app.db.run.deleteMany({ where: { id: { in: many } } });
  });

  test('goes on after an outage of the database', async () => {
    const { id } = await queueRun(app);
    let failures = 2;
    const query = (text: string, values: unknown[]) =>
      failures-- > 0
        ? Promise.reject(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))
        : app.sql.query(text, values);
    const sql = Object.assign(Object.create(app.sql) as App['sql'], { query });
    await using stream = followRuns({ sql, bell: app.bell });
    const seen = new Set<string>();
    while (!seen.has(id)) seen.add((await stream.next()).value?.runId ?? '');
    expect(failures).toBeLessThan(0);
  });

  test('names a run that had ended before and is evaluated now', async () => {
    const id = await finishedRun(app, execute, 2);
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
