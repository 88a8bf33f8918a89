import { randomUUIDv7 } from 'node:crypto';
import type { RunStatus } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { InvalidStateError, NotFoundError, ValidationError } from '../errors.ts';
import { registerRunner } from '../runners/register.ts';
import { makeDataset, makeEvaluationSet, makeRun } from '../test/make.ts';
import { behave, queueRun, withStandIn } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';
import { archiveRun } from './archive.ts';
import { executeRun } from './attempt/execute.ts';
import { cloneRun } from './cloneRun.ts';
import { readSeries } from './metricsRead.ts';
import type { RunConfig } from './model.ts';
import { isResumable, resumeRun } from './resumeRun.ts';
import { retryRun } from './retryRun.ts';

let app: App;

test.beforeAll(async ({ app: base }) => {
  app = await withStandIn(base);
});

const runOf = (id: string) =>
  app.db.run.findUniqueOrThrow({ where: { id }, include: { events: { orderBy: { seq: 'asc' } } } });

/** A run that was queued, and has ended without any runner. */
async function ended(
  status: RunStatus,
  input: Parameters<typeof queueRun>[1] = {},
): Promise<string> {
  const { id } = await queueRun(app, input);
  const finishedAt = status === 'PENDING' || status === 'RUNNING' ? null : new Date();
  await app.db.run.update({ where: { id }, data: { status, epoch: 1, finishedAt } });
  return id;
}

const storeCheckpoint = (runId: string, step: number, deletedAt: Date | null = null) =>
  app.db.artifact.createMany({
    data: ['a', 'b'].map((name) => ({
      id: randomUUIDv7(),
      runId,
      attempt: 1,
      kind: 'CHECKPOINT' as const,
      path: `checkpoints/${step}/${name}`,
      step,
      size: 1,
      sha256: 'a'.repeat(64),
      deletedAt,
    })),
  });

const addPoint = (
  runId: string,
  seq: number,
  name: string,
  step: number,
  value: number,
  attempt = 1,
) =>
  app.db.metricPoint.create({ data: { runId, seq, name, step, value, attempt, at: new Date() } });

const failureOf = async (doing: Promise<unknown>): Promise<Error> =>
  doing.then(
    () => expect.fail('it was done'),
    (error: unknown) => error as Error,
  );

describe('retryRun', () => {
  test('queues a new run with the same config and the other as its parent', async () => {
    const set = await makeEvaluationSet(app, [{}]);
    const id = await ended('FAILED', {
      name: 'first',
      evaluationSetKey: set.key,
      priority: 7,
      requiredLabels: ['gpu'],
      retryOnFailure: true,
      acknowledgedWarnings: ['LORA_ON_RANDOM_MODEL', 'NO_RUNNER_WITH_LABELS'],
      hyperparameters: { batchSize: 2, seed: 7, lora: { rank: 4, alpha: 8 }, saveEverySteps: 3 },
    });
    const first = await runOf(id);
    const { id: again, created } = await retryRun(app, id);
    expect(created).toBe(true);
    const run = await runOf(again);
    expect(run).toMatchObject({
      parentId: id,
      parentKind: 'RETRY',
      resumeStep: null,
      status: 'PENDING',
      epoch: 0,
      name: 'first',
      config: first.config,
      configHash: first.configHash,
      priority: 7,
      requiredLabels: ['gpu'],
      retryOnFailure: true,
    });
    expect(run.events).toMatchObject([
      { kind: 'QUEUED', data: { parent: first.number, parentKind: 'RETRY' } },
    ]);
    // What is final stays as it was.
    expect(await runOf(id)).toEqual(first);
  });

  test('makes one run of one idempotency key', async () => {
    const id = await ended('CANCELLED');
    const key = randomUUIDv7();
    const made = await Promise.all([1, 2, 3].map(() => retryRun(app, id, key)));
    expect(new Set(made.map((run) => run.id)).size).toBe(1);
    expect(made.filter(({ created }) => created)).toHaveLength(1);
    expect(await retryRun(app, id, key)).toEqual({ id: made[0]?.id, created: false });
  });

  test.for([
    ['COMPLETED', 'Clone it'],
    ['RUNNING', 'Cancel it first'],
    ['PENDING', 'Cancel it first'],
  ] as const)('refuses one that is %s, and says what to do', async ([status, advice]) => {
    const error = await failureOf(retryRun(app, await ended(status)));
    expect(error).toBeInstanceOf(InvalidStateError);
    expect(error.message).toContain(advice);
  });

  test('refuses a key that has made a run from something else, naming that run', async () => {
    const [first, second] = [await ended('FAILED'), await ended('FAILED')];
    const made = await retryRun(app, first, 'retry-of-the-first');
    const { number } = await runOf(made.id);
    const refusal = {
      issues: [
        {
          path: ['idempotencyKey'],
          code: 'USED_ELSEWHERE',
          message: expect.stringContaining(`it has made run ${number} from another request`),
        },
      ],
    };
    const key = { idempotencyKey: 'retry-of-the-first' };
    await expect(retryRun(app, second, key.idempotencyKey)).rejects.toMatchObject(refusal);
    await expect(cloneRun(app, first, key)).rejects.toMatchObject(refusal);
    await expect(resumeRun(app, first, key)).rejects.toMatchObject(refusal);
    await expect(queueRun(app, key)).rejects.toMatchObject(refusal);
  });

  test('refuses what was trained elsewhere, and what there is not', async () => {
    const { id } = await makeRun(app, (await makeDataset(app)).id, { mode: 'EXTERNAL' });
    expect((await failureOf(retryRun(app, id))).message).toContain('trained elsewhere');
    await expect(retryRun(app, randomUUIDv7())).rejects.toThrow(NotFoundError);
    await expect(retryRun(app, null)).rejects.toThrow(NotFoundError);
  });

  test('asks the one resolver, so a model that is gone is named', async () => {
    const id = await ended('FAILED');
    const { config } = await runOf(id);
    await app.db.run.update({
      where: { id },
      data: { config: { ...(config as object), modelId: 'gone' } },
    });
    const error = await failureOf(retryRun(app, id));
    expect(error).toBeInstanceOf(ValidationError);
    expect(error.message).toContain('There is no such model');
  });
});

describe('resumeRun', () => {
  test('goes on from the newest stored checkpoint with the curves so far', async () => {
    const id = await ended('TIMEOUT');
    await storeCheckpoint(id, 2);
    await storeCheckpoint(id, 4);
    await storeCheckpoint(id, 6, new Date());
    await addPoint(id, 1, 'train/loss', 4, 0.5);
    await addPoint(id, 2, 'train/loss', 5, 0.4);
    await addPoint(id, 3, 'train/loss', 4, 0.3, 2);
    await addPoint(id, 4, 'eval/accuracy', 4, Number.NaN);
    const first = await runOf(id);
    const { id: resumed } = await resumeRun(app, id, { timeoutSeconds: 99, maxAttempts: 9 });
    const run = await runOf(resumed);
    expect(run).toMatchObject({
      parentId: id,
      parentKind: 'RESUME',
      resumeStep: 4,
      step: 4,
      config: first.config,
      configHash: first.configHash,
      timeoutSeconds: 99,
      maxAttempts: 9,
      lastMetricSeq: 2n,
    });
    expect(run.events).toMatchObject([
      { kind: 'QUEUED', data: { parent: first.number, parentKind: 'RESUME', resumeStep: 4 } },
    ]);
    const all = { names: null, maxPoints: 100, fromStep: 0, toStep: 1000, attempt: null };
    const series = await readSeries(app.sql, resumed, all);
    expect(series.get('train/loss')).toMatchObject([{ step: 4, attempt: 0, value: 0.3 }]);
    expect(series.get('eval/accuracy')?.[0]?.value).toBeNaN();
    expect(await runOf(id)).toEqual(first);
  });

  test('trains only the steps after its checkpoint', async () => {
    const runnerId = await registerRunner(app);
    const execute = (id: string) =>
      executeRun(app, { id: runnerId, shutdown: new AbortController().signal }, id);
    await behave(app, { steps: 10, at: { step: 7, do: 'fail' } });
    const { id } = await queueRun(app);
    await execute(id);
    await behave(app, { steps: 10 });
    const { id: resumed } = await resumeRun(app, id, { step: 6 });
    await execute(resumed);
    const run = await runOf(resumed);
    expect(run).toMatchObject({ status: 'COMPLETED', step: 10 });
    expect(run.events.find(({ kind }) => kind === 'RESTORED')?.data).toEqual({ step: 6 });
    const points = await app.db.metricPoint.findMany({
      where: { runId: resumed },
      orderBy: { seq: 'asc' },
    });
    expect(points.map(({ step, attempt }) => [step, attempt])).toEqual([
      ...[1, 2, 3, 4, 5, 6].map((step) => [step, 0]),
      ...[7, 8, 9, 10].map((step) => [step, 1]),
    ]);
  });

  test('goes on from the step that is asked for, and keeps time and attempts otherwise', async () => {
    const id = await ended('CANCELLED', { timeoutSeconds: 77, maxAttempts: 5 });
    await storeCheckpoint(id, 2);
    await storeCheckpoint(id, 4);
    const run = await runOf((await resumeRun(app, id, { step: 2 })).id);
    expect(run).toMatchObject({ resumeStep: 2, timeoutSeconds: 77, maxAttempts: 5 });
  });

  test('takes a long curve over thinned out, with its ends and its spike', async () => {
    const id = await ended('FAILED');
    await storeCheckpoint(id, 9_000);
    await app.sql.query(
      `INSERT INTO metric_points (run_id, seq, name, step, attempt, value, at)
       SELECT $1, step, 'train/loss', step, 1, CASE step WHEN 777 THEN 'Infinity'::float8 ELSE 1 END, now()
       FROM generate_series(1, 10000) step`,
      [id],
    );
    const { id: resumed } = await resumeRun(app, id, {});
    const all = { names: null, maxPoints: 10_000, fromStep: 0, toStep: 10_000, attempt: null };
    const points = (await readSeries(app.sql, resumed, all)).get('train/loss') ?? [];
    expect(points.length).toBeGreaterThan(1_000);
    expect(points.length).toBeLessThan(2_100);
    expect([points[0]?.step, points.at(-1)?.step]).toEqual([1, 9_000]);
    expect(points.find(({ step }) => step === 777)?.value).toBe(Infinity);
  });

  test('gives the run of a key also when its checkpoint has gone since', async () => {
    const id = await ended('FAILED');
    await storeCheckpoint(id, 2);
    const made = await resumeRun(app, id, { idempotencyKey: 'resume-once' });
    await app.db.artifact.updateMany({ where: { runId: id }, data: { deletedAt: new Date() } });
    expect(await resumeRun(app, id, { idempotencyKey: 'resume-once' })).toEqual({
      id: made.id,
      created: false,
    });
  });

  test('refuses a step without a checkpoint, naming those there are', async () => {
    const id = await ended('FAILED');
    await storeCheckpoint(id, 2);
    await storeCheckpoint(id, 6, new Date());
    const error = await failureOf(resumeRun(app, id, { step: 6 }));
    expect((error as ValidationError).issues).toMatchObject([
      { path: ['step'], code: 'NO_CHECKPOINT', found: '6' },
    ]);
    expect(error.message).toContain('It has those of 2.');
  });

  test.for([
    ['step', 0],
    ['timeoutSeconds', 0],
    ['maxAttempts', 101],
  ] as const)('refuses %s %s', async ([field, value]) => {
    const error = await failureOf(resumeRun(app, await ended('FAILED'), { [field]: value }));
    expect((error as ValidationError).issues[0]?.path).toEqual([field]);
  });

  test('refuses what has no checkpoint, and what has no step left', async () => {
    const bare = await ended('FAILED');
    expect((await failureOf(resumeRun(app, bare, {}))).message).toContain('Retry it');
    expect(await isResumable(app.sql, await runOf(bare))).toBe(false);
    const done = await ended('COMPLETED');
    await storeCheckpoint(done, 4);
    const error = await failureOf(resumeRun(app, done, {}));
    expect(error).toBeInstanceOf(InvalidStateError);
    expect(error.message).toContain('Clone it');
    expect(await isResumable(app.sql, await runOf(done))).toBe(false);
  });

  test.for([
    ['RUNNING', 'LOCAL', 'has not ended'],
    ['FAILED', 'DRY_RUN', 'dry run'],
    ['COMPLETED', 'EXTERNAL', 'trained elsewhere'],
  ] as const)('refuses one that is %s %s', async ([status, mode, why]) => {
    const { id } = await makeRun(app, (await makeDataset(app)).id, { mode, status });
    await storeCheckpoint(id, 2);
    expect((await failureOf(resumeRun(app, id, {}))).message).toContain(why);
    expect(await isResumable(app.sql, await runOf(id))).toBe(false);
  });

  test('refuses to go on as another experiment', async () => {
    const id = await ended('FAILED');
    await storeCheckpoint(id, 2);
    await app.db.run.update({ where: { id }, data: { configHash: 'f'.repeat(64) } });
    expect((await failureOf(resumeRun(app, id, {}))).message).toContain('another version');
  });
});

describe('cloneRun', () => {
  const configOf = async (id: string) => (await runOf(id)).config as unknown as RunConfig;

  test('repeats everything that is not changed', async () => {
    const id = await ended('COMPLETED', { name: 'first' });
    const clone = await runOf((await cloneRun(app, id, {})).id);
    const { configHash } = await runOf(id);
    expect(clone).toMatchObject({ parentId: id, parentKind: 'CLONE', configHash, name: 'first' });
  });

  test('merges hyperparameters one by one and resolves the rest anew', async () => {
    const id = await ended('RUNNING', {
      hyperparameters: { batchSize: 2, numEpochs: 5, seed: 7, saveEverySteps: 3 },
    });
    const changes = { hyperparameters: { numEpochs: 50 }, priority: 3 };
    const made = await cloneRun(app, id, { name: 'longer', changes });
    const { hyperparameters } = await configOf(made.id);
    expect(hyperparameters).toMatchObject({
      batchSize: 2,
      seed: 7,
      numEpochs: 50,
      totalSteps: 100,
    });
    // One was asked for, the other follows the number of steps.
    expect(hyperparameters).toMatchObject({ saveEverySteps: 3, evalEverySteps: 10 });
    expect(await runOf(made.id)).toMatchObject({ name: 'longer', priority: 3 });
  });

  test('takes back with null what was asked for', async () => {
    const id = await ended('FAILED', {
      evaluateEverySteps: 2,
      evaluateItems: 1,
      acknowledgedWarnings: ['LORA_ON_RANDOM_MODEL'],
      hyperparameters: { batchSize: 2, lora: { rank: 4, alpha: 8 } },
    });
    const changes = { evaluateEverySteps: null, hyperparameters: { lora: null } };
    const config = await configOf((await cloneRun(app, id, { changes })).id);
    expect(config.hyperparameters.lora).toBeNull();
    expect(config.evaluateEverySteps).toBeUndefined();
    expect(config.evaluateItems).toBeUndefined();
  });

  test('wants new warnings acknowledged, but not those the run had already', async () => {
    const id = await ended('FAILED', {
      acknowledgedWarnings: ['LORA_ON_RANDOM_MODEL'],
      hyperparameters: { batchSize: 2, lora: { rank: 4, alpha: 8 } },
    });
    const changes = { hyperparameters: { maxSteps: 9_000 } };
    const error = await failureOf(cloneRun(app, id, { changes }));
    expect((error as ValidationError).issues.map(({ code }) => code)).toEqual([
      'MAX_STEPS_NOT_REACHED',
    ]);
    const acknowledgedWarnings = ['MAX_STEPS_NOT_REACHED'];
    expect(await cloneRun(app, id, { changes, acknowledgedWarnings })).toMatchObject({
      created: true,
    });
  });

  test('refuses a change as createRun would, and makes one run of one key', async () => {
    const id = await ended('FAILED');
    const changes = { hyperparameters: { batchSize: 0 } };
    const error = await failureOf(cloneRun(app, id, { changes }));
    expect((error as ValidationError).issues[0]?.path).toEqual(['hyperparameters', 'batchSize']);
    const once = { idempotencyKey: 'clone-once' };
    const made = await cloneRun(app, id, once);
    expect(await cloneRun(app, id, once)).toEqual({ id: made.id, created: false });
  });

  test('refuses what was trained elsewhere', async () => {
    const { id } = await makeRun(app, (await makeDataset(app)).id, { mode: 'EXTERNAL' });
    await expect(cloneRun(app, id, {})).rejects.toThrow(InvalidStateError);
  });
});

describe('archiveRun', () => {
  test('puts a run away and back, with one event each', async () => {
    const id = await ended('COMPLETED');
    for (const archived of [true, true]) await archiveRun(app, id, archived);
    expect((await runOf(id)).archivedAt).toBeInstanceOf(Date);
    for (const archived of [false, false]) await archiveRun(app, id, archived);
    const { archivedAt, events } = await runOf(id);
    expect(archivedAt).toBeNull();
    expect(events.map(({ kind }) => kind)).toEqual(['QUEUED', 'ARCHIVED', 'UNARCHIVED']);
  });

  test.for(['PENDING', 'RUNNING'] as const)('refuses one that is %s', async (status) => {
    const error = await failureOf(archiveRun(app, await ended(status), true));
    expect(error).toBeInstanceOf(InvalidStateError);
    expect(error.message).toContain('Cancel it first');
  });

  test('refuses what there is not', async () => {
    await expect(archiveRun(app, randomUUIDv7(), true)).rejects.toThrow(NotFoundError);
    await expect(archiveRun(app, null, true)).rejects.toThrow(NotFoundError);
  });
});
