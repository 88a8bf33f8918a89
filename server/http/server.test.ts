import { once } from 'node:events';
import { connect } from 'node:net';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import type { App } from '../app.ts';
import { openServer } from '../test/http.ts';
import { makeDataset, makePayload } from '../test/make.ts';
import { until } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';
import { openHttp } from './server.ts';

/** The app with a log to read. */
function withLog(app: App) {
  const lines: { level: number; msg: string; err?: { message: string } }[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      const line = JSON.parse(String(chunk));
      // The line that every request has is looked at elsewhere.
      if (line.msg !== 'request') lines.push(line);
      done();
    },
  });
  return { logged: { ...app, log: pino({ level: 'debug' }, stream) }, lines };
}

const broken = {
  query: () => Promise.reject(new Error('SELECT secret: password authentication failed')),
} as never;

describe('the server', () => {
  test('is alive and ready', async ({ app }) => {
    await using server = await openServer(app);
    expect(await server.send('/health')).toMatchObject({ status: 200, body: '{"status":"ok"}' });
    const ready = await server.send('/ready');
    expect(ready.status).toBe(200);
    expect(JSON.parse(ready.body)).toMatchObject({ status: 'ready' });
  });

  test('is alive but not ready without its database', async ({ app }) => {
    await using server = await openServer({ ...app, sql: broken });
    expect((await server.send('/health')).status).toBe(200);
    const ready = await server.send('/ready');
    expect(ready.status).toBe(503);
    expect(ready.body).not.toMatch(/secret|password/);
    expect(JSON.parse(ready.body)).toMatchObject({ status: 'not ready' });
  });

  test.for([
    '/export/datasets/no%20key.jsonl',
    '/export/datasets/%00.jsonl',
    '/export/',
    '/import/nothing',
    '/artifacts/',
  ])('has no page in the place of a file: %s', async (path, { app }) => {
    await using server = await openServer(app);
    const answer = await server.send(path);
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });

  test('tells nothing of what failed, but its log does', async ({ app }) => {
    const { logged, lines } = withLog(app);
    const db = { dataset: { findUnique: () => Promise.reject(new Error('SELECT secret')) } };
    await using server = await openServer({ ...logged, db: db as never });
    const answer = await server.send('/export/datasets/x-1.jsonl');
    expect(answer.status).toBe(500);
    const requestId = answer.headers['x-request-id'];
    expect(JSON.parse(answer.body)).toEqual({
      error: { code: 'INTERNAL', message: expect.stringMatching(/^Unexpected error/), requestId },
    });
    expect(lines).toMatchObject([{ level: 50, err: { message: 'SELECT secret' } }]);
  });

  test('breaks off an answer that fails in the middle', async ({ app }) => {
    const { logged, lines } = withLog(app);
    const { key } = await makeDataset(app);
    await using server = await openServer({ ...logged, sql: broken });
    await expect(server.send(`/export/datasets/${key}.jsonl`)).rejects.toThrow();
    expect(lines).toMatchObject([
      { level: 50, err: { message: expect.stringMatching(/^SELECT secret/) } },
    ]);
  });

  test('takes a client that leaves for no error', async ({ app }) => {
    const { logged, lines } = withLog(app);
    await using server = await openServer(logged);
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      'POST /import/traces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n' +
        'Content-Type: application/jsonl\r\n\r\n{',
    );
    await until(() => app.db.importSession.findFirst({ where: { status: 'RUNNING' } }));
    socket.destroy();
    await until(async () => lines.length > 0);
    expect(lines).toMatchObject([{ level: 20, msg: 'client left' }]);
  });

  test('takes one that leaves in the middle of an answer for no error', async ({ app }) => {
    const { logged, lines } = withLog(app);
    const { key } = await makeDataset(app);
    const row = { position: 0, id: 'x', createdAt: new Date(), payload: makePayload() };
    const endless = { query: async () => ({ rows: Array(500).fill(row) }) };
    await using server = await openServer({ ...logged, sql: endless as never });
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`GET /export/datasets/${key}.jsonl HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await once(socket, 'data');
    socket.destroy();
    await until(async () => lines.length > 0);
    expect(lines).toMatchObject([{ level: 20, msg: 'client left' }]);
  });

  test('does not start on a port that is taken', async ({ app }) => {
    await using server = await openServer(app);
    const config = { ...app.config, http: { ...app.config.http, port: server.port } };
    await expect(openHttp({ ...app, config })).rejects.toThrow('choose another with PORT');
  });
});
