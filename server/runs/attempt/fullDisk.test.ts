/** A disk without room for checkpoints costs none of the training, and the log says what it costs. */
import { vi } from 'vitest';
import type { App } from '../../app.ts';
import { listCheckpoints } from '../../artifacts/checkpoints.ts';
import { StoreAwayError } from '../../artifacts/faults.ts';
import { behave, queueRun, storedLog, until } from '../../test/rig.ts';
import { type Execute, runOf, withRunner } from '../../test/runnerRig.ts';
import { describe, expect, test } from '../../test/test.ts';

/** Whether the second file of whatever is held finds no room. */
const disk = vi.hoisted(() => ({ isFull: false, refused: 0 }));

vi.mock('../../artifacts/directory.ts', async (original) => {
  const real = await original<typeof import('../../artifacts/directory.ts')>();
  const linkOrCopy = async (from: string, to: string) => {
    if (disk.isFull && to.endsWith('weights')) {
      disk.refused += 1;
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    }
    await real.linkOrCopy(from, to);
  };
  return { ...real, linkOrCopy };
});

let app: App;
let execute: Execute;

test.beforeAll(async ({ app: base }) => {
  ({ app, execute } = await withRunner(base));
});

test.beforeEach(() => {
  disk.isFull = false;
  disk.refused = 0;
});

const kept = async (id: string) =>
  (await listCheckpoints(app.sql, id)).flatMap(({ step, available }) => (available ? [step] : []));

const said = async (id: string) => (await storedLog(app, id)).system.toString();

describe('a training whose disk is full', () => {
  test('goes on, and keeps the checkpoints for which there is room again', async () => {
    await behave(app, { steps: 40, stepMs: 30 });
    const { id } = await queueRun(app);
    disk.isFull = true;
    const running = execute(id);
    await until(async () => disk.refused > 0);
    disk.isFull = false;
    await running;
    const run = await runOf(app, id);
    expect(run).toMatchObject({ status: 'COMPLETED', step: 40, attempts: [{ epoch: 1 }] });
    expect((await kept(id)).slice(0, 2)).toEqual([40, 39]);
    expect(await said(id)).toMatch(
      /The checkpoint of step \d+ could not be kept\. .*ENOSPC.* The disk is full\. Free space/,
    );
  });

  test('waits for room with the checkpoints that it has at its end', async () => {
    await behave(app, { steps: 5 });
    const { id } = await queueRun(app);
    disk.isFull = true;
    const running = execute(id);
    await until(async () => (await said(id)).includes('Checkpoints wait to be kept: '));
    expect(await kept(id)).toEqual([]);
    disk.isFull = false;
    await running;
    expect((await runOf(app, id)).status).toBe('COMPLETED');
    expect((await kept(id)).slice(0, 2)).toEqual([5, 4]);
  });
});

test('a store that is full in the middle of a checkpoint gets it later, and the log says so', async () => {
  await behave(app, { steps: 60, stepMs: 30 });
  const { id } = await queueRun(app);
  let isFull = true;
  let puts = 0;
  const put: App['store']['put'] = async (file, signal) => {
    puts += 1;
    // The first file of the checkpoint still finds room.
    if (isFull && puts > 1)
      throw new StoreAwayError('The store cannot be used (ENOSPC).', 'Free it.');
    await app.store.put(file, signal);
  };
  const running = execute(id, { ...app, store: { ...app.store, put } });
  await until(async () => (await said(id)).includes('waits to be stored: '));
  expect(await kept(id)).toEqual([]);
  isFull = false;
  await running;
  expect(await runOf(app, id)).toMatchObject({ status: 'COMPLETED', attempts: [{ epoch: 1 }] });
  const announced = (await runOf(app, id)).events.flatMap(({ kind, data }) =>
    kind === 'CHECKPOINT' ? [(data as { step: number }).step] : [],
  );
  const [, waited = ''] = /The checkpoint of step (\d+) waits/.exec(await said(id)) ?? [];
  expect(announced).toContain(Number(waited));
});
