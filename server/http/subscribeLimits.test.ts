/** What is too much to follow is refused when it is asked for, not with its first event. */
import { openServer } from '../test/http.ts';
import { connectAndInit } from '../test/socket.ts';
import { describe, expect, test } from '../test/test.ts';

/** A subscription whose every event would be more than one may ask for: rows of rows of rows. */
const TOO_COMPLEX = `subscription { runsChanged { run { dataset {
  runs(first: 100) { edges { node { dataset { runs(first: 100) { edges { node { id } } } } } } } } } } }`;

const refused = {
  errors: [
    {
      message: expect.stringContaining('The complexity of this operation is'),
      extensions: { code: 'TOO_COMPLEX' },
    },
  ],
};

describe('a subscription that is too complex', () => {
  test('is refused at once over a socket, which stays open', async ({ app }) => {
    await using server = await openServer(app);
    const socket = await connectAndInit(server.url);
    socket.send({ type: 'subscribe', id: '1', payload: { query: TOO_COMPLEX } });
    expect((await socket.next('next', '1')).payload).toMatchObject(refused);
    await socket.next('complete', '1');
    expect(app.bell.listeners).toBe(0);
    socket.send({ type: 'subscribe', id: '2', payload: { query: '{ health { version } }' } });
    await socket.next('complete', '2');
    socket.close();
    await socket.closed;
  });

  test('is refused at once as an event stream', async ({ app }) => {
    await using server = await openServer(app);
    const { body } = await server.send('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: TOO_COMPLEX }),
    });
    const [event] = [...body.matchAll(/^data: ?(\{.*\})$/gm)].map(([, data]) =>
      JSON.parse(data ?? ''),
    );
    expect(event).toMatchObject(refused);
    expect(app.bell.listeners).toBe(0);
  });
});
