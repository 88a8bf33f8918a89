import type { App } from '../app.ts';
import { NotFoundError } from '../errors.ts';
import { openLogWriter } from '../logs/writer.ts';
import { registerRunner } from '../runners/register.ts';
import { queueRun, until, withStandIn } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';
import { openMetricWriter } from './attempt/metrics.ts';
import { cancelRun } from './cancel.ts';
import { appendEvent } from './events.ts';
import { claimRun, fenced, type Lease, LeaseLostError, renewLease } from './lease.ts';
import { reapLapsedAttempts } from './reap.ts';

let app: App;
let runnerId: string;

test.beforeAll(async ({ app: base }) => {
  app = await withStandIn(base);
  runnerId = await registerRunner(app);
});

const runOf = (id: string) =>
  app.db.run.findUniqueOrThrow({
    where: { id },
    include: { attempts: { orderBy: { epoch: 'asc' } }, events: { orderBy: { seq: 'asc' } } },
  });
const claim = async (id: string): Promise<Lease> => {
  const lease = await claimRun(app, id, runnerId, 15);
  if (!lease) throw new Error('not claimed');
  return lease;
};
const lapse = (id: string) =>
  app.db.$executeRaw`UPDATE run_attempts SET lease_until = '2000-01-01' WHERE run_id = ${id}::uuid`;
const never = new AbortController().signal;

describe('claimRun', () => {
  test('gives a run to one of many that want it at once', async () => {
    const { id } = await queueRun(app);
    const claims = await Promise.all(
      Array.from({ length: 12 }, () => claimRun(app, id, runnerId, 15)),
    );
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect((await runOf(id)).attempts).toHaveLength(1);
  });

  test('refuses a run that is not pending', async () => {
    const { id } = await queueRun(app);
    await claim(id);
    expect(await claimRun(app, id, runnerId, 15)).toBeNull();
  });
});

describe('a lease that was taken over', () => {
  test('renews no more, and none of its writes is stored', async () => {
    const { id } = await queueRun(app);
    const old = await claim(id);
    await lapse(id);
    await until(async () => (await reapLapsedAttempts(app)) > 0);
    const current = await claim(id);
    expect(current.epoch).toBe(old.epoch + 1);

    await expect(renewLease(app, old)).rejects.toThrow(LeaseLostError);
    await expect(
      fenced(app, old, (tx) => appendEvent(tx, id, 'CHECKPOINT', { step: 9 }, old.epoch)),
    ).rejects.toThrow(LeaseLostError);
    const log = openLogWriter(app, old, never);
    await log.write('STDOUT', Buffer.from('too late\n'));
    await expect(log.close()).rejects.toThrow(LeaseLostError);
    const metrics = openMetricWriter(app, old, never);
    const point = { name: 'train/loss', step: 1, value: 1, at: new Date() };
    await expect(metrics.append([point])).rejects.toThrow(LeaseLostError);

    expect(await app.db.logChunk.count({ where: { runId: id } })).toBe(0);
    expect(await app.db.metricPoint.count({ where: { runId: id } })).toBe(0);
    await expect(renewLease(app, current)).resolves.toEqual({ cancel: null });
  });
});

describe('reapLapsedAttempts', () => {
  test('leaves a lease alone that was renewed', async () => {
    const { id } = await queueRun(app);
    await claim(id);
    await reapLapsedAttempts(app);
    expect((await runOf(id)).status).toBe('RUNNING');
  });

  test('is done once by many that try at once', async () => {
    const { id } = await queueRun(app);
    await claim(id);
    await lapse(id);
    await Promise.all(Array.from({ length: 6 }, () => reapLapsedAttempts(app)));
    const run = await runOf(id);
    expect(run).toMatchObject({ status: 'PENDING', failedAttempts: 1 });
    expect(run.events.filter((event) => event.kind === 'ATTEMPT_LOST')).toHaveLength(1);
  });

  test('goes on with the others when one cannot be ended', async () => {
    const stuck = await queueRun(app);
    const other = await queueRun(app);
    for (const { id } of [stuck, other]) {
      await claim(id);
      await lapse(id);
    }
    const addTicket: App['queue']['addTicket'] = (tx, job, data, key, priority) => {
      if ('runId' in data && data.runId === stuck.id) throw new Error('bad luck');
      return app.queue.addTicket(tx, job, data, key, priority);
    };
    const withFault = { ...app, queue: { ...app.queue, addTicket } };
    await until(async () => (await reapLapsedAttempts(withFault)) > 0);
    expect(await runOf(other.id)).toMatchObject({ status: 'PENDING' });
    expect(await runOf(stuck.id)).toMatchObject({ status: 'RUNNING', failedAttempts: 0 });
    await until(async () => (await reapLapsedAttempts(app)) > 0);
    expect(await runOf(stuck.id)).toMatchObject({ status: 'PENDING', failedAttempts: 1 });
  });

  test('ends a lost run that somebody had cancelled', async () => {
    const { id } = await queueRun(app);
    await claim(id);
    await cancelRun(app, id, 'SAVE');
    await lapse(id);
    await until(async () => (await reapLapsedAttempts(app)) > 0);
    expect(await runOf(id)).toMatchObject({ status: 'CANCELLED' });
  });
});

describe('cancelRun', () => {
  test('ends a pending run in place, without a runner', async () => {
    const { id } = await queueRun(app);
    await cancelRun(app, id, 'SAVE');
    const run = await runOf(id);
    expect(run).toMatchObject({ status: 'CANCELLED', epoch: 0 });
    expect(run.finishedAt).not.toBeNull();
  });

  test('asks again without harm, and NOW overrules SAVE but not the reverse', async () => {
    const { id } = await queueRun(app);
    await claim(id);
    await cancelRun(app, id, 'SAVE');
    await cancelRun(app, id, 'SAVE');
    await cancelRun(app, id, 'NOW');
    await cancelRun(app, id, 'SAVE');
    const run = await runOf(id);
    expect(run).toMatchObject({ status: 'RUNNING', cancelMode: 'NOW' });
    expect(run.events.filter((event) => event.kind === 'CANCEL_REQUESTED')).toHaveLength(2);
  });

  test('accepts a run that is cancelled already and refuses one that ended otherwise', async () => {
    const { id } = await queueRun(app);
    await cancelRun(app, id, 'SAVE');
    await expect(cancelRun(app, id, 'NOW')).resolves.toEqual({ id });
    const other = await queueRun(app);
    await app.db.run.update({
      where: { id: other.id },
      data: { status: 'COMPLETED', finishedAt: new Date() },
    });
    await expect(cancelRun(app, other.id, 'NOW')).rejects.toThrow('completed already');
  });

  test('knows no run that does not exist', async () => {
    await expect(cancelRun(app, crypto.randomUUID(), 'NOW')).rejects.toThrow(NotFoundError);
    await expect(cancelRun(app, null, 'NOW')).rejects.toThrow(NotFoundError);
  });

  test('against a claim at the same moment leaves one outcome', async () => {
    for (let round = 0; round < 20; round++) {
      const { id } = await queueRun(app);
      const [lease] = await Promise.all([
        claimRun(app, id, runnerId, 15),
        cancelRun(app, id, 'SAVE'),
      ]);
      const run = await runOf(id);
      expect(run.status).toBe(lease ? 'RUNNING' : 'CANCELLED');
      expect(run.cancelRequestedAt).not.toBeNull();
    }
  });
});
