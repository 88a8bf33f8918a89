import { globalId } from '../../schema/ids.ts';
import type { App } from '../app.ts';
import { buildDataset } from '../datasets/build.ts';
import { exportRecord } from '../datasets/render.ts';
import { openServer } from '../test/http.ts';
import { makeDataset, makePayload, makeRun } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { createTraces } from '../traces/create.ts';
import type { TracePayload } from '../traces/model.ts';
import { generateUngarTraces } from '../ungar/generate.ts';

async function makeItems(app: App, name: string, count: number) {
  const traces = Array.from({ length: count }, () =>
    makePayload({ prompt: `é😀 ${crypto.randomUUID()}`, meta: { b: 1, a: [2], format: 'mine' } }),
  );
  await createTraces(app, { traces, mode: 'ALL_OR_NOTHING', source: name });
  const filter = { sources: [name] };
  const { id } = await buildDataset(app, { name, version: '1.0', filter, limit: count });
  return app.db.datasetItem.findMany({
    where: { datasetId: id },
    orderBy: { position: 'asc' },
    include: { trace: true },
  });
}

const NDJSON = 'application/x-ndjson; charset=utf-8';

const linesOf = (body: string) =>
  body
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

describe('GET /export/datasets/{key}.jsonl', () => {
  test.for(['trace', 'tunix_sft', 'training_example'] as const)(
    'has the items in order as %s, the same bytes each time',
    async (format, { app }) => {
      const items = await makeItems(app, format, 12);
      await using server = await openServer(app);
      const path = `/export/datasets/${format}-1.0.jsonl?format=${format}`;
      const answer = await server.send(path);
      expect(answer.status).toBe(200);
      expect(answer.headers).toMatchObject({
        'content-type': NDJSON,
        'content-disposition': `attachment; filename=${format}-1.0.jsonl`,
        'x-content-type-options': 'nosniff',
      });
      const records = items.map(({ trace }) =>
        exportRecord(format, { ...trace, payload: trace.payload as TracePayload }),
      );
      expect(answer.body).toMatch(/^[ -~\n]+\}\n$/);
      expect(linesOf(answer.body)).toEqual(records);
      expect((await server.send(path)).body).toBe(answer.body);
    },
  );

  test('is the trace format when none is asked for', async ({ app }) => {
    const { key } = await makeDataset(app);
    await using server = await openServer(app);
    const plain = await server.send(`/export/datasets/${key}.jsonl`);
    expect(plain.body).toBe((await server.send(`/export/datasets/${key}.jsonl?format=trace`)).body);
    expect(linesOf(plain.body).length).toBe(5);
  });

  test.for([
    ['TRAIN', 3],
    ['train', 3],
    ['Eval', 0],
    ['test', 2],
  ] as const)('has one side for split=%s', async ([split, count], { app }) => {
    const { key, items } = await makeDataset(app, { train: 3, eval: 0, test: 2 });
    await using server = await openServer(app);
    const answer = await server.send(`/export/datasets/${key}.jsonl?split=${split}`);
    const ids = items.filter((item) => item.split === split.toUpperCase());
    expect(linesOf(answer.body).map(({ id }) => id)).toEqual(ids.map(({ traceId }) => traceId));
    expect(ids.length).toBe(count);
  });

  test.for([
    ['format=csv', 400, 'VALIDATION'],
    ['format=', 400, 'VALIDATION'],
    ['format=constructor', 400, 'VALIDATION'],
    ['split=all', 400, 'VALIDATION'],
    ['split=', 400, 'VALIDATION'],
  ] as const)('refuses %s', async ([query, status, code], { app }) => {
    const { key } = await makeDataset(app);
    await using server = await openServer(app);
    const answer = await server.send(`/export/datasets/${key}.jsonl?${query}`);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code } });
  });

  test.for(['/export/datasets/none-1.jsonl', '/datasets/none-1/export.jsonl'])(
    'is nowhere for a dataset that does not exist: %s',
    async (path, { app }) => {
      await using server = await openServer(app);
      const answer = await server.send(path);
      expect(answer.status).toBe(404);
      expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'NOT_FOUND' } });
    },
  );

  test('is the same at /datasets/{key}/export.jsonl', async ({ app }) => {
    const { key } = await makeDataset(app);
    await using server = await openServer(app);
    const query = 'format=tunix_sft&split=test';
    const own = await server.send(`/datasets/${key}/export.jsonl?${query}`);
    expect(own).toMatchObject({ status: 200, headers: { 'content-type': NDJSON } });
    expect(own.body).toBe((await server.send(`/export/datasets/${key}.jsonl?${query}`)).body);
  });

  test('leaves the other paths below /datasets/ to the pages', async ({ app }) => {
    const { key } = await makeDataset(app);
    await using server = await openServer(app);
    for (const rest of ['', '/', '/export', '/export.jsonl/x', '/manifest.json.txt', '/diff']) {
      const { headers } = await server.send(`/datasets/${key}${rest}`);
      expect(headers['content-security-policy'], rest).toContain('default-src');
    }
  });

  test('has no body for HEAD', async ({ app }) => {
    const { key } = await makeDataset(app);
    await using server = await openServer(app);
    const answer = await server.send(`/export/datasets/${key}.jsonl`, { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, body: '' });
  });

  test.for(['POST', 'PUT', 'DELETE'])('is not %s', async (method, { app }) => {
    await using server = await openServer(app);
    expect(await server.send('/export/datasets/x-1.jsonl', { method })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    });
  });
});

describe('GET /export/datasets/{key}.manifest.json', () => {
  test.for(['/export/datasets/KEY.manifest.json', '/datasets/KEY/manifest.json'])(
    'is the manifest, the same bytes each time: %s',
    async (form, { app }) => {
      const { key, contentHash } = await makeDataset(app);
      await using server = await openServer(app);
      const path = form.replace('KEY', key);
      const answer = await server.send(path);
      expect(answer).toMatchObject({
        status: 200,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'content-disposition': `attachment; filename=${key}.manifest.json`,
        },
      });
      expect(JSON.parse(answer.body)).toMatchObject({
        dataset_key: key,
        content_hash: contentHash,
      });
      expect((await server.send(path)).body).toBe(answer.body);
      expect(await server.send(path, { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
    },
  );

  test('is nowhere for a dataset that does not exist', async ({ app }) => {
    await using server = await openServer(app);
    expect((await server.send('/export/datasets/none-1.manifest.json')).status).toBe(404);
    expect((await server.send('/datasets/none-1/manifest.json')).status).toBe(404);
  });
});

describe('GET /export/ungar/high-card-duel.jsonl', () => {
  const path = '/export/ungar/high-card-duel.jsonl';

  test('has the newest first in the shape of a trace, up to the limit', async ({ app }) => {
    const { traceIds } = await generateUngarTraces(app, { count: 4, seed: 42 });
    await using server = await openServer(app);
    const answer = await server.send(`${path}?limit=3`);
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': NDJSON } });
    const records = linesOf(answer.body);
    expect(records.length).toBe(3);
    expect(records[0]).toMatchObject({
      final_answer: 'reveal',
      trace_steps: expect.any(Array),
      metadata: { source: 'ungar', game: 'high_card_duel', seed: 42 },
    });
    const wanted = [globalId('Trace', traceIds[1] ?? ''), traceIds[2]].join(',');
    const some = linesOf((await server.send(`${path}?traceIds=${wanted}`)).body);
    expect(new Set(some.map(({ id }) => id))).toEqual(new Set(traceIds.slice(1, 3)));
  });

  test.for(['limit=0', 'limit=-1', 'limit=', 'limit=x', 'limit=10001', 'traceIds=', 'traceIds=x'])(
    'refuses %s',
    async (query, { app }) => {
      await using server = await openServer(app);
      const answer = await server.send(`${path}?${query}`);
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'VALIDATION' } });
    },
  );
});

describe('GET /export/runs/{number}/log.txt', () => {
  test('has the bytes as they were written, across chunks', async ({ app }) => {
    const run = await makeRun(app, (await makeDataset(app)).id);
    const chunks = Array.from({ length: 70 }, (_, index) =>
      Buffer.concat([Buffer.from(`line ${index} é\0`), Buffer.of(0xff, 0xc3, 10)]),
    );
    await app.db.logChunk.createMany({
      data: chunks.map((data, index) => ({
        runId: run.id,
        firstSeq: index + 1,
        lastSeq: index + 1,
        attempt: 1,
        stream: 'STDOUT',
        data,
        bytes: data.length,
      })),
    });
    await using server = await openServer(app);
    const answer = await fetch(`${server.url}/export/runs/${run.number}/log.txt`);
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toContain(`run-${run.number}.log.txt`);
    const body = Buffer.from(await answer.arrayBuffer());
    expect(body.equals(Buffer.concat(chunks))).toBe(true);
  });

  describe('in part', () => {
    const store = async (app: App) => {
      const run = await makeRun(app, (await makeDataset(app)).id);
      const lines = [
        ['STDOUT', 1],
        ['STDERR', 1],
        ['STDOUT', 2],
        ['SYSTEM', 2],
      ] as const;
      await app.db.logChunk.createMany({
        data: lines.map(([stream, attempt], index) => {
          const data = Buffer.from(`${stream} ${attempt}\n`);
          const seq = index + 1;
          const size = { bytes: data.length };
          return { runId: run.id, firstSeq: seq, lastSeq: seq, attempt, stream, data, ...size };
        }),
      });
      return run.number;
    };

    test.for([
      ['?attempt=2', 'STDOUT 2\nSYSTEM 2\n', 'attempt-2'],
      ['?stream=stdout', 'STDOUT 1\nSTDOUT 2\n', 'stdout'],
      ['?attempt=1&stream=stderr', 'STDERR 1\n', 'attempt-1-stderr'],
      ['?attempt=9', '', 'attempt-9'],
    ] as const)('%s has those lines', async ([query, expected, name], { app }) => {
      const number = await store(app);
      await using server = await openServer(app);
      const answer = await server.send(`/export/runs/${number}/log.txt${query}`);
      expect(answer).toMatchObject({ status: 200, body: expected });
      const disposition = answer.headers['content-disposition'];
      expect(disposition).toContain(`run-${number}-${name}.log.txt`);
    });

    test.for([
      ['?attempt=0', 'attempt'],
      ['?attempt=', 'attempt'],
      ['?attempt=x', 'attempt'],
      ['?stream=both', 'stream'],
      ['?stream=', 'stream'],
    ] as const)('%s is refused', async ([query, field], { app }) => {
      const number = await store(app);
      await using server = await openServer(app);
      const answer = await server.send(`/export/runs/${number}/log.txt${query}`);
      expect(answer.status).toBe(400);
      const { error } = JSON.parse(answer.body);
      expect(error).toMatchObject({ code: 'VALIDATION', message: expect.stringContaining(field) });
    });
  });

  test('is empty before the first line', async ({ app }) => {
    const run = await makeRun(app, (await makeDataset(app)).id);
    await using server = await openServer(app);
    const answer = await server.send(`/export/runs/${run.number}/log.txt`);
    expect(answer).toMatchObject({ status: 200, body: '' });
  });

  test.for(['0', '999999999'])('is nowhere for run %s', async (number, { app }) => {
    await using server = await openServer(app);
    expect((await server.send(`/export/runs/${number}/log.txt`)).status).toBe(404);
  });
});
