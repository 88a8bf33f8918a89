import type { App } from '../app.ts';
import { openServer } from '../test/http.ts';
import { makeDataset, makeRun } from '../test/make.ts';
import { expect, test } from '../test/test.ts';
import { openStreams } from './streams.ts';

/** The app, whose database does not answer who reads a run, so often. */
function withOutage(app: App, times: number): App {
  let left = times;
  const away = () => Promise.reject(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }));
  const run = new Proxy(app.db.run, {
    get: (real, name) =>
      name === 'findUniqueOrThrow' && left-- > 0 ? away : Reflect.get(real, name),
  });
  const db = new Proxy(app.db, {
    get: (real, name) => (name === 'run' ? run : Reflect.get(real, name)),
  });
  return { ...app, db };
}

test('a stream goes on after the database of the server was away', async ({ app }) => {
  const { number } = await makeRun(app, (await makeDataset(app)).id, { status: 'PENDING' });
  await using server = await openServer(withOutage(app, 2));
  const lost: string[] = [];
  await using streams = openStreams(
    { url: new URL(server.url), key: null },
    {
      signal: new AbortController().signal,
      waitSeconds: 60,
      onLost: (reason) => lost.push(reason),
    },
  );
  const source = { variables: () => ({}), isOver: () => false };
  const query = 'subscription { runsChanged { run { number } } }';
  for await (const message of streams.follow(query, source)) {
    expect(message).toEqual({ runsChanged: { run: { number } } });
    break;
  }
  expect(lost).toEqual(Array(2).fill(expect.stringContaining('The database does not answer.')));
});
