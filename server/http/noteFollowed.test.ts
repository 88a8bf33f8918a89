/** What is known of notebooks: that one of them has followed a run. */
import { randomUUIDv7 } from 'node:crypto';
import { globalId } from '../../schema/ids.ts';
import { LOCAL } from '../access/actor.ts';
import type { App } from '../app.ts';
import { recordFollowed } from '../audit/followed.ts';
import { openServer, type TestServer } from '../test/http.ts';
import { until } from '../test/rig.ts';
import { connect } from '../test/socket.ts';
import { expect, test } from '../test/test.ts';

const FOLLOW = `subscription ($runId: ID!) {
  runEvents(runId: $runId, after: "0", metricsAfter: "0") { __typename }
}`;
const runId = globalId('Run', randomUUIDv7());

async function subscribe(server: TestServer, client: string, query: string) {
  const socket = await connect(server.url);
  socket.send({ type: 'connection_init', payload: { client } });
  await socket.next('connection_ack');
  const variables = query.includes('$runId') ? { runId } : {};
  socket.send({ type: 'subscribe', id: '1', payload: { query, variables } });
  await until(async () => socket.received.find(({ id }) => id === '1'));
  socket.close();
  await socket.closed;
}

const notes = (app: App) => app.db.auditEntry.findMany({ where: { action: 'followRun' } });

test('the first run that is followed from a notebook is recorded, and Home knows it', async ({
  app,
}) => {
  await using server = await openServer(app);
  const isKnown = async () => {
    const { data } = await server.ask('{ overview { followedFromNotebook } }');
    return (data as { overview: { followedFromNotebook: boolean } }).overview.followedFromNotebook;
  };
  await subscribe(server, 'tunix-rt-ui', FOLLOW);
  await subscribe(server, 'tunix-rt-client', 'subscription { loopChanged { runCount } }');
  expect(await isKnown()).toBe(false);
  await subscribe(server, 'tunix-rt-client', FOLLOW);
  await until(isKnown);
  await subscribe(server, 'tunix-rt-client', FOLLOW);
  // As another process would, which has not noticed it yet.
  const call = { requestId: 'another', address: null, client: 'tunix-rt-client' };
  await recordFollowed(app, { actor: LOCAL, call, target: null });
  expect(await notes(app)).toEqual([
    expect.objectContaining({
      actorKind: 'LOCAL',
      target: runId,
      outcome: 'OK',
      client: 'tunix-rt-client',
    }),
  ]);
});
