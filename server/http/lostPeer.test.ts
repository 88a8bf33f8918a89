import { once } from 'node:events';
import { Writable } from 'node:stream';
import { GraphQLError } from 'graphql';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import { globalId } from '../../schema/ids.ts';
import { openLogWriter } from '../logs/writer.ts';
import { registerRunner } from '../runners/register.ts';
import { claimRun } from '../runs/lease.ts';
import { openServer } from '../test/http.ts';
import { queueRun } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';
import { isOfLostPeer } from './lostPeer.ts';
import type { SocketExtra } from './socketAccess.ts';

const QUERY = `subscription ($id: ID!) {
  runLogs(runId: $id) { __typename ... on LogBatch { text } } }`;

describe('a peer that goes away while a log is sent to it', () => {
  test('is no error of the server', async ({ app }) => {
    const { id } = await queueRun(app);
    const lease = await claimRun(app, id, await registerRunner(app), 60);
    if (!lease) throw new Error('nobody else claims it');
    const log = openLogWriter(app, lease, new AbortController().signal);
    const part = Buffer.from(`${'x'.repeat(99)}\n`.repeat(5_000));
    for (let parts = 0; parts < 40; parts++) await log.write('STDOUT', part);
    await log.close();

    const said: string[] = [];
    const stream = new Writable({
      write(chunk, _encoding, done) {
        said.push(JSON.parse(String(chunk)).msg);
        done();
      },
    });
    const server = await openServer({ ...app, log: pino(stream) });
    const peers = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const url = `${server.url.replace('http', 'ws')}/graphql`;
        const socket = new WebSocket(url, 'graphql-transport-ws');
        await once(socket, 'open');
        socket.send(JSON.stringify({ type: 'connection_init' }));
        await once(socket, 'message');
        const payload = { query: QUERY, variables: { id: globalId('Run', id) } };
        socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload }));
        await once(socket, 'message');
        socket.pause();
        return socket;
      }),
    );
    // By the time of another answer as much is under way as fits, and the rest waits to be written.
    await server.send('/health');
    for (const socket of peers) socket.terminate();
    await server[Symbol.asyncDispose]();
    expect(said).not.toContain('graphql error');
  });
});

describe('isOfLostPeer', () => {
  const { OPEN, CLOSING } = WebSocket;
  const of = (code: string | undefined) =>
    new GraphQLError('No.', { originalError: Object.assign(new Error('No.'), { code }) });

  test.for([
    ['a write to who has gone', CLOSING, [of('EPIPE')], true],
    ['what waited to be written', CLOSING, [of('ECANCELED')], true],
    ['a stream that was destroyed', CLOSING, [of('ERR_STREAM_DESTROYED')], true],
    ['a database that has gone, to who is there', OPEN, [of('EPIPE')], false],
    ['a fault of ours, to who has gone', CLOSING, [of(undefined)], false],
    ['one of each', CLOSING, [of('EPIPE'), new GraphQLError('No.')], false],
  ] as const)('knows %s', async ([, readyState, errors, expected]) => {
    const extra = { socket: { OPEN, readyState } } as unknown as SocketExtra;
    expect(await isOfLostPeer(extra, errors)).toBe(expected);
  });
});
