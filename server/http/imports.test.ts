import { connect } from 'node:net';
import { decodeGlobalId } from '../../schema/ids.ts';
import { openServer } from '../test/http.ts';
import { makePayload } from '../test/make.ts';
import { until } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';

const NDJSON = { 'content-type': 'application/x-ndjson' };
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
});
