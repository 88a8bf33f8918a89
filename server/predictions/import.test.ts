import { ConflictError, InvalidStateError, NotFoundError } from '../errors.ts';
import { evaluate, requestEvaluation } from '../evaluations/evaluate.ts';
import { registerRunner } from '../runners/register.ts';
import { cancelRun } from '../runs/cancel.ts';
import { takeRun } from '../runs/queue/take.ts';
import { reapLapsedAttempts } from '../runs/reap.ts';
import {
  makeCompletedRun,
  makeDataset,
  makeEvaluationSet,
  makeRun,
  makeRunOnSet,
} from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { importPredictions } from './import.ts';
import { MAX_PREDICTION_BYTES } from './model.ts';

const SYSTEM = { name: 'theirs', modelId: 'somewhere/7b' };
const jsonl = (...lines: (object | string)[]) =>
  lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
const globalTrace = (id: string) => Buffer.from(`Trace:${id}`).toString('base64');

/** A set of three questions with the answers 1, 2 and 3. */
const threeQuestions = (app: Parameters<typeof makeEvaluationSet>[0]) =>
  makeEvaluationSet(
    app,
    [1, 2, 3].map((n) => ({ itemId: `q${n}`, expectedAnswer: String(n) })),
  );

describe('importPredictions of a system', () => {
  test('makes a completed run that is judged like any other', async ({ app }) => {
    const set = await threeQuestions(app);
    const done = await importPredictions(app, {
      system: SYSTEM,
      evaluationSetKey: set.key,
      jsonl: jsonl(
        { id: 'q1', prediction: 'Answer: 1', model: 'ignored' },
        { trace_id: 'q2', text: 'Answer: 7' },
        { prompt: ` ${set.items[2]?.prompt.toUpperCase()}  `, text: 'Answer: 3' },
      ),
    });
    expect(done).toMatchObject({ repeated: false, imported: 3, missing: 0, issues: [] });
    const run = await app.db.run.findUniqueOrThrow({
      where: { id: done.runId },
      include: { events: true, attempts: true },
    });
    expect(run).toMatchObject({
      mode: 'EXTERNAL',
      status: 'COMPLETED',
      name: 'theirs',
      modelId: 'somewhere/7b',
      datasetId: null,
      evaluationSetId: set.id,
      config: { system: SYSTEM },
      startedAt: null,
      attempts: [],
      events: [{ kind: 'COMPLETED', data: { imported: 3, missing: 0 } }],
    });
    const asked = await app.db.evaluation.findFirstOrThrow({ where: { runId: run.id } });
    expect(asked).toMatchObject({ status: 'PENDING', datasetId: null, step: 0 });
    await evaluate(app, asked.id);
    expect(await app.db.evaluation.findUniqueOrThrow({ where: { id: asked.id } })).toMatchObject({
      status: 'COMPLETED',
      correctCount: 2,
      itemCount: 3,
    });
    expect(await requestEvaluation(app, { runId: run.id })).toMatchObject({ status: 'PENDING' });
  });

  test('finds traces by uuid, by global id and by prompt', async ({ app }) => {
    const dataset = await makeDataset(app, { test: ['1', '2', '3'] });
    const [first, second, third] = dataset.items.slice(-3).map(({ traceId }) => traceId);
    const trace = await app.db.trace.findUniqueOrThrow({ where: { id: third ?? '' } });
    const { prompt } = trace.payload as { prompt: string };
    const done = await importPredictions(app, {
      system: SYSTEM,
      datasetKey: dataset.key,
      jsonl: jsonl(
        { id: first?.toUpperCase(), text: 'a' },
        { trace_id: globalTrace(second ?? ''), text: '' },
        { prompt, prediction: 'c\0' },
      ),
    });
    const stored = await app.db.prediction.findMany({ where: { runId: done.runId } });
    const byTrace = new Map(stored.map((row) => [row.traceId, row]));
    expect(byTrace.get(first ?? '')).toMatchObject({ text: 'a', expected: '1', split: 'TEST' });
    expect(byTrace.get(second ?? '')).toMatchObject({ text: '', expected: '2', step: 0 });
    expect(byTrace.get(third ?? '')).toMatchObject({ text: 'c\uFFFD', expected: '3' });
    expect(await app.db.run.findUniqueOrThrow({ where: { id: done.runId } })).toMatchObject({
      datasetId: dataset.id,
    });
  });

  test('reports each line that is left out', async ({ app }) => {
    const set = await makeEvaluationSet(app, [
      { itemId: 'a' },
      { itemId: 'b', prompt: 'Which?' },
      { itemId: 'c', prompt: 'which?' },
    ]);
    const { issues, imported, missing } = await importPredictions(app, {
      system: SYSTEM,
      evaluationSetKey: set.key,
      allowMissing: true,
      jsonl: jsonl(
        { id: 'a', text: '1' },
        '',
        'no JSON',
        { id: 'a', text: '2' },
        { id: 'z', text: '1' },
        { prompt: 'Nobody asks this', text: '1' },
        { prompt: 'WHICH?', text: '1' },
        { text: '1' },
        { id: 'b' },
        { id: 'b', text: 5 },
        '[]',
      ),
    });
    expect(issues.map(({ line, code }) => [line, code])).toEqual([
      [3, 'NOT_JSON'],
      [4, 'DUPLICATE_ITEM'],
      [5, 'UNKNOWN_ITEM'],
      [6, 'UNKNOWN_ITEM'],
      [7, 'AMBIGUOUS_PROMPT'],
      [8, 'INVALID'],
      [9, 'INVALID'],
      [10, 'INVALID'],
      [11, 'INVALID'],
    ]);
    expect(issues[1]?.message).toContain('Line 1');
    expect({ imported, missing }).toEqual({ imported: 1, missing: 2 });
  });

  test('counts missing items as wrong when they are allowed', async ({ app }) => {
    const set = await threeQuestions(app);
    const { runId } = await importPredictions(app, {
      system: SYSTEM,
      evaluationSetKey: set.key,
      allowMissing: true,
      jsonl: jsonl({ id: 'q2', text: 'Answer: 2' }),
    });
    const { id } = await app.db.evaluation.findFirstOrThrow({ where: { runId } });
    await evaluate(app, id);
    const items = await app.db.evaluationItem.findMany({
      where: { evaluationId: id },
      orderBy: { position: 'asc' },
    });
    expect(items.map(({ correct, rule }) => [correct, rule])).toEqual([
      [false, 'NO_PREDICTION'],
      [true, expect.stringContaining('TEMPLATE')],
      [false, 'NO_PREDICTION'],
    ]);
  });

  test('refuses missing items, and names the first and the lines at fault', async ({ app }) => {
    const set = await makeEvaluationSet(
      app,
      Array.from({ length: 9 }, (_, index) => ({ itemId: `q${index}` })),
    );
    const input = { system: SYSTEM, evaluationSetKey: set.key };
    await expect(
      importPredictions(app, {
        ...input,
        jsonl: jsonl({ id: 'q0', text: '1' }, { id: 'q10', text: '1' }),
      }),
    ).rejects.toMatchObject({
      issues: [
        {
          path: ['jsonl'],
          code: 'MISSING',
          limit: '9',
          found: '1',
          message: expect.stringMatching(
            /^8 of the 9 .*"q1", "q2", "q3", "q4", "q5", …\. Add them/,
          ),
        },
        { path: ['jsonl', '2'], code: 'UNKNOWN_ITEM' },
      ],
    });
    // Nothing at all is no file of predictions, whatever is allowed.
    await expect(
      importPredictions(app, { ...input, jsonl: '', allowMissing: true }),
    ).rejects.toMatchObject({ issues: [{ code: 'MISSING', found: '0' }] });
    const faults = jsonl(...Array.from({ length: 101 }, () => 'no JSON'));
    const { issues } = await importPredictions(app, { ...input, jsonl: faults }).catch((e) => e);
    expect(issues).toHaveLength(102);
    expect(issues.at(-1)).toMatchObject({
      code: 'MORE_LINES',
      message: '101 lines have faults. The first 100 are listed.',
    });
    expect(await app.db.run.count({ where: { evaluationSetId: set.id } })).toBe(0);
  });

  test('gives the same run for the same content, also when both come at once', async ({ app }) => {
    const set = await threeQuestions(app);
    const lines = [1, 2, 3].map((n) => ({ id: `q${n}`, text: String(n) }));
    const once = (text: string, system = SYSTEM) =>
      importPredictions(app, { system, evaluationSetKey: set.key, jsonl: text });
    const both = await Promise.all([once(jsonl(...lines)), once(jsonl(...lines.toReversed()))]);
    expect(both.map(({ repeated }) => repeated).sort()).toEqual([false, true]);
    const [first, second] = both.map(({ runId }) => runId);
    expect(second).toBe(first);
    expect(await once(jsonl(...lines))).toMatchObject({
      runId: first,
      repeated: true,
      imported: 3,
    });
    expect(await app.db.evaluation.count({ where: { runId: first ?? '' } })).toBe(1);
    const other = await once(jsonl(...lines), { ...SYSTEM, name: 'others' });
    const changed = await once(jsonl(...lines.slice(1), { id: 'q1', text: 'x' }));
    expect(new Set([first, other.runId, changed.runId]).size).toBe(3);
    const hashes = await app.db.run.findMany({
      where: { evaluationSetId: set.id },
      select: { configHash: true },
    });
    expect(new Set(hashes.map(({ configHash }) => configHash)).size).toBe(3);
  });

  test('leaves the judging to people when the setting says so', async ({ app }) => {
    const set = await threeQuestions(app);
    const config = { ...app.config, evaluateOnCompletion: false };
    const { runId } = await importPredictions(
      { ...app, config },
      {
        system: SYSTEM,
        evaluationSetKey: set.key,
        allowMissing: true,
        jsonl: jsonl({ id: 'q1', text: '1' }),
      },
    );
    expect(await app.db.evaluation.count({ where: { runId } })).toBe(0);
  });

  test('makes a run that is over for everybody', async ({ app }) => {
    const dataset = await makeDataset(app, { test: 1 });
    const { runId } = await importPredictions(app, {
      system: SYSTEM,
      datasetKey: dataset.key,
      jsonl: jsonl({ id: dataset.items.at(-1)?.traceId, text: '1' }),
    });
    await expect(cancelRun(app, runId, 'NOW')).rejects.toThrow('completed already');
    await app.db.run.update({ where: { id: runId }, data: { queuedAt: new Date(0) } });
    await reapLapsedAttempts(app);
    expect(await takeRun(app, await registerRunner(app), 15)).toBeNull();
    expect(await app.db.run.findUniqueOrThrow({ where: { id: runId } })).toMatchObject({
      status: 'COMPLETED',
      epoch: 0,
    });
  });
});

describe('importPredictions for a run of ours', () => {
  test('adds what it did not predict itself, and judges that', async ({ app }) => {
    const dataset = await makeDataset(app, { eval: 1, test: ['1'] });
    const run = await makeCompletedRun(app, dataset, ['Answer: 1']);
    const set = await threeQuestions(app);
    const lines = jsonl(...[1, 2, 3].map((n) => ({ id: `q${n}`, text: `Answer: ${n}` })));
    const input = { runId: run.id, evaluationSetKey: set.key, jsonl: lines };
    expect(await importPredictions(app, input)).toMatchObject({ runId: run.id, imported: 3 });
    const asked = await app.db.evaluation.findFirstOrThrow({
      where: { runId: run.id, evaluationSetId: set.id },
    });
    await evaluate(app, asked.id);
    expect(await app.db.evaluation.findUniqueOrThrow({ where: { id: asked.id } })).toMatchObject({
      datasetId: dataset.id,
      correctCount: 3,
    });
    await expect(importPredictions(app, input)).rejects.toThrow(ConflictError);
    // What it predicted itself is never replaced either.
    const traceId = dataset.items.at(-1)?.traceId;
    await expect(
      importPredictions(app, { runId: run.id, jsonl: jsonl({ id: traceId, text: 'x' }) }),
    ).rejects.toThrow(`Run ${run.number} has predictions on the TEST items of "${dataset.key}"`);
    const evaluation = dataset.items.find(({ split }) => split === 'EVAL');
    expect(
      await importPredictions(app, {
        runId: run.id,
        split: 'EVAL',
        jsonl: jsonl({ id: evaluation?.traceId, text: 'x' }),
      }),
    ).toMatchObject({ imported: 1 });
  });

  test('takes the evaluation set of the run when nothing is said', async ({ app }) => {
    const dataset = await makeDataset(app);
    const set = await threeQuestions(app);
    const run = await makeRunOnSet(app, dataset.id, set, []);
    const lines = jsonl(...[1, 2, 3].map((n) => ({ id: `q${n}`, text: `Answer: ${n}` })));
    expect(await importPredictions(app, { runId: run.id, jsonl: lines })).toMatchObject({
      imported: 3,
    });
  });

  test.for([
    ['LOCAL', 'FAILED', 'is failed'],
    ['LOCAL', 'RUNNING', 'is running'],
    ['DRY_RUN', 'COMPLETED', 'dry run'],
    ['EXTERNAL', 'COMPLETED', 'trained elsewhere'],
  ] as const)('refuses a run that is %s and %s', async ([mode, status, said], { app }) => {
    const dataset = await makeDataset(app);
    const run = await makeRun(app, dataset.id, { mode, status });
    const importing = importPredictions(app, { runId: run.id, jsonl: '{}' });
    await expect(importing).rejects.toThrow(InvalidStateError);
    await expect(importing).rejects.toThrow(said);
  });

  test('refuses another dataset than its own', async ({ app }) => {
    const [own, other] = [await makeDataset(app), await makeDataset(app)];
    const run = await makeRun(app, own.id);
    await expect(
      importPredictions(app, { runId: run.id, datasetKey: other.key, jsonl: '' }),
    ).rejects.toMatchObject({ issues: [{ path: ['datasetKey'], code: 'NOT_OF_RUN' }] });
  });
});

describe('importPredictions refuses', () => {
  test.for([
    [{}, 'runId', 'EXACTLY_ONE'],
    [{ system: SYSTEM, runId: crypto.randomUUID(), datasetKey: 'x' }, 'runId', 'EXACTLY_ONE'],
    [{ system: SYSTEM }, 'datasetKey', 'REQUIRED'],
    [{ system: SYSTEM, datasetKey: 'x', evaluationSetKey: 'y' }, 'evaluationSetKey', 'AT_MOST_ONE'],
    [{ system: { name: '', modelId: 'x' }, datasetKey: 'x' }, 'system.name', 'TOO_SHORT'],
    [
      { system: SYSTEM, datasetKey: 'x', jsonl: 'x'.repeat(MAX_PREDICTION_BYTES + 1) },
      'jsonl',
      'TOO_LONG',
    ],
  ] as const)('case %#: %s', async ([input, path, code], { app }) => {
    const { issues } = await importPredictions(app, { jsonl: '', ...input }).catch(
      (error) => error,
    );
    expect(
      issues.map((issue: { path: string[]; code: string }) => [issue.path.join('.'), issue.code]),
    ).toEqual([[path, code]]);
  });

  test.for([
    [{ runId: crypto.randomUUID() }, 'Run'],
    [{ system: SYSTEM, datasetKey: 'nowhere' }, 'Dataset'],
    [{ system: SYSTEM, evaluationSetKey: 'nowhere' }, 'EvaluationSet'],
  ] as const)('%j, which does not exist', async ([input, resource], { app }) => {
    const importing = importPredictions(app, { jsonl: '', ...input });
    await expect(importing).rejects.toThrow(NotFoundError);
    await expect(importing).rejects.toMatchObject({ resource });
  });

  test('a side of a dataset that is empty', async ({ app }) => {
    const dataset = await makeDataset(app, { test: 0 });
    await expect(
      importPredictions(app, { system: SYSTEM, datasetKey: dataset.key, jsonl: '' }),
    ).rejects.toThrow(`There are no TEST items of "${dataset.key}"`);
  });
});
