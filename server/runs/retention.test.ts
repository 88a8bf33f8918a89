import { describe } from 'vitest';
import { makeDataset, makeRun } from '../test/make.ts';
import { collect } from '../test/rig.ts';
import { expect, test } from '../test/test.ts';
import { appendEvent } from './events.ts';
import { followEvents } from './follow.ts';
import { deleteOldEvents } from './retention.ts';

const DAY = 24 * 60 * 60_000;
const ago = (days: number) => new Date(Date.now() - days * DAY);

const keptFor = <T extends { config: object }>(app: T, retentionDays: number): T => ({
  ...app,
  config: { ...app.config, events: { retentionDays } },
});

describe('events and metric points', () => {
  test('go with the age of a run that has ended, and the run says so', async ({ app }) => {
    const dataset = await makeDataset(app);
    const old = await makeRun(app, dataset.id, { finishedAt: ago(31), lastMetricSeq: 1 });
    const young = await makeRun(app, dataset.id, { finishedAt: ago(29) });
    const open = await makeRun(app, dataset.id, { status: 'RUNNING' });
    for (const { id } of [old, young, open]) {
      await app.db.$transaction((tx) => appendEvent(tx, id, 'STARTED', {}));
    }
    await app.db.metricPoint.create({
      data: {
        runId: old.id,
        seq: 1,
        name: 'train/loss',
        step: 1,
        attempt: 1,
        value: 1,
        at: ago(31),
      },
    });
    const before = await app.db.run.findUniqueOrThrow({ where: { id: old.id } });

    expect(await deleteOldEvents(keptFor(app, 0))).toBe(0);
    expect(await deleteOldEvents(keptFor(app, 30))).toBe(1);
    expect(await deleteOldEvents(keptFor(app, 30))).toBe(0);

    const left = await app.db.runEvent.findMany({ select: { runId: true } });
    expect(left.map(({ runId }) => runId).toSorted()).toEqual([young.id, open.id].toSorted());
    expect(await app.db.metricPoint.count()).toBe(0);
    const after = await app.db.run.findUniqueOrThrow({ where: { id: old.id } });
    expect(after.eventsDeletedAt).toBeInstanceOf(Date);
    expect(after.version).toBeGreaterThan(before.version);
    const rest = await app.db.run.findMany({ where: { eventsDeletedAt: { not: null } } });
    expect(rest.map(({ id }) => id)).toEqual([old.id]);
  });

  test('that are gone end a stream with the end of the run', async ({ app }) => {
    const dataset = await makeDataset(app);
    const { id } = await makeRun(app, dataset.id, { finishedAt: ago(9), lastMetricSeq: 3 });
    await app.db.$transaction((tx) => appendEvent(tx, id, 'COMPLETED', {}));
    await deleteOldEvents(keptFor(app, 1));
    const stream = await collect(followEvents(app, id, 0, 0));
    expect(stream.map(({ kind }) => kind)).toEqual(['phase', 'completed']);
  });
});
