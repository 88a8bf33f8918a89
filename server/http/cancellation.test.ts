import { connect } from 'node:net';
import { globalId } from '../../schema/ids.ts';
import type { App } from '../app.ts';
import { openServer } from '../test/http.ts';
import { makeDataset, makeRun } from '../test/make.ts';
import { until } from '../test/rig.ts';
import { expect, test } from '../test/test.ts';

test('nothing more is begun for a client that has left', async ({ app }) => {
  const dataset = await makeDataset(app);
  const runs = [
    await makeRun(app, dataset.id, { status: 'PENDING' }),
    await makeRun(app, dataset.id, { status: 'PENDING' }),
  ];
  const gate = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  // The server has seen it.
  const left = Promise.withResolvers<void>();
  // The first of two changes waits, before it begins, until the client is gone.
  const audit: App['audit'] = {
    ...app.audit,
    record: async (entry) => {
      reached.resolve();
      await gate.promise;
      return app.audit.record(entry);
    },
  };
  const cancel = (name: string, index: number) =>
    `${name}: cancelRun(input: { runId: "${globalId('Run', runs[index]?.id ?? '')}" }) { __typename }`;
  const api = { ...app.metrics.api, answered: () => left.resolve() };
  const metrics = { ...app.metrics, api };
  const body = JSON.stringify({ query: `mutation { ${cancel('a', 0)} ${cancel('b', 1)} }` });
  await using server = await openServer({ ...app, audit, metrics });
  const socket = connect(server.port, '127.0.0.1');
  socket.write(
    `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body}`,
  );
  await reached.promise;
  socket.destroy();
  await left.promise;
  gate.resolve();
  const statusOf = async (index: number) =>
    (await app.db.run.findUniqueOrThrow({ where: { id: runs[index]?.id ?? '' } })).status;
  await until(async () => (await statusOf(0)) !== 'PENDING');
  expect(await statusOf(1)).toBe('PENDING');
});
