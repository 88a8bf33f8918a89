import { randomUUIDv7 } from 'node:crypto';
import { ValidationError } from '../errors.ts';
import { makeDataset, makeEvaluation, makeEvaluationSet, makeRun } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { readLineage } from './lineage.ts';

const all = { depth: 10, first: 500 };

describe('readLineage', () => {
  test('walks down from a trace to all that it reached', async ({ app }) => {
    const dataset = await makeDataset(app, { train: 1, eval: 0, test: 1 });
    const traceId = dataset.items[0]?.traceId ?? '';
    const run = await makeRun(app, dataset.id);
    const again = await makeRun(app, dataset.id, { reproducesId: run.id });
    const evaluation = await makeEvaluation(app, run);
    const baseline = await app.db.baseline.create({
      data: {
        id: randomUUIDv7(),
        name: 'release',
        revision: 1,
        evaluationId: evaluation.id,
        metric: 'score',
        lowerIsBetter: false,
        tolerance: 5,
        alpha: 0.05,
        onInconclusive: 'WARN',
      },
    });
    const down = await readLineage(app.sql, {
      kind: 'TRACE',
      id: traceId,
      direction: 'DOWN',
      ...all,
    });
    expect(down?.truncated).toBe(false);
    expect(down?.nodes.map(({ kind, id }) => [kind, id])).toEqual([
      ['TRACE', traceId],
      ['DATASET', dataset.id],
      ['RUN', run.id],
      ['RUN', again.id],
      ['EVALUATION', evaluation.id],
      ['BASELINE', baseline.id],
    ]);
    expect(down?.edges.map(({ from, to, relation }) => [from.kind, relation, to.kind])).toEqual([
      ['TRACE', 'contained in', 'DATASET'],
      ['DATASET', 'used by', 'RUN'],
      ['DATASET', 'used by', 'RUN'],
      ['RUN', 'reproduced by', 'RUN'],
      ['RUN', 'judged by', 'EVALUATION'],
      ['EVALUATION', 'pinned as', 'BASELINE'],
    ]);
    expect(down?.nodes.at(-1)?.title).toBe('release r1');
    const near = await readLineage(app.sql, {
      kind: 'TRACE',
      id: traceId,
      direction: 'DOWN',
      depth: 2,
      first: 500,
    });
    expect(near?.nodes.map(({ kind }) => kind)).toEqual(['TRACE', 'DATASET', 'RUN', 'RUN']);
  });

  test('walks up from an evaluation to the import', async ({ app }) => {
    const parent = await makeDataset(app, { train: 1, eval: 0, test: 0 });
    const dataset = await makeDataset(app, { train: 1, eval: 0, test: 1 });
    await app.db.dataset.update({ where: { id: dataset.id }, data: { parentId: parent.id } });
    const session = await app.db.importSession.create({ data: { id: randomUUIDv7() } });
    const traceId = dataset.items[0]?.traceId ?? '';
    await app.db.trace.update({ where: { id: traceId }, data: { importSessionId: session.id } });
    const set = await makeEvaluationSet(app);
    const run = await makeRun(app, dataset.id);
    const { id } = await makeEvaluation(app, run, { split: null, evaluationSetId: set.id });
    const up = await readLineage(app.sql, { kind: 'EVALUATION', id, direction: 'UP', ...all });
    const ids = up?.nodes.map((node) => node.id);
    expect(ids).toEqual(expect.arrayContaining([run.id, set.id, dataset.id, parent.id, traceId]));
    expect(ids).toContain(session.id);
    expect(up?.edges).toContainEqual(
      expect.objectContaining({
        from: expect.objectContaining({ id: parent.id }),
        to: expect.objectContaining({ id: dataset.id }),
        relation: 'parent of',
      }),
    );
  });

  test('stops at the number of nodes and says so', async ({ app }) => {
    const dataset = await makeDataset(app, { train: 5, eval: 0, test: 0 });
    const read = (first: number) =>
      readLineage(app.sql, { kind: 'DATASET', id: dataset.id, direction: 'UP', depth: 6, first });
    expect(await read(3)).toMatchObject({ truncated: true, nodes: { length: 3 } });
    expect((await read(3))?.edges).toHaveLength(2);
    expect(await read(6)).toMatchObject({ truncated: false, nodes: { length: 6 } });
  });

  test('is null for what does not exist, and refuses what is too much', async ({ app }) => {
    const ask = (over: object) =>
      readLineage(app.sql, { kind: 'RUN', id: randomUUIDv7(), direction: 'UP', ...all, ...over });
    expect(await ask({})).toBeNull();
    for (const over of [{ depth: 11 }, { depth: 0 }, { first: 501 }, { first: 0 }]) {
      await expect(ask(over)).rejects.toThrow(ValidationError);
    }
  });
});
