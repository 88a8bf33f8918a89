/** How a server knows which program asks: over HTTP and on sockets, in its numbers and its audit log. */
import { randomUUIDv7 } from 'node:crypto';
import { globalId } from '../../schema/ids.ts';
import { openStreams } from '../cli/streams.ts';
import { openClient } from '../demo/client.ts';
import { openServer, type TestServer } from '../test/http.ts';
import { makePayload } from '../test/make.ts';
import { parseScrape } from '../test/prometheus.ts';
import { collect } from '../test/rig.ts';
import { connect } from '../test/socket.ts';
import { describe, expect, test } from '../test/test.ts';

const CREATE = `mutation OnSocket($input: CreateTraceInput!) {
  createTrace(input: $input) { __typename } }`;

/** Says `payload` in the first message of a socket, then stores a trace there. */
async function createOnSocket(server: TestServer, payload: object | undefined, headers = {}) {
  const socket = await connect(server.url, 'graphql-transport-ws', headers);
  socket.send({ type: 'connection_init', payload });
  await socket.next('connection_ack');
  const variables = { input: { trace: makePayload() } };
  socket.send({ type: 'subscribe', id: '1', payload: { query: CREATE, variables } });
  await socket.next('complete', '1');
  socket.close();
  await socket.closed;
}

async function count(server: TestServer, operation: string, client: string) {
  const seen = parseScrape((await server.send('/metrics')).body);
  return seen.sum('tunix_graphql_operations_total', { operation, client }) || 0;
}

describe('a program on a socket', () => {
  test.for([
    ['its first message', { client: 'page' }, {}, 'page'],
    [
      'its first message before the header of the upgrade',
      { client: 'notebook' },
      { 'x-graphql-client-name': 'proxy' },
      'notebook',
    ],
    ['that header alone', undefined, { 'x-graphql-client-name': 'script' }, 'script'],
    ['nothing, when it says what is no name', { client: ['no', 'name'] }, {}, null],
    [
      'the first characters of its name, without those that cannot be read',
      { client: `\u0000a\nb\u202e${'c'.repeat(200)}` },
      {},
      `ab${'c'.repeat(98)}`,
    ],
  ] as const)('is known by %s', async ([, payload, headers, client], { app }) => {
    await using server = await openServer(app);
    const before = await count(server, 'OnSocket', client ?? 'unknown');
    await createOnSocket(server, payload, headers);
    expect(await count(server, 'OnSocket', client ?? 'unknown')).toBe(before + 1);
    const entry = await app.db.auditEntry.findFirst({ orderBy: [{ at: 'desc' }, { id: 'desc' }] });
    expect(entry).toMatchObject({ action: 'createTrace', client });
  });
});

test('the command line and the demo say who they are', async ({ app }) => {
  await using server = await openServer(app);
  const demo = openClient(server.url);
  const line = openStreams(
    { url: new URL(server.url), key: null },
    { signal: new AbortController().signal, waitSeconds: 10, onLost: () => {} },
  );
  const runId = globalId('Run', randomUUIDv7());
  const query = 'subscription Gone($runId: ID!) { runLogs(runId: $runId) { __typename } }';
  try {
    await demo.request('query Asked { __typename }');
    await collect(demo.follow(query, { runId }));
    await collect(line.follow(query, { variables: () => ({ runId }), isOver: () => true }));
  } finally {
    await demo.close();
    await line[Symbol.asyncDispose]();
  }
  expect(await count(server, 'Asked', 'tunix-rt-demo')).toBe(1);
  expect(await count(server, 'Gone', 'tunix-rt-demo')).toBe(1);
  expect(await count(server, 'Gone', 'tunix-rt')).toBe(1);
});
