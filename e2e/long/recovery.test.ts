import { expect, test } from 'vitest';
import { type Client, openClient } from '../../server/demo/client.ts';
import { mersenne } from '../../server/lib/mersenne.ts';
import { openCrashable } from '../faults/postgres.ts';
import { openRecorder, type Recorder } from '../faults/recorder.ts';
import { until } from '../faults/until.ts';
import { buildDataset, importSamples, startRun, storedLog, untilEnd } from '../loop.ts';
import { descendants, isAlive, startSystem } from '../system.ts';

const STEPS = 200;
const HYPERPARAMETERS = {
  learningRate: 0.003,
  batchSize: 8,
  numEpochs: 100,
  maxSteps: STEPS,
  maxSeqLength: 128,
  maxNewTokens: 8,
  evalEverySteps: STEPS,
  saveEverySteps: 20,
};
/** How long a checkpoint may be waited for; the first comes after the start of Python and JAX. */
const PATIENCE = { seconds: 240 };

type Told = {
  run: {
    number: number;
    attempts: { status: string }[];
    metrics: { name: string; points: { step: number; value: number }[] }[];
  };
};

const tell = async (client: Client, id: string) => {
  const { run } = await client.request<Told>(
    `query Told($id: ID!) { run(id: $id) { number attempts { status }
       metrics(maxPoints: 2000) { name points { step value } } } }`,
    { id },
  );
  const pointsOf = (wanted: string) =>
    run.metrics.find(({ name }) => name === wanted)?.points ?? [];
  return { ...run, train: pointsOf('train/loss'), evaluated: pointsOf('eval/loss').at(-1) };
};

/** Waits for the first checkpoint from that step on, made after the given event. */
const checkpoint = (recorder: Recorder, from: number, after: number) =>
  until(
    `a checkpoint from step ${from} on`,
    () =>
      recorder.events.find(
        ({ kind, step = 0, seq }) => kind === 'CHECKPOINT' && step >= from && seq > after,
      ),
    PATIENCE,
  );

test('a training whose runner, trainer and database are killed one after the other ends as if nothing had been', async () => {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
  process.stdout.write(`SEED=${seed}\n`);
  const { below } = mersenne(seed);
  await using postgres = await openCrashable();
  const line = await postgres.line();
  await using system = await startSystem([], { LEASE_SECONDS: '10', DATABASE_URL: line.url });
  const client = openClient(system.url);
  try {
    await importSamples(client, 120);
    const dataset = await buildDataset(client, 'recovery', 120);
    const calm = await startRun(client, dataset, HYPERPARAMETERS);
    expect(await untilEnd(client, calm)).toMatchObject({ status: 'COMPLETED', exitCode: 0 });

    const troubled = await startRun(client, dataset, HYPERPARAMETERS);
    await using recorder = openRecorder(system.url, troubled, '');
    const trainerOf = async () => (await descendants(system.pid, 'tunix_rt.sft'))[0] ?? 0;
    const resumed = (times: number) =>
      until(
        'it goes on',
        () => recorder.events.filter(({ kind }) => kind === 'RESTORED')[times],
        PATIENCE,
      );

    await checkpoint(recorder, 20 + below(40), 0);
    const [runner] = await descendants(system.pid, 'server/runner.ts');
    const trainer = await trainerOf();
    expect(trainer).toBeGreaterThan(0);
    process.kill(runner ?? 0, 'SIGKILL');
    // Whoever trained for it ends with it: nobody else would stop it.
    await until('the trainer is gone', async () => !(await isAlive(trainer)));
    const first = await resumed(1);
    expect(first.step).toBeGreaterThanOrEqual(20);

    await checkpoint(recorder, 80 + below(40), first.seq);
    process.kill(await trainerOf(), 'SIGKILL');
    const second = await resumed(2);
    expect(second.step).toBeGreaterThanOrEqual(80);

    await checkpoint(recorder, 140 + below(40), second.seq);
    await postgres.crash();
    await postgres.start();
    await recorder.complete;

    const [quiet, told] = [await tell(client, calm), await tell(client, troubled)];
    expect(told.attempts.map(({ status }) => status)).toEqual(['LOST', 'LOST', 'COMPLETED']);
    const steps = Array.from({ length: STEPS }, (_, index) => index + 1);
    expect(told.train.map(({ step }) => step)).toEqual(steps);
    // The same sums in the same order on the same machine: not close, but equal.
    expect(told.train).toEqual(quiet.train);
    expect(told.evaluated?.step).toBe(STEPS);
    expect(told.evaluated).toEqual(quiet.evaluated);

    const log = await storedLog(client, troubled);
    for (const { step } of [first, second]) {
      expect(log).toContain(`Training resumes from step ${step}.`);
    }
    expect(recorder.batches.map(({ text }) => text).join('')).toBe(log);
    const download = await fetch(`${system.url}/export/runs/${told.number}/log.txt`);
    expect(await download.text()).toBe(log);
  } finally {
    await client.close();
  }
});
