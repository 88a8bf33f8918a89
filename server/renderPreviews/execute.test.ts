import { randomUUIDv7 } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../app.ts';
import { NotFoundError, ValidationError } from '../errors.ts';
import { registerRunner } from '../runners/register.ts';
import { makeTrace } from '../test/make.ts';
import { makeDatasetOf } from '../test/makeItems.ts';
import { behave, until, withStandIn } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';
import { renderPreview } from './execute.ts';
import { RenderPreview } from './job.ts';
import { followPreview, whyWaiting } from './read.ts';
import { requestPreview } from './request.ts';

const running = new AbortController().signal;
const TINY = { modelId: 'qwen3-tiny', maxTokens: 64 };

const read = (app: App, id: string) => app.db.renderPreview.findUniqueOrThrow({ where: { id } });

/** Asks for a preview and lets a runner make it. */
async function preview(app: App, traceId: string, input: object = {}) {
  const { id } = await requestPreview(app, { traceId, ...TINY, ...input });
  await renderPreview(app, id, running);
  return read(app, id);
}

describe('requestPreview', () => {
  test('leaves a pending preview and its job', async ({ app }) => {
    const trace = await makeTrace(app);
    const { id } = await requestPreview(app, { traceId: trace.id, ...TINY });
    expect(await read(app, id)).toMatchObject({ traceId: trace.id, ...TINY, status: 'PENDING' });
    const { rowCount } = await app.sql.query(
      `SELECT 1 FROM pgboss.job WHERE name = $1 AND data->>'previewId' = $2`,
      [RenderPreview.name, id],
    );
    expect(rowCount).toBe(1);
  });

  test('answers the same question with the same preview', async ({ app }) => {
    const rig = await withStandIn(app);
    const trace = await makeTrace(app);
    const ask = (input = {}) => requestPreview(rig, { traceId: trace.id, ...TINY, ...input });
    const { id } = await ask();
    expect(await ask()).toMatchObject({ id, status: 'PENDING' });
    await renderPreview(rig, id, running);
    expect(await ask()).toMatchObject({ id, status: 'COMPLETED' });
    expect((await ask({ maxTokens: 65 })).id).not.toBe(id);
  });

  test('asks anew when the built-in model would learn other tokens', async ({ app }) => {
    const rig = await withStandIn(app);
    const trace = await makeTrace(app, { prompt: 'Where does it stand?' });
    const before = await preview(rig, trace.id);
    expect(before.result).toMatchObject({ tokenizer: { from: 'TRACE' } });
    const dataset = await makeDatasetOf(app, [{ prompt: 'Other.' }]);
    await app.db.datasetItem.create({
      data: { datasetId: dataset.id, position: 1, split: 'TRAIN', traceId: trace.id },
    });
    const after = await preview(rig, trace.id);
    expect(after.id).not.toBe(before.id);
    expect(after.result).toMatchObject({ tokenizer: { from: 'DATASET', datasetKey: dataset.key } });
    expect((await preview(rig, trace.id)).id).toBe(after.id);
  });

  test('gives a job back to one under way that has lost it', async ({ app }) => {
    const trace = await makeTrace(app);
    const ask = () => requestPreview(app, { traceId: trace.id, ...TINY });
    const { id } = await ask();
    const jobs = `FROM pgboss.job WHERE name = '${RenderPreview.name}' AND data->>'previewId' = $1`;
    await app.sql.query(`DELETE ${jobs}`, [id]);
    for (const _ of [1, 2]) expect(await ask()).toMatchObject({ id });
    expect((await app.sql.query(`SELECT 1 ${jobs}`, [id])).rowCount).toBe(1);
  });

  test('tries a failed one anew', async ({ app }) => {
    const trace = await makeTrace(app);
    const first = await requestPreview(app, { traceId: trace.id, ...TINY });
    await app.db.renderPreview.update({ where: { id: first.id }, data: { status: 'FAILED' } });
    const second = await requestPreview(app, { traceId: trace.id, ...TINY });
    expect(second.id).not.toBe(first.id);
  });

  test('says that a trace is gone which was deleted at this moment', async ({ app }) => {
    const { id: traceId } = await makeTrace(app);
    const db = app.db.$extends({
      query: {
        renderPreview: {
          async findFirst({ args, query }) {
            await app.db.trace.delete({ where: { id: traceId } });
            return query(args);
          },
        },
      },
    });
    const racing = { ...app, db: db as unknown as App['db'] };
    await expect(requestPreview(racing, { traceId, ...TINY })).rejects.toThrow(NotFoundError);
  });

  test('refuses what does not exist or is out of range', async ({ app }) => {
    const { id: traceId } = await makeTrace(app);
    const ask = (input: object) => requestPreview(app, { traceId, ...TINY, ...input });
    await expect(ask({ traceId: randomUUIDv7() })).rejects.toThrow(NotFoundError);
    await expect(ask({ modelId: 'nope' })).rejects.toMatchObject({
      issues: [{ path: ['modelId'], code: 'UNKNOWN_MODEL' }],
    });
    await expect(ask({ maxTokens: 0 })).rejects.toThrow(ValidationError);
    await expect(ask({ maxTokens: 32_769 })).rejects.toThrow(ValidationError);
  });
});

describe('renderPreview', () => {
  test('stores text, tokens and which carry loss, and leaves no file', async ({ app }) => {
    const rig = await withStandIn(app);
    const trace = await makeTrace(app, { prompt: 'How many?', answer: '7' });
    const made = await preview(rig, trace.id);
    expect(made).toMatchObject({ status: 'COMPLETED', error: null, finishedAt: expect.any(Date) });
    expect(made.result).toMatchObject({
      text: expect.stringMatching(/^How many\?.*7$/s),
      tokens: [
        { id: 0, text: 'How ', loss: false },
        { text: 'many?', loss: false },
        { loss: true },
        ...Array(5).fill({ loss: true }),
      ],
      tokenCount: 8,
      lossTokens: 6,
    });
    expect(await readdir(rig.config.dataDir)).not.toContainEqual(
      expect.stringMatching(/^scratch-/),
    );
  });

  test('that comes twice is done once', async ({ app }) => {
    const rig = await withStandIn(app);
    const made = await preview(rig, (await makeTrace(app)).id);
    await renderPreview(rig, made.id, running);
    expect(await read(app, made.id)).toEqual(made);
  });

  test('fails with the remedy when the model is not on the machine', async ({ app }) => {
    const rig = await withStandIn(app);
    const made = await preview(rig, (await makeTrace(app)).id, { modelId: 'Qwen/Qwen3-0.6B' });
    expect(made).toMatchObject({
      status: 'FAILED',
      error: expect.stringMatching(/not on this runner yet.*MODELS_DIR/),
      result: null,
    });
  });

  test('fails with the remedy when there is no Python', async ({ app }) => {
    const { config } = app;
    const python = join(config.dataDir, 'no-such-python');
    const bare = { ...config, cacheDir: join(config.dataDir, 'no-cache') };
    const rig = { ...app, config: { ...bare, tunix: { ...bare.tunix, python } } };
    expect(await preview(rig, (await makeTrace(app)).id)).toMatchObject({
      status: 'FAILED',
      error: expect.stringMatching(/Python is missing.*Install Python 3.11/s),
    });
  });

  test('fails with the last words of its process', async ({ app }) => {
    const rig = await withStandIn(app);
    const trace = await makeTrace(app);
    await behave(rig, { tokens: 'fail' });
    const made = await preview(rig, trace.id);
    await behave(rig, {});
    expect(made.error).toContain('could not be made: ValueError: bad luck.');
  });

  test('does not wait for a process that hangs', async ({ app }) => {
    const rig = await withStandIn(app);
    const trace = await makeTrace(app);
    await behave(rig, { tokens: 'hang' });
    const { id } = await requestPreview(rig, { traceId: trace.id, ...TINY });
    await renderPreview(rig, id, running, 600);
    await behave(rig, {});
    expect(await read(app, id)).toMatchObject({
      status: 'FAILED',
      error: 'It took more than 0.01 minutes. Ask again.',
    });
  });

  test('in an outage is left to the queue', async ({ app }) => {
    const rig = await withStandIn(app);
    const trace = await makeTrace(app);
    const { id } = await requestPreview(rig, { traceId: trace.id, ...TINY });
    const query = () => Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }));
    const away = { ...rig, sql: { query } as unknown as App['sql'] };
    await expect(renderPreview(away, id, running)).rejects.toThrow('gone');
    expect(await read(app, id)).toMatchObject({ status: 'RUNNING', error: null });
  });

  test('on a runner that stops kills its process and is left to the queue', async ({ app }) => {
    const rig = await withStandIn(app);
    const trace = await makeTrace(app);
    await behave(rig, { tokens: 'hang' });
    const { id } = await requestPreview(rig, { traceId: trace.id, ...TINY });
    const shutdown = new AbortController();
    const rendering = renderPreview(rig, id, shutdown.signal);
    const pid = await until(() =>
      readFile(join(rig.config.dataDir, 'hanging'), 'utf8').catch(() => null),
    );
    shutdown.abort(new Error('the runner is stopping'));
    await expect(rendering).rejects.toThrow('the runner is stopping');
    await behave(rig, {});
    expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH');
    expect(await read(app, id)).toMatchObject({ status: 'RUNNING' });
  });
});

describe('a preview that is not there yet', () => {
  test('says what it waits for until it has ended', async ({ app }) => {
    const { config } = app;
    // An interpreter that answers the version and then never makes the environment.
    const python = join(config.dataDir, 'slow-python');
    await mkdir(config.dataDir, { recursive: true });
    await writeFile(python, '#!/bin/sh\n[ "$1" = -c ] && echo 3.12.0 || exec sleep 600\n', {
      mode: 0o755,
    });
    const bare = { ...config, cacheDir: join(config.dataDir, 'slow-cache') };
    const rig = { ...app, config: { ...bare, tunix: { ...bare.tunix, python } } };
    const trace = await makeTrace(app);
    const { id } = await requestPreview(rig, { traceId: trace.id, ...TINY });
    const why = async () => whyWaiting(app, await read(app, id));
    expect(await why()).toMatch(/No runner is connected/);
    await registerRunner(rig);
    expect(await why()).toMatch(/A runner takes it up/);
    const shutdown = new AbortController();
    const rendering = renderPreview(rig, id, shutdown.signal);
    await until(async () => /makes its Python environment/.test((await why()) ?? ''));
    shutdown.abort(new Error('enough'));
    await expect(rendering).rejects.toThrow('enough');
    await renderPreview(await withStandIn(app), id, running);
    expect(await why()).toBeNull();
  });

  test('is followed to its end', async ({ app }) => {
    const rig = await withStandIn(app);
    const trace = await makeTrace(app);
    const { id } = await requestPreview(rig, { traceId: trace.id, ...TINY });
    const following = followPreview(app, id);
    expect(await following.next()).toEqual({ done: false, value: { id } });
    await renderPreview(rig, id, running);
    const told: unknown[] = [];
    for await (const each of following) told.push(each);
    expect(told.length).toBeGreaterThan(0);
    const nobody = followPreview(app, randomUUIDv7());
    expect(await nobody.next()).toEqual({ done: true, value: undefined });
  });
});
