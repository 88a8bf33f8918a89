import { randomUUIDv7 } from 'node:crypto';
import type { App } from '../app.ts';
import { InvalidStateError, NotFoundError } from '../errors.ts';
import { evaluate } from '../evaluations/evaluate.ts';
import { registerRunner } from '../runners/register.ts';
import { makeDataset, makeEvaluationSet, makeRun } from '../test/make.ts';
import { behave, queueRun, withStandIn } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';
import { executeRun } from './attempt/execute.ts';
import { reproduceRun } from './reproduce.ts';
import { readReproduction } from './reproduction.ts';

let app: App;
let runnerId: string;

test.beforeAll(async ({ app: base }) => {
  app = await withStandIn(base);
  runnerId = await registerRunner(app);
});

const runOf = (id: string) => app.db.run.findUniqueOrThrow({ where: { id } });

async function execute(id: string) {
  await behave(app, { steps: 10 });
  await executeRun(app, { id: runnerId, shutdown: new AbortController().signal }, id);
  for (const evaluation of await app.db.evaluation.findMany({ where: { runId: id } })) {
    await evaluate(app, evaluation.id);
  }
}

describe('reproduceRun', () => {
  test('repeats config, seed, dataset and evaluation set', async () => {
    const set = await makeEvaluationSet(app, [{}, {}]);
    const { id, dataset } = await queueRun(app, {
      name: 'first',
      evaluationSetKey: set.key,
      evaluateEverySteps: 4,
      acknowledgedWarnings: ['LORA_ON_RANDOM_MODEL'],
      hyperparameters: {
        batchSize: 2,
        numEpochs: 5,
        maxSteps: 7,
        seed: 7,
        lora: { rank: 4, alpha: 8 },
        saveEverySteps: 3,
      },
    });
    const first = await runOf(id);
    const again = await runOf((await reproduceRun(app, id)).id);
    expect(again).toMatchObject({
      reproducesId: id,
      config: first.config,
      configHash: first.configHash,
      datasetId: dataset.id,
      evaluationSetId: set.id,
      name: 'first',
      status: 'PENDING',
    });
    expect((await reproduceRun(app, id)).id).not.toBe(again.id);
  });

  test('says how the new run differs once it has ended', async () => {
    const { id } = await queueRun(app);
    await execute(id);
    const again = await reproduceRun(app, id);
    expect(await readReproduction(app, again.id)).toBeNull();
    await execute(again.id);
    const diff = await readReproduction(app, again.id);
    expect(diff).toMatchObject({ configEqual: true, versions: [], predictionsEqual: true });
    const saved = diff?.weights.find(({ kind }) => kind === 'CHECKPOINT');
    expect(saved?.files).toBeGreaterThan(0);
    expect(saved?.equal).toBe(saved?.different === 0);
    expect(diff?.metrics).toContainEqual(
      expect.objectContaining({ name: 'answer_correctness@1 on TEST score', delta: 0 }),
    );
    expect(await readReproduction(app, id)).toBeNull();

    // What differs is named.
    await app.db.runAttempt.updateMany({
      where: { runId: again.id },
      data: { runtime: { versions: { tunix: '9' }, devices: [] } },
    });
    await app.db.prediction.updateMany({ where: { runId: again.id }, data: { text: 'other' } });
    await app.db.artifact.updateMany({
      where: { runId: again.id, kind: 'CHECKPOINT' },
      data: { sha256: 'f'.repeat(64) },
    });
    const other = await readReproduction(app, again.id);
    expect(other).toMatchObject({ predictionsEqual: false });
    expect(other?.versions).toContainEqual(
      expect.objectContaining({ name: 'tunix', reproduction: '9' }),
    );
    expect(other?.weights).toContainEqual(
      expect.objectContaining({ kind: 'CHECKPOINT', equal: false, different: saved?.files }),
    );
  });

  test('refuses what trained nothing here', async () => {
    const dataset = await makeDataset(app);
    for (const mode of ['DRY_RUN', 'EXTERNAL'] as const) {
      const { id } = await makeRun(app, dataset.id, { mode });
      await expect(reproduceRun(app, id)).rejects.toThrow(InvalidStateError);
    }
    await expect(reproduceRun(app, randomUUIDv7())).rejects.toThrow(NotFoundError);
    await expect(reproduceRun(app, null)).rejects.toThrow(NotFoundError);
  });
});
