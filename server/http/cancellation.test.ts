import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import type { App } from '../app.ts';
import { openServer } from '../test/http.ts';
import { makePayload } from '../test/make.ts';
import { expect, test } from '../test/test.ts';

test('nothing more is begun for a client that has left', async ({ app }) => {
  const reached = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  const begun: unknown[] = [];
  // The first of two changes waits until the server has seen that the client is gone.
  const traceWriter: App['traceWriter'] = async ({ id }) => {
    begun.push(id);
    reached.resolve();
    await gate.promise;
    return { id, created: true };
  };
  const watched: App = {
    ...app,
    traceWriter,
    audit: { ...app.audit, record: async () => {} },
    metrics: { ...app.metrics, api: { ...app.metrics.api, answered: () => left.resolve() } },
  };
  const create = 'createTrace(input: { trace: $trace }) { __typename }';
  const query = `mutation ($trace: TraceInput!) { a: ${create} b: ${create} }`;
  const body = JSON.stringify({ query, variables: { trace: makePayload() } });
  await using server = await openServer(watched);
  const socket = connect(server.port, '127.0.0.1');
  socket.write(
    `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  await reached.promise;
  socket.destroy();
  await left.promise;
  gate.resolve();
  // The second would begin as soon as the first is done.
  for (let turns = 0; turns < 10; turns++) await turn();
  expect(begun.length).toBe(1);
});
