import { expect, test } from 'vitest';
import { openClient } from '../server/demo/client.ts';
import { buildDataset, importSamples, startRun, storedLog, untilEnd } from './loop.ts';
import { descendants, isAlive, startSystem } from './system.ts';

const HYPERPARAMETERS = {
  learningRate: 0.003,
  batchSize: 8,
  numEpochs: 100,
  maxSteps: 400,
  maxSeqLength: 128,
  maxNewTokens: 8,
  evalEverySteps: 400,
  saveEverySteps: 20,
};

type Message = {
  runEvents: { __typename: string; event?: { kind: string; data: { step: number } } };
};

test('a run whose runner is killed is resumed from its checkpoint, with a log without gap or repeat', async () => {
  await using system = await startSystem([], { LEASE_SECONDS: '5' });
  const client = openClient(system.url);
  try {
    await importSamples(client, 120);
    const runId = await startRun(
      client,
      await buildDataset(client, 'recovery', 120),
      HYPERPARAMETERS,
    );
    const follow = client.follow<Message>(
      `subscription Watch($id: ID!) { runEvents(runId: $id) { __typename
         ... on RunEventNotice { event { kind data } } } }`,
      { id: runId },
    );
    let killed = false;
    let resumedFrom = 0;
    for await (const { data } of follow) {
      const event = data?.runEvents.event;
      if (event?.kind === 'CHECKPOINT' && !killed && event.data.step >= 40) {
        killed = true;
        const [runner] = await descendants(system.pid, 'server/runner.ts');
        const [trainer] = await descendants(system.pid, 'tunix_rt.sft');
        expect(trainer).toBeGreaterThan(0);
        process.kill(runner ?? 0, 'SIGKILL');
        // Whoever trained for it ends with it: nobody else would stop it.
        await expect.poll(() => isAlive(trainer ?? 0), { timeout: 10_000 }).toBe(false);
      }
      if (event?.kind === 'RESTORED' && killed) resumedFrom = event.data.step;
    }
    expect(await untilEnd(client, runId)).toMatchObject({ status: 'COMPLETED', exitCode: 0 });
    expect(resumedFrom).toBeGreaterThanOrEqual(40);
    const { run } = await client.request<{
      run: { attempts: { status: string }[]; metrics: { points: { step: number }[] }[] };
    }>(
      `query Attempts($id: ID!) { run(id: $id) { attempts { status }
         metrics(names: ["train/loss"]) { points { step } } } }`,
      { id: runId },
    );
    expect(run.attempts.map((attempt) => attempt.status)).toEqual(['LOST', 'COMPLETED']);
    const steps = run.metrics[0]?.points.map((point) => point.step);
    expect(steps).toEqual(Array.from({ length: 400 }, (_, index) => index + 1));

    const log = await storedLog(client, runId);
    expect(log).toContain(`Training resumes from step ${resumedFrom}.`);
    const download = await fetch(`${system.url}/export/runs/1/log.txt`);
    expect(await download.text()).toBe(log);
  } finally {
    await client.close();
  }
});
