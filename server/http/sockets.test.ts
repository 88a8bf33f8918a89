import { vi } from 'vitest';
import { globalId } from '../../schema/ids.ts';
import { openServer } from '../test/http.ts';
import { makeDataset, makeRun } from '../test/make.ts';
import { until } from '../test/rig.ts';
import { connect, connectAndInit } from '../test/socket.ts';
import { describe, expect, test } from '../test/test.ts';

const CHANGES = 'subscription { runsChanged { run { number } } }';

describe('a socket', () => {
  test('is closed when it says nothing for three seconds', async ({ app }) => {
    await using server = await openServer(app);
    expect(await (await connect(server.url)).closed).toBe(4408);
  });

  test.for([
    ['another init', { type: 'connection_init' }, 4429],
    ['a message nobody knows', { type: 'nonsense' }, 4400],
    ['what is no JSON', '{', 4400],
  ] as const)('is closed by %s', async ([, message, code], { app }) => {
    await using server = await openServer(app);
    const socket = await connectAndInit(server.url);
    socket.send(message);
    expect(await socket.closed).toBe(code);
  });

  test('is closed by a subscription before the init', async ({ app }) => {
    await using server = await openServer(app);
    const socket = await connect(server.url);
    socket.send({ type: 'subscribe', id: '1', payload: { query: CHANGES } });
    expect(await socket.closed).toBe(4401);
  });

  test('is closed by a second operation of the same id', async ({ app }) => {
    await using server = await openServer(app);
    const socket = await connectAndInit(server.url);
    for (let i = 0; i < 2; i++) {
      socket.send({ type: 'subscribe', id: '1', payload: { query: CHANGES } });
    }
    expect(await socket.closed).toBe(4409);
  });

  test('is closed by a message of more than a megabyte', async ({ app }) => {
    await using server = await openServer(app);
    const socket = await connectAndInit(server.url);
    vi.spyOn(console, 'error').mockImplementation(() => {}); // graphql-ws says it there
    const query = `${CHANGES} #${'x'.repeat(1024 * 1024)}`;
    socket.send({ type: 'subscribe', id: '1', payload: { query } });
    expect(await socket.closed).toBe(1009);
  });

  test('is closed in order when the server stops', async ({ app }) => {
    const server = await openServer(app);
    const socket = await connectAndInit(server.url);
    await server[Symbol.asyncDispose]();
    expect(await socket.closed).toBe(1001);
  });

  test('answers a ping', async ({ app }) => {
    await using server = await openServer(app);
    const socket = await connectAndInit(server.url);
    socket.send({ type: 'ping' });
    await socket.next('pong');
    socket.close();
    await socket.closed;
  });
});

describe('an operation on a socket', () => {
  test.for([
    ['{', /^Syntax Error/, 'GRAPHQL_PARSE_FAILED'],
    ['subscription { nope }', /^Cannot query field "nope"/, 'GRAPHQL_VALIDATION_FAILED'],
  ] as const)(
    'that is wrong, as %j, leaves the others alone',
    async ([query, message, code], { app }) => {
      await using server = await openServer(app);
      const socket = await connectAndInit(server.url);
      socket.send({ type: 'subscribe', id: 'bad', payload: { query } });
      expect(await socket.next('error', 'bad')).toMatchObject({
        payload: [{ message: expect.stringMatching(message), extensions: { code } }],
      });
      socket.send({ type: 'subscribe', id: 'good', payload: { query: '{ health { version } }' } });
      expect(await socket.next('next', 'good')).toMatchObject({
        payload: { data: { health: {} } },
      });
      await socket.next('complete', 'good');
      socket.close();
      await socket.closed;
    },
  );

  test('follows a run from a cursor to its end', async ({ app }) => {
    const run = await makeRun(app, (await makeDataset(app)).id, { lastLogSeq: 2n });
    const data = Buffer.from('one\ntwo\n');
    await app.db.logChunk.create({
      data: {
        runId: run.id,
        firstSeq: 1n,
        lastSeq: 2n,
        attempt: 1,
        stream: 'STDOUT',
        data,
        bytes: data.length,
      },
    });
    await using server = await openServer(app);
    const socket = await connectAndInit(server.url);
    const query = `subscription ($id: ID!, $after: BigInt) {
      runLogs(runId: $id, after: $after) {
        __typename ... on LogBatch { firstSeq text } ... on StreamCompleted { lastSeq }
      }
    }`;
    const variables = { id: globalId('Run', run.id), after: '1' };
    socket.send({ type: 'subscribe', id: 'log', payload: { query, variables } });
    await socket.next('complete', 'log');
    const events = socket.received.filter(({ type }) => type === 'next');
    expect(
      events.map(({ payload }) => (payload as { data: { runLogs: object } }).data.runLogs),
    ).toEqual([
      { __typename: 'StreamPhase' },
      { __typename: 'LogBatch', firstSeq: '2', text: 'two\n' },
      { __typename: 'StreamCompleted', lastSeq: '2' },
    ]);
    socket.close();
    await socket.closed;
  });

  test.for(['complete', 'close'] as const)('stops to listen on %s', async (way, { app }) => {
    await using server = await openServer(app);
    const socket = await connectAndInit(server.url);
    socket.send({ type: 'subscribe', id: '1', payload: { query: CHANGES } });
    await until(async () => app.bell.listeners > 0);
    if (way === 'complete') socket.send({ type: 'complete', id: '1' });
    else socket.close();
    await until(async () => app.bell.listeners === 0);
    socket.close();
    await socket.closed;
  });
});
