import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../../app.ts';
import { registerRunner } from '../../runners/register.ts';
import { behave, queueRun, storedLog, until, withStandIn } from '../../test/rig.ts';
import { describe, expect, test } from '../../test/test.ts';
import { cancelRun } from '../cancel.ts';
import { reapLapsedAttempts } from '../reap.ts';
import { executeRun } from './execute.ts';

let app: App;
let runnerId: string;

test.beforeAll(async ({ app: base }) => {
  app = await withStandIn(base);
  runnerId = await registerRunner(app);
});

const shutdown = () => new AbortController();
const execute = (id: string, signal = shutdown().signal) =>
  executeRun(app, { id: runnerId, shutdown: signal }, id);
const runOf = (id: string) =>
  app.db.run.findUniqueOrThrow({
    where: { id },
    include: { attempts: { orderBy: { epoch: 'asc' } }, events: { orderBy: { seq: 'asc' } } },
  });
const stepReached = (id: string, step: number) =>
  until(async () => {
    const points = await app.db.metricPoint.count({ where: { runId: id, step: { gte: step } } });
    return points > 0;
  });

describe('executeRun', () => {
  test('carries a run to COMPLETED with log, metrics, predictions, artifacts and evaluation', async () => {
    await behave(app, { steps: 10 });
    const { id } = await queueRun(app);
    await execute(id);
    const run = await runOf(id);
    expect(run).toMatchObject({
      status: 'COMPLETED',
      exitCode: 0,
      step: 10,
      epoch: 1,
      error: null,
    });
    expect(run.attempts).toMatchObject([{ epoch: 1, status: 'COMPLETED', exitCode: 0 }]);
    const { stdout } = await storedLog(app, id);
    const steps = Array.from({ length: 10 }, (_, index) => `step ${index + 1}\n`).join('');
    expect(stdout.toString()).toBe(steps);
    const points = await app.db.metricPoint.findMany({
      where: { runId: id },
      orderBy: { seq: 'asc' },
    });
    expect(points.map((point) => point.step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(points[1]?.value).toBeNaN();
    expect(await app.db.prediction.count({ where: { runId: id } })).toBe(6);
    const kinds = new Set(
      (await app.db.artifact.findMany({ where: { runId: id } })).map((artifact) => artifact.kind),
    );
    expect(kinds).toEqual(new Set(['CONFIG', 'DATA', 'EVENTS', 'PREDICTIONS', 'CHECKPOINT']));
    expect(await app.db.evaluation.findFirst({ where: { runId: id } })).toMatchObject({
      judge: 'answer_correctness',
      split: 'TEST',
      status: 'PENDING',
    });
    expect(run.events.map((event) => Number(event.seq))).toEqual(run.events.map((_, i) => i + 1));
    expect(run.events.at(-1)?.kind).toBe('COMPLETED');
  });

  test('ends a dry run without starting Python', async () => {
    await behave(app, { at: { step: 1, do: 'fail' } });
    const { id } = await queueRun(app, { mode: 'DRY_RUN' });
    await execute(id);
    const run = await runOf(id);
    expect(run).toMatchObject({ status: 'COMPLETED', exitCode: 0 });
    expect(run.logTail).toContain('Dry run');
    const file = join(app.config.dataDir, 'runs', id, 'data', 'train.jsonl');
    expect((await readFile(file, 'utf8')).split('\n').filter(Boolean)).toHaveLength(4);
  });

  test('fails with the last line of the traceback and the exit code', async () => {
    await behave(app, { steps: 10, at: { step: 3, do: 'fail' } });
    const { id } = await queueRun(app);
    await execute(id);
    const run = await runOf(id);
    expect(run).toMatchObject({ status: 'FAILED', exitCode: 1 });
    expect(run.error).toContain('ValueError: bad luck');
    expect(run.logTail).toContain('Traceback');
    expect(await app.db.prediction.count({ where: { runId: id } })).toBe(0);
  });

  test('gives a killed process another attempt that resumes from its last checkpoint', async () => {
    await behave(app, { steps: 8, at: { step: 4, do: 'killSelf' } });
    const { id } = await queueRun(app);
    await execute(id);
    expect(await runOf(id)).toMatchObject({ status: 'PENDING', failedAttempts: 1 });
    await behave(app, { steps: 8 });
    await execute(id);
    const run = await runOf(id);
    expect(run.status).toBe('COMPLETED');
    expect(run.attempts.map((attempt) => attempt.status)).toEqual(['LOST', 'COMPLETED']);
    expect(run.attempts[0]?.exitSignal).toBe('SIGKILL');
    const { stdout } = await storedLog(app, id);
    expect(stdout.toString()).toBe(
      'step 1\nstep 2\nstep 3\nstep 4\nstep 5\nstep 6\nstep 7\nstep 8\n',
    );
    const restored = run.events.filter((event) => event.kind === 'RESTORED');
    expect(restored.map((event) => event.data)).toEqual([{ step: 0 }, { step: 4 }]);
  });

  test('refuses to resume a checkpoint that was made with another model', async () => {
    const folder = join(app.config.modelsDir, 'changing');
    await mkdir(folder, { recursive: true });
    const size = { num_hidden_layers: 2, hidden_size: 64 };
    const shape = { model_type: 'qwen3', rope_theta: 1_000_000, ...size };
    await writeFile(join(folder, 'config.json'), JSON.stringify(shape));
    await behave(app, { steps: 8, at: { step: 4, do: 'killSelf' } });
    const { id } = await queueRun(app, { modelId: 'changing' });
    await execute(id);
    await writeFile(join(folder, 'config.json'), JSON.stringify({ ...shape, hidden_size: 128 }));
    await execute(id);
    const run = await runOf(id);
    expect(run.status).toBe('FAILED');
    expect(run.error).toContain('made with another model');
  });

  test('says why a hub model cannot be brought', async () => {
    await behave(app, { steps: 1, fetch: 'No network: cannot reach the hub.' });
    const { id } = await queueRun(app, {
      modelId: 'Qwen/Qwen3-0.6B',
      acknowledgedWarnings: ['MEMORY_TIGHT', 'DISK_TIGHT'],
    });
    await execute(id);
    const run = await runOf(id);
    expect(run.status).toBe('FAILED');
    expect(run.error).toContain('Qwen/Qwen3-0.6B could not be brought from the hub: No network');
    expect(run.error).toContain('MODELS_DIR');
  });

  test('fails when no attempts are left', async () => {
    await behave(app, { steps: 8, at: { step: 1, do: 'killSelf' } });
    const { id } = await queueRun(app, { maxAttempts: 1 });
    await execute(id);
    const run = await runOf(id);
    expect(run.status).toBe('FAILED');
    expect(run.error).toContain('No attempts are left');
  });

  test('stops after a checkpoint when asked to, and keeps the exit code', async () => {
    await behave(app, { steps: 10_000, stepMs: 5 });
    const { id } = await queueRun(app);
    const running = execute(id);
    await stepReached(id, 2);
    await cancelRun(app, id, 'SAVE');
    await running;
    expect(await runOf(id)).toMatchObject({ status: 'CANCELLED', exitCode: 75 });
    expect(
      await app.db.artifact.count({ where: { runId: id, kind: 'CHECKPOINT' } }),
    ).toBeGreaterThan(0);
  });

  test('kills a process that ignores the request when its grace is over', async () => {
    await behave(app, { steps: 10_000, stepMs: 5, onTerm: 'ignore' });
    const { id } = await queueRun(app);
    const running = execute(id);
    await stepReached(id, 2);
    await cancelRun(app, id, 'SAVE');
    await running;
    expect(await runOf(id)).toMatchObject({ status: 'CANCELLED', exitSignal: 'SIGKILL' });
  });

  test('kills the whole group at once on stop now', async () => {
    const marker = `grandchild-${randomBytes(6).toString('hex')}`;
    await behave(app, { steps: 10_000, stepMs: 5, onTerm: 'ignore', grandchild: marker });
    const { id } = await queueRun(app);
    const running = execute(id);
    await stepReached(id, 2);
    expect(await commandLines()).toContain(marker);
    await cancelRun(app, id, 'NOW');
    await running;
    expect(await runOf(id)).toMatchObject({ status: 'CANCELLED', exitSignal: 'SIGKILL' });
    await until(async () => !(await commandLines()).includes(marker));
  });

  test('ends although a grandchild holds the pipe, and leaves none behind', async () => {
    const marker = `grandchild-${randomBytes(6).toString('hex')}`;
    await behave(app, { steps: 3, grandchild: marker });
    const { id } = await queueRun(app);
    await execute(id);
    expect((await runOf(id)).status).toBe('COMPLETED');
    await until(async () => !(await commandLines()).includes(marker));
  });

  test('ends with TIMEOUT when the time of the run is over', async () => {
    await behave(app, { steps: 10_000, stepMs: 5 });
    const { id } = await queueRun(app, { timeoutSeconds: 1 });
    await execute(id);
    const run = await runOf(id);
    expect(run).toMatchObject({ status: 'TIMEOUT', error: 'The timeout of the run is over.' });
    expect(run.finishedAt).not.toBeNull();
  });

  test('gives the run back when the runner is stopped', async () => {
    await behave(app, { steps: 10_000, stepMs: 5 });
    const { id } = await queueRun(app);
    const stop = shutdown();
    const running = execute(id, stop.signal);
    await stepReached(id, 2);
    stop.abort();
    await running;
    const run = await runOf(id);
    expect(run).toMatchObject({ status: 'PENDING', failedAttempts: 0 });
    expect(run.attempts).toMatchObject([{ status: 'RELEASED' }]);
  });

  test('does nothing for a run that was cancelled before', async () => {
    await behave(app, { steps: 3 });
    const { id } = await queueRun(app);
    await cancelRun(app, id, 'SAVE');
    await execute(id);
    expect(await runOf(id)).toMatchObject({ status: 'CANCELLED', epoch: 0, attempts: [] });
  });

  test('stores every byte of a binary flood', async () => {
    const bytes = randomBytes(3_000_000);
    const file = join(app.config.dataDir, 'flood.bin');
    await writeFile(file, bytes);
    await behave(app, { steps: 1, bytes: file });
    const { id } = await queueRun(app);
    await execute(id);
    const { stdout } = await storedLog(app, id);
    expect(stdout.equals(Buffer.concat([bytes, Buffer.from('step 1\n')]))).toBe(true);
  });

  test('stores a burst of lines without a gap', async () => {
    await behave(app, { steps: 1, flood: 20_000 });
    const { id } = await queueRun(app);
    await execute(id);
    const { stdout } = await storedLog(app, id);
    const lines = stdout.toString().split('\n');
    expect(lines.slice(0, 20_000)).toEqual(
      Array.from({ length: 20_000 }, (_, i) => `flood ${i + 1}`),
    );
  });

  test('kills its child and writes no more when another attempt has taken the run', async () => {
    await behave(app, { steps: 10_000, stepMs: 5 });
    const { id } = await queueRun(app);
    const running = execute(id);
    await stepReached(id, 2);
    await until(async () => {
      // A renewal may come between the two.
      await app.db
        .$executeRaw`UPDATE run_attempts SET lease_until = '2000-01-01' WHERE run_id = ${id}::uuid`;
      return (await reapLapsedAttempts(app)) > 0;
    });
    const { lastLogSeq } = await runOf(id);
    await running;
    const run = await runOf(id);
    expect(run).toMatchObject({ status: 'PENDING', failedAttempts: 1, lastLogSeq });
    expect(run.attempts).toMatchObject([{ status: 'LOST' }]);
  });
});

/** The command lines of all processes, to find one by its marker. */
async function commandLines(): Promise<string> {
  const { execFile } = await import('node:child_process');
  const { promisify } = await import('node:util');
  const { stdout } = await promisify(execFile)('ps', ['-ww', '-eo', 'stat,args']);
  return stdout
    .split('\n')
    .filter((line) => !line.startsWith('Z'))
    .join('\n');
}
