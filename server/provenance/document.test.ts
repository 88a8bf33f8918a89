import { randomUUIDv7 } from 'node:crypto';
import type { App } from '../app.ts';
import { evaluate } from '../evaluations/evaluate.ts';
import { contentHash, sha256 } from '../lib/canonical.ts';
import { registerRunner } from '../runners/register.ts';
import { executeRun } from '../runs/attempt/execute.ts';
import {
  makeCompletedRun,
  makeDataset,
  makeEvaluation,
  makeEvaluationSet,
  makeRun,
  makeRunOnSet,
  makeTrace,
} from '../test/make.ts';
import { behave, queueRun, withStandIn } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';
import { generateUngarTraces } from '../ungar/generate.ts';
import { readProvenance } from './document.ts';

let app: App;
let runnerId: string;

test.beforeAll(async ({ app: base }) => {
  app = await withStandIn(base);
  runnerId = await registerRunner(app);
});

const kindsOf = (chain: { kind: string }[]) => chain.map(({ kind }) => kind);

async function finishedRun() {
  await behave(app, { steps: 2 });
  const { id, dataset } = await queueRun(app);
  await executeRun(app, { id: runnerId, shutdown: new AbortController().signal }, id);
  // The stand-in exports nothing.
  for (const path of ['export/b.bin', 'export/a.json']) {
    const row = { id: randomUUIDv7(), runId: id, attempt: 1, kind: 'EXPORT' as const, size: 3 };
    await app.db.artifact.create({ data: { ...row, path, sha256: sha256(path) } });
  }
  const run = await app.db.run.findUniqueOrThrow({ where: { id }, include: { evaluations: true } });
  expect(run).toMatchObject({ status: 'COMPLETED', error: null });
  const [{ id: evaluationId } = { id: '' }] = run.evaluations;
  await evaluate(app, evaluationId);
  return { id, dataset, evaluationId };
}

describe('readProvenance', () => {
  test('leads from an evaluation back to the sources, with digests', async () => {
    const { id, dataset, evaluationId } = await finishedRun();
    const found = await readProvenance(app, 'Evaluation', evaluationId);
    const { chain = [], document, sha256: digest } = found ?? {};
    expect(kindsOf(chain)).toEqual([
      'EVALUATION',
      'PREDICTIONS',
      'WEIGHTS',
      'WEIGHTS',
      'RUN',
      'DATASET',
      'TRACES',
      'SOURCE',
    ]);
    const run = await app.db.run.findUniqueOrThrow({ where: { id } });
    const [judged, predicted, , , trained, made, traces] = chain;
    expect(judged?.facts).toMatchObject({ judge: 'answer_correctness@1', split: 'TEST', items: 4 });
    expect(trained).toMatchObject({
      digest: run.configHash,
      facts: { seed: 42, versions: expect.any(Object), devices: expect.any(Array), attempt: 1 },
    });
    expect(made?.digest).toBe(dataset.contentHash);
    expect(traces?.facts.count).toBe(10);
    expect(digest).toBe(contentHash(document));

    // The digest of the predictions can be made again from what the API shows.
    const predictions = await app.db.prediction.findMany({
      where: { runId: id, split: 'TEST' },
      include: { trace: true },
    });
    const lines = predictions.map(({ trace, text }) => `${trace?.contentHash} ${sha256(text)}`);
    expect(predicted?.digest).toBe(sha256(lines.sort().join('\n')));
    const files = await app.db.artifact.findMany({ where: { runId: id, kind: 'EXPORT' } });
    const fileLines = files
      .sort((a, b) => (a.path < b.path ? -1 : 1))
      .map(({ path, size, sha256: hash }) => `${path} ${size} ${hash}`);
    const weights = chain.find(({ facts }) => facts.artifacts === 'EXPORT');
    expect(weights?.digest).toBe(sha256(fileLines.join('\n')));
  });

  test('is the same for whoever asks again, and another for another run', async () => {
    const one = await finishedRun();
    const two = await finishedRun();
    const digest = async (id: string) => (await readProvenance(app, 'Evaluation', id))?.sha256;
    expect(await digest(one.evaluationId)).toBe(await digest(one.evaluationId));
    expect(await digest(one.evaluationId)).not.toBe(await digest(two.evaluationId));
    const run = await readProvenance(app, 'Run', one.id);
    expect(kindsOf(run?.chain ?? []).slice(0, 3)).toEqual(['WEIGHTS', 'WEIGHTS', 'RUN']);
  });

  test('changes with the text of one prediction', async () => {
    const dataset = await makeDataset(app, { test: ['1', '2'] });
    const run = await makeCompletedRun(app, dataset, ['Answer: 1', 'Answer: 2']);
    const { id } = await makeEvaluation(app, run);
    const digest = async () => (await readProvenance(app, 'Evaluation', id))?.chain[1]?.digest;
    const before = await digest();
    const { id: one } = await app.db.prediction.findFirstOrThrow({ where: { runId: run.id } });
    await app.db.prediction.update({ where: { id: one }, data: { text: 'Answer: 3' } });
    expect(await digest()).not.toBe(before);
  });

  test('names the evaluation set once, by its content', async () => {
    const dataset = await makeDataset(app);
    const set = await makeEvaluationSet(app, [{}, {}]);
    const run = await makeRunOnSet(app, dataset.id, set, ['1', '2']);
    const { id } = await makeEvaluation(app, run, { split: null, evaluationSetId: set.id });
    const { chain = [] } = (await readProvenance(app, 'Evaluation', id)) ?? {};
    expect(kindsOf(chain).filter((kind) => kind === 'EVALUATION_SET')).toHaveLength(1);
    expect(chain.find(({ kind }) => kind === 'EVALUATION_SET')?.digest).toBe(set.contentHash);
    expect(chain[1]?.facts).toMatchObject({ count: 2, split: null });
  });

  test('ends at the set for a run that was trained elsewhere', async () => {
    const dataset = await makeDataset(app);
    const set = await makeEvaluationSet(app, [{}]);
    const external = { mode: 'EXTERNAL' as const, datasetId: null, epoch: 0 };
    const { id: runId } = await makeRun(app, dataset.id, external);
    const on = { split: null, evaluationSetId: set.id };
    const { id } = await makeEvaluation(app, { id: runId, datasetId: null }, on);
    const { chain = [] } = (await readProvenance(app, 'Evaluation', id)) ?? {};
    expect(kindsOf(chain)).toEqual(['EVALUATION', 'PREDICTIONS', 'RUN', 'EVALUATION_SET']);
    expect(chain[2]?.facts).toMatchObject({ mode: 'EXTERNAL', versions: null, seed: null });
  });

  test('knows import with line, generator with seed, and the API', async () => {
    const session = await app.db.importSession.create({
      data: { id: randomUUIDv7(), name: 'solutions.jsonl' },
    });
    const imported = await makeTrace(app);
    await app.db.trace.update({
      where: { id: imported.id },
      data: { importSessionId: session.id, importLine: 17 },
    });
    const source = async (id: string) => (await readProvenance(app, 'Trace', id))?.chain[1];
    expect(await source(imported.id)).toMatchObject({
      title: 'Import solutions.jsonl, lines 17–17',
      id: session.id,
      facts: { source: 'IMPORT', firstLine: 17 },
    });
    await generateUngarTraces(app, { count: 1, seed: 5, persist: true });
    const generated = await app.db.trace.findFirstOrThrow({
      where: { payload: { path: ['meta', 'source'], equals: 'ungar' } },
    });
    expect(await source(generated.id)).toMatchObject({ facts: { source: 'GENERATOR', seed: '5' } });
    expect(await source((await makeTrace(app)).id)).toMatchObject({ facts: { source: 'API' } });
  });

  test.for(['Evaluation', 'Run', 'Dataset', 'Trace'] as const)(
    'is null for a %s that does not exist',
    async (kind) => {
      expect(await readProvenance(app, kind, randomUUIDv7())).toBeNull();
    },
  );
});
