import { execFileSync } from 'node:child_process';
import { randomUUIDv7 } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { App } from '../app.ts';
import { StoreAwayError } from '../artifacts/faults.ts';
import { sha256 } from '../lib/canonical.ts';
import { openServer } from '../test/http.ts';
import { makeDataset, makeRun } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';

/** A run with these files in the store, by attempt and path. */
async function makeModel(app: App, files: readonly (readonly [number, string, string])[]) {
  const run = await makeRun(app, (await makeDataset(app)).id);
  for (const [attempt, path, content] of files) {
    const object = { sha256: sha256(content), size: Buffer.byteLength(content) };
    const file = join(app.config.dataDir, object.sha256);
    await writeFile(file, content);
    await app.store.put({ file, ...object });
    const kind = path.startsWith('export/') ? 'EXPORT' : 'OTHER';
    await app.db.artifact.create({
      data: { id: randomUUIDv7(), runId: run.id, attempt, kind, path, ...object },
    });
  }
  return { run, url: `/export/runs/${run.number}/model.zip` };
}

const MODEL = [
  [1, 'export/config.json', '{"model_type":"qwen3"}'],
  [1, 'export/model.safetensors', 'weights'.repeat(100_000)],
  [1, 'export/é/empty', ''],
  [1, 'predictions.jsonl', '{}'],
] as const;

const READ = `
import io, json, sys, zipfile
files = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))
print(json.dumps({name: files.read(name).decode() for name in files.namelist()}))`;

/** What Python, which compares the checksums, finds in a ZIP file. */
const unzip = (body: Buffer): Record<string, string> =>
  JSON.parse(execFileSync('python3', ['-c', READ], { input: body, encoding: 'utf8' }));

const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

describe('GET /export/runs/{number}/model.zip', () => {
  test('has the folder of the trained model and nothing else', async ({ app }) => {
    const { run, url } = await makeModel(app, MODEL);
    await using server = await openServer(app);
    const answer = await fetch(server.url + url);
    const body = await bytesOf(answer);
    const name = `run-${run.number}-model`;
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/zip',
      'content-length': String(body.length),
      'content-disposition': `attachment; filename=${name}.zip`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
    });
    expect(unzip(body)).toEqual({
      [`${name}/config.json`]: MODEL[0][2],
      [`${name}/model.safetensors`]: MODEL[1][2],
      [`${name}/é/empty`]: '',
    });
    expect(sha256(await bytesOf(await fetch(server.url + url)))).toBe(sha256(body));
  });

  test('is of the newest attempt that made one, or of the one asked for', async ({ app }) => {
    const { run, url } = await makeModel(app, [
      [1, 'export/config.json', 'first'],
      [2, 'export/config.json', 'second'],
      [3, 'events.jsonl', 'third'],
    ]);
    await using server = await openServer(app);
    const found = async (query: string) =>
      unzip(await bytesOf(await fetch(server.url + url + query)));
    const name = `run-${run.number}-model/config.json`;
    expect(await found('')).toEqual({ [name]: 'second' });
    expect(await found('?attempt=1')).toEqual({ [name]: 'first' });
    expect(await server.send(`${url}?attempt=3`)).toMatchObject({
      status: 404,
      body: expect.stringContaining('This attempt has no trained model'),
    });
  });

  test('has headers alone for HEAD', async ({ app }) => {
    const { url } = await makeModel(app, MODEL);
    await using server = await openServer(app);
    const length = (await bytesOf(await fetch(server.url + url))).length;
    expect(await server.send(url, { method: 'HEAD' })).toMatchObject({
      status: 200,
      body: '',
      headers: { 'content-length': String(length) },
    });
  });

  test('is nowhere for a run without a model, and without a run', async ({ app }) => {
    const { url } = await makeModel(app, [[1, 'predictions.jsonl', '{}']]);
    await using server = await openServer(app);
    expect(await server.send(url)).toMatchObject({
      status: 404,
      body: expect.stringContaining('This run has no trained model'),
    });
    expect(await server.send('/export/runs/999999999/model.zip')).toMatchObject({ status: 404 });
  });

  test.for(['0', '', 'x', '1.5'])('refuses the attempt %j', async (attempt, { app }) => {
    const { url } = await makeModel(app, MODEL);
    await using server = await openServer(app);
    expect(await server.send(`${url}?attempt=${attempt}`)).toMatchObject({
      status: 400,
      body: expect.stringContaining('attempt: use a whole number from 1.'),
    });
  });

  test('says when its bytes were given up, or are gone', async ({ app }) => {
    const { run, url } = await makeModel(app, [[1, 'export/config.json', crypto.randomUUID()]]);
    await using server = await openServer(app);
    const { sha256: digest } = await app.db.artifact.findFirstOrThrow({ where: { runId: run.id } });
    await app.store.remove([digest]);
    expect(await server.send(url)).toMatchObject({
      status: 410,
      body: expect.stringContaining('"GONE"'),
    });
    const deletedAt = new Date('2026-01-02T03:04:05Z');
    await app.db.artifact.updateMany({ where: { runId: run.id }, data: { deletedAt } });
    expect(await server.send(url)).toMatchObject({
      status: 410,
      body: expect.stringContaining('given up on 2026-01-02'),
    });
  });
});

describe('while a model is sent', () => {
  const away = () => Promise.reject(new StoreAwayError('The store at 10.0.0.1 is away.', 'Wait.'));

  test('a store that is away before the first byte is said to be', async ({ app }) => {
    const { url } = await makeModel(app, MODEL);
    await using server = await openServer({ ...app, store: { ...app.store, sizeOf: away } });
    const answer = await server.send(url);
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '10' } });
    expect(answer.body).not.toContain('10.0.0.1');
  });

  test('a store that goes away cuts the answer, which nobody takes for whole', async ({ app }) => {
    const { url } = await makeModel(app, MODEL);
    const weights = sha256(MODEL[1][2]);
    const open: App['store']['open'] = (digest, range) =>
      digest === weights ? away() : app.store.open(digest, range);
    await using server = await openServer({ ...app, store: { ...app.store, open } });
    const answer = await fetch(server.url + url);
    expect(answer.status).toBe(200);
    await expect(answer.arrayBuffer()).rejects.toThrow(/terminated/);
  });

  test('a client that leaves lets go of the file', async ({ app }) => {
    const { run, url } = await makeModel(app, [[1, 'export/model.safetensors', 'x']]);
    const size = 100_000_000;
    await app.db.artifact.updateMany({ where: { runId: run.id }, data: { size } });
    const body = new Readable({
      read() {
        this.push(Buffer.alloc(65_536));
      },
    });
    const store = { ...app.store, sizeOf: async () => size, open: async () => body };
    await using server = await openServer({ ...app, store });
    const asked = request(server.url + url).end();
    const [answer] = await once(asked, 'response');
    await once(answer, 'readable');
    const closed = once(body, 'close');
    asked.destroy();
    await closed;
    expect(body.destroyed).toBe(true);
  });
});
