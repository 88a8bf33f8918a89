/** Runs without end, and a fault every few seconds. SOAK_MINUTES is 3 unless given. */
import { readdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { residentOf, statusIs, trainerOf } from '../look.ts';
import type { RunnerMember, StartedRun } from '../system.ts';
import { expect, test } from '../test.ts';

const MINUTES = Number(process.env.SOAK_MINUTES ?? 3);
const MB = 1024 * 1024;

test(`the system keeps all its promises for ${MINUTES} minutes of faults`, {
  timeout: (MINUTES + 5) * 60_000,
}, async ({ system, random }) => {
  const settings = { LEASE_SECONDS: '5', RUNNER_SLOTS: '2' };
  await system.behave({ steps: 200, stepMs: 20 });
  const runners: RunnerMember[] = [];
  for (let i = 0; i < 2; i++) runners.push(await system.startRunner({ settings }));
  const open: StartedRun[] = [];
  const all: StartedRun[] = [];
  const pick = () => random.below(runners.length);
  const faults: Record<string, () => Promise<unknown>> = {
    async 'kill a runner'() {
      const at = pick();
      runners[at]?.signal('SIGKILL');
      await runners[at]?.ended;
      runners[at] = await system.startRunner({ settings });
    },
    async 'freeze a runner'() {
      const runner = runners[pick()];
      runner?.signal('SIGSTOP');
      await pause(random.below(9_000));
      runner?.signal('SIGCONT');
    },
    async 'cut a runner off'() {
      const line = runners[pick()]?.line;
      line?.set('hold');
      await pause(random.below(9_000));
      line?.set('pass');
    },
    'reset the connections of a runner': async () => runners[pick()]?.line.cut(),
    'reset the viewers': async () => system.web.cut(),
    async 'kill the API'() {
      system.api.signal('SIGKILL');
      await system.api.ended;
      await system.startApi();
    },
    async 'crash the database'() {
      await system.postgres.crash();
      await system.postgres.start();
    },
    async 'kill a trainer'() {
      const run = open[random.below(Math.max(1, open.length))];
      if (!run) return;
      const trainer = await Promise.race([trainerOf(system, run.runId), pause(1_000)]);
      if (trainer) process.kill(trainer, 'SIGKILL');
    },
  };
  const names = Object.keys(faults);
  const end = performance.now() + MINUTES * 60_000;
  const memory: number[] = [];
  while (performance.now() < end) {
    while (open.length < 4) {
      // The API may just be away.
      const started = await system.startRun({ maxAttempts: 100 }).catch(() => null);
      if (!started) break;
      open.push(started);
      all.push(started);
    }
    const name = names[random.below(names.length)] ?? '';
    process.stdout.write(`${Math.round((end - performance.now()) / 1000)} s left: ${name}\n`);
    await faults[name]?.().catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ESRCH') throw error; // the trainer had just ended
    });
    await pause(random.below(3_000));
    memory.push(await residentOf(system.api.pid));
    for (const run of [...open]) {
      if (run.recorder.ends.length === 2) open.splice(open.indexOf(run), 1);
    }
  }
  for (const { runId, recorder } of all) {
    await statusIs(system, runId, 'COMPLETED', 120);
    await recorder.complete;
  }
  const files = await readdir(`/proc/${system.api.pid}/fd`).catch(() => []);
  expect(files.length).toBeLessThan(200);
  expect(Math.max(...memory) / MB, 'MB in the API').toBeLessThan(400);
  process.stdout.write(`${all.length} runs completed\n`);
  for (const runner of runners) await runner[Symbol.asyncDispose]();
});
