import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { App } from '../../app.ts';
import { makeDataset, makeRun } from '../../test/make.ts';
import { makeRunner } from '../../test/makeRunner.ts';
import { behave, queueRun, until, withStandIn } from '../../test/rig.ts';
import { describe, expect, test } from '../../test/test.ts';
import { findMarked } from '../../tunix/leftovers.ts';
import { claimRun } from '../lease.ts';
import { executeRun } from './execute.ts';
import { killLeftovers } from './leftovers.ts';

/** What is in the environment of a process; empty when it has ended. */
const environmentOf = (pid: number) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');

/** Starts a process in a session of its own, whose parent ends at once: it belongs to nobody. */
async function startOrphan(marker: string): Promise<number> {
  const program = `
    const { spawn } = require('node:child_process');
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'],
      { detached: true, stdio: 'ignore' });
    child.unref();
    console.log(child.pid);`;
  const parent = spawn(process.execPath, ['-e', program], {
    env: { TUNIX_RT_ATTEMPT: marker },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return Number(await text(parent.stdout));
}

async function runningAttempt(app: App) {
  const { id: datasetId } = await makeDataset(app);
  const run = await makeRun(app, datasetId, { status: 'PENDING' });
  const lease = await claimRun(app, run.id, (await makeRunner(app)).id, 15);
  if (!lease) throw new Error('not claimed');
  return lease;
}

describe.runIf(process.platform === 'linux')('processes that an attempt leaves behind', () => {
  test('die with it, also a daemon that has left its group', async ({ app: base }) => {
    const app = await withStandIn(base);
    await behave(app, { grandchild: 'left-behind', daemon: true, at: { step: 2, do: 'hang' } });
    const { id } = await queueRun(app);
    const shutdown = new AbortController();
    const runner = await makeRunner(app);
    const running = executeRun(app, { id: runner.id, shutdown: shutdown.signal }, id);
    const mine = async () => (await findMarked()).filter(({ runId }) => runId === id);
    // The training itself and its daemon.
    await until(async () => (await mine()).length === 2);
    shutdown.abort();
    await running;
    await until(async () => (await mine()).length === 0);
  });

  test('die when the attempt has ended without its runner', async ({ app }) => {
    const { runId, epoch } = await runningAttempt(app);
    const pid = await startOrphan(`${runId}/${epoch}`);
    await killLeftovers(app);
    expect(await environmentOf(pid)).toContain(runId);
    await app.db.runAttempt.update({
      where: { runId_epoch: { runId, epoch } },
      data: { status: 'LOST', endedAt: new Date() },
    });
    await killLeftovers(app);
    await until(async () => (await environmentOf(pid)) === '');
  });

  test('live when their attempt is of another system, or they carry no marker', async ({ app }) => {
    const { runId } = await runningAttempt(app);
    const foreign = await startOrphan(`${crypto.randomUUID()}/1`);
    const odd = await startOrphan(`${runId}/x`);
    try {
      await killLeftovers(app);
      expect(await environmentOf(foreign)).not.toBe('');
      expect(await environmentOf(odd)).not.toBe('');
    } finally {
      process.kill(foreign, 'SIGKILL');
      process.kill(odd, 'SIGKILL');
    }
  });
});
