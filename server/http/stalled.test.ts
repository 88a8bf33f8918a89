import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { globalId } from '../../schema/ids.ts';
import { openLogWriter } from '../logs/writer.ts';
import { registerRunner } from '../runners/register.ts';
import { claimRun } from '../runs/lease.ts';
import { openServer } from '../test/http.ts';
import { queueRun, until } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';
import { endStalled } from './stalled.ts';

/** Sends more than fits between two processes. */
const fill = (socket: WebSocket) => {
  for (let sent = 0; sent < 32; sent++) socket.send(Buffer.alloc(1024 * 1024));
};

describe('a socket whose peer reads nothing', () => {
  test('is ended, and the others are not', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const sockets = new WebSocketServer({ server });
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const reads = new WebSocket(url);
    const readsNot = new WebSocket(url);
    await Promise.all([once(reads, 'open'), once(readsNot, 'open')]);
    readsNot.pause();
    const closed = new Set<WebSocket>();
    for (const socket of sockets.clients) {
      socket.on('close', () => closed.add(socket));
      fill(socket);
    }
    const watch = endStalled(sockets.clients, 500);
    await until(async () => closed.size > 0);
    expect(closed.size).toBe(1);
    expect(reads.readyState).toBe(WebSocket.OPEN);
    clearInterval(watch);
    readsNot.terminate();
    reads.close();
    await once(reads, 'close');
    sockets.close();
    server.close();
  });

  test('takes little memory and no time from who reads, over 200 000 lines', async ({ app }) => {
    const { id } = await queueRun(app);
    const lease = await claimRun(app, id, await registerRunner(app), 60);
    if (!lease) throw new Error('not claimed');
    await using server = await openServer(app);
    const query = `subscription ($id: ID!) { runLogs(runId: $id) {
      __typename ... on LogBatch { lastSeq text } ... on StreamCompleted { lastSeq } } }`;
    const follow = async () => {
      const socket = new WebSocket(
        `${server.url.replace('http', 'ws')}/graphql`,
        'graphql-transport-ws',
      );
      await once(socket, 'open');
      socket.send(JSON.stringify({ type: 'connection_init' }));
      await once(socket, 'message');
      const payload = { query, variables: { id: globalId('Run', id) } };
      socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload }));
      return socket;
    };
    const idle = await Promise.all(Array.from({ length: 20 }, follow));
    for (const socket of idle) socket.pause();
    const reader = await follow();
    let last = '';
    let completed = false;
    reader.on('message', (data) => {
      const message = JSON.parse(String(data));
      last = message.payload?.data?.runLogs?.lastSeq ?? last;
      completed ||= message.type === 'complete';
    });
    const before = process.memoryUsage().rss;
    let most = 0;
    const log = openLogWriter(app, lease, new AbortController().signal);
    const part = Buffer.from(`${'x'.repeat(99)}\n`.repeat(500));
    for (let i = 0; i < 400; i++) {
      await log.write('STDOUT', part);
      most = Math.max(most, process.memoryUsage().rss - before);
    }
    await log.close();
    await app.db.run.update({
      where: { id },
      data: { status: 'COMPLETED', finishedAt: new Date() },
    });
    app.bell.ring(`run:${id}`);
    await until(async () => completed);
    expect(last).toBe('200000');
    // What the log itself takes on its way, and a message or two for each of the twenty.
    expect(most).toBeLessThan(200 * 1024 * 1024);
    for (const socket of [...idle, reader]) socket.terminate();
    await until(async () => app.bell.listeners === 0);
  });
});
