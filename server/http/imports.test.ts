import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { decodeGlobalId } from '../../schema/ids.ts';
import { openServer } from '../test/http.ts';
import { makePayload } from '../test/make.ts';
import { until } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';

const NDJSON = { 'content-type': 'application/x-ndjson' };
const JSON_TYPE = { 'content-type': 'application/json' };
const lineOf = () => `${JSON.stringify(makePayload())}\n`;

describe('POST /import/traces', () => {
  test.for(['application/x-ndjson', 'application/jsonl; charset=utf-8', 'Application/X-NDJSON'])(
    'stores lines sent as %s',
    async (type, { app }) => {
      await using server = await openServer(app);
      const answer = await server.send('/import/traces?name=f.jsonl&source=s&tag=a&tag=b', {
        method: 'POST',
        headers: { 'content-type': type },
        body: `${lineOf()}no JSON\n${lineOf()}`,
      });
      expect(answer.status).toBe(200);
      const report = JSON.parse(answer.body);
      expect(report).toMatchObject({
        status: 'COMPLETED',
        lines: 3,
        stored: 2,
        duplicates: 0,
        rejected: 1,
        report: [{ line: 2, code: 'BAD_JSON' }],
      });
      const { typename, id } = decodeGlobalId(report.importId);
      expect(typename).toBe('ImportSession');
      expect(await app.db.importSession.findUnique({ where: { id } })).toMatchObject({
        name: 'f.jsonl',
      });
      expect(await app.db.trace.findMany({ where: { importSessionId: id } })).toMatchObject([
        { source: 's', tags: ['a', 'b'] },
        { source: 's', tags: ['a', 'b'] },
      ]);
    },
  );

  test('takes a stream whose length nobody knows', async ({ app }) => {
    await using server = await openServer(app);
    const answer = await server.send('/import/traces', {
      method: 'POST',
      headers: { ...NDJSON, 'transfer-encoding': 'chunked' },
      body: lineOf(),
    });
    expect(JSON.parse(answer.body)).toMatchObject({ stored: 1 });
  });

  test('refuses an option that nobody knows, lest a slip of the pen imports too much', async ({
    app,
  }) => {
    await using server = await openServer(app);
    const request = { method: 'POST', headers: NDJSON, body: lineOf() };
    const answer = await server.send('/import/traces?maxErors=0', request);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body).error.issues).toMatchObject([
      { path: ['maxErors'], code: 'UNKNOWN_FIELD' },
    ]);
  });

  test('takes any name', async ({ app }) => {
    await using server = await openServer(app);
    const path = `/import/traces?name=%00%F0%9F%98%80%ff${'n'.repeat(300)}`;
    const answer = await server.send(path, { method: 'POST', headers: NDJSON, body: lineOf() });
    expect(answer.status).toBe(200);
  });

  test.for([
    {},
    { 'content-type': 'text/plain' },
    { 'content-type': 'multipart/form-data; boundary=x' },
    { ...NDJSON, 'content-encoding': 'br' },
  ])('refuses %j', async (headers, { app }) => {
    await using server = await openServer(app);
    const before = await app.db.importSession.count();
    const body = lineOf();
    const answer = await server.send('/import/traces', { method: 'POST', headers, body });
    expect(answer.status).toBe(415);
    expect(await app.db.importSession.count()).toBe(before);
  });

  test.for(['tag=no%20spaces', 'source=', `source=${'s'.repeat(129)}`, 'tag=a&tag='])(
    'refuses the labels %s',
    async (query, { app }) => {
      await using server = await openServer(app);
      const options = { method: 'POST', headers: NDJSON, body: lineOf() };
      const answer = await server.send(`/import/traces?${query}`, options);
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.body)).toMatchObject({
        error: {
          code: 'VALIDATION',
          issues: [{ path: expect.any(Array), message: expect.any(String) }],
        },
      });
    },
  );

  test.for(['GET', 'PUT', 'DELETE'])('is not %s', async (method, { app }) => {
    await using server = await openServer(app);
    expect(await server.send('/import/traces', { method })).toMatchObject({
      status: 405,
      headers: { allow: 'POST' },
    });
  });

  test('keeps the whole lines of a connection that breaks, and goes on from there', async ({
    app,
  }) => {
    await using server = await openServer(app);
    const socket = connect(server.port, '127.0.0.1');
    const lines = [lineOf(), lineOf(), lineOf()];
    socket.write(
      'POST /import/traces?key=broken HTTP/1.1\r\nHost: localhost\r\n' +
        'Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n' +
        `${(lines[0] ?? '').length.toString(16)}\r\n${lines[0]}\r\n5\r\n{"pro`,
    );
    const where = { key: 'broken' };
    await until(() => app.db.importSession.findUnique({ where }));
    socket.destroy();
    const lost = await until(() =>
      app.db.importSession.findUnique({ where: { key: 'broken', status: 'INTERRUPTED' } }),
    );
    expect(lost).toMatchObject({ finishedAt: null, error: 'The connection was lost.' });
    const offset = Number(lost.bytes);
    const rest = Buffer.from(lines.join('')).subarray(offset);
    const answer = await server.send(`/import/traces?key=broken&offset=${offset}`, {
      method: 'POST',
      headers: NDJSON,
      body: rest,
    });
    expect(JSON.parse(answer.body)).toMatchObject({ status: 'COMPLETED', lines: 3, stored: 3 });
  });

  const bomb = gzipSync(Buffer.alloc(32 * 1024 * 1024, ' '));
  const GZIP = { ...NDJSON, 'content-encoding': 'gzip' };

  test.for([
    ['binary garbage', NDJSON, randomBytes(200_000), [200, 422]],
    ['a line of 10 MB', NDJSON, Buffer.alloc(10_000_000, 'x'), [200]],
    ['a million brackets', NDJSON, Buffer.alloc(1_000_000, '['), [200, 422]],
    ['a million empty lines', NDJSON, Buffer.alloc(1_000_000, '\n'), [200]],
    ['a million NUL', NDJSON, Buffer.alloc(1_000_000), [200]],
    ['a million quotes', NDJSON, Buffer.alloc(1_000_000, '"'), [200]],
    ['a million backslashes', NDJSON, Buffer.from(`"${'\\'.repeat(900_000)}`), [200]],
    ['UTF-16', NDJSON, Buffer.from('\ufeff{"a":1}', 'utf16le'), [422]],
    ['Latin-1', NDJSON, Buffer.from('{"prompt": "caf\u00e9"}', 'latin1'), [200]],
    ['an open array', JSON_TYPE, Buffer.from('[{"a":'), [422]],
    ['no array', JSON_TYPE, Buffer.from('{}'), [200]],
    ['a gzip bomb', GZIP, bomb, [422]],
    ['half a gzip', GZIP, gzipSync(lineOf().repeat(50)).subarray(0, 100), [422]],
    ['no gzip', GZIP, Buffer.from(lineOf()), [422]],
    ['nothing', NDJSON, Buffer.alloc(0), [200]],
    ['nothing in gzip', GZIP, Buffer.alloc(0), [200, 422]],
  ] as const)(
    'answers %s without a fault of its own',
    async ([, headers, body, statuses], { app }) => {
      await using server = await openServer(app);
      const answer = await server.send('/import/traces', {
        method: 'POST',
        headers: { ...headers, 'transfer-encoding': 'chunked' },
        body,
      });
      expect(statuses).toContain(answer.status);
      const result = JSON.parse(answer.body);
      expect(result.stored).toBe(0);
      if (answer.status === 200) expect(result.rejected).toBe(result.lines);
      else expect(result.error.code).toMatch(/^[A-Z_]+$/);
      for (const { excerpt } of result.report) expect(excerpt).not.toMatch(/\p{Cc}/u);
    },
  );

  test.for([
    'offset=-1',
    'offset=x',
    'offset=99999999999999999999',
    `key=${'k'.repeat(129)}`,
    'key=',
    'key=%00',
    'format=xml',
    'mapping=nonsense',
    'mapping={"prompt":1}',
    'maxErrors=-1',
    'size=1.5',
  ])('refuses %s as a bad option', async (query, { app }) => {
    await using server = await openServer(app);
    const path = `/import/traces?${query.replaceAll('"', '%22')}`;
    const answer = await server.send(path, { method: 'POST', headers: NDJSON, body: lineOf() });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body).error).toMatchObject({ code: 'VALIDATION' });
  });

  test('holds little of a file however long it is', async ({ app }) => {
    await using server = await openServer(app);
    const known = lineOf();
    await server.send('/import/traces', { method: 'POST', headers: NDJSON, body: known });
    const chunk = Buffer.from(known.repeat(Math.ceil(100_000 / known.length)));
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const body = Readable.from(
      (function* () {
        for (let sent = 0; sent < 20_000_000; sent += chunk.length) {
          most = Math.max(most, process.memoryUsage().arrayBuffers);
          yield chunk;
        }
      })(),
    );
    const answer = await fetch(`${server.url}/import/traces`, {
      method: 'POST',
      headers: NDJSON,
      body: Readable.toWeb(body),
      duplex: 'half',
    } as RequestInit);
    expect(await answer.json()).toMatchObject({ status: 'COMPLETED', stored: 0, rejected: 0 });
    expect(most - before).toBeLessThan(40_000_000);
  });

  test.for([
    ['OFFSET_AHEAD', 'offset=5', { bytes: 0 }],
    ['KEY_CONFLICT', 'tag=other', {}],
  ] as const)('answers 409 with %s', async ([code, query, facts], { app }) => {
    await using server = await openServer(app);
    const key = `conflict-${code}`;
    const options = { method: 'POST', headers: NDJSON, body: lineOf() };
    if (code === 'KEY_CONFLICT') await server.send(`/import/traces?key=${key}`, options);
    const answer = await server.send(`/import/traces?key=${key}&${query}`, options);
    expect(answer.status).toBe(409);
    expect(JSON.parse(answer.body).error).toMatchObject({ code, ...facts });
  });
});
