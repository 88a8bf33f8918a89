import { randomUUIDv7 } from 'node:crypto';
import type { App } from '../server/app.ts';
import { openServer, type TestServer } from '../server/test/http.ts';
import { makeDataset, makeRun } from '../server/test/make.ts';
import { queueRun, withStandIn } from '../server/test/rig.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { globalId } from './ids.ts';

let app: App;
let server: TestServer;

test.beforeAll(async ({ app: base }) => {
  app = await withStandIn(base);
  server = await openServer(app);
  return () => server[Symbol.asyncDispose]();
});

const ACTIONS = ['Retry', 'Resume', 'Clone', 'Archive'] as const;

const input = { Archive: ', archived: true' } as Partial<Record<string, string>>;

/** What the mutation answers: its payload, or an error with the state of the run. */
const act = async (action: string, id: string) => {
  const name = `${action.toLowerCase()}Run`;
  const { data } = await server.ask(
    `mutation ($id: ID!) { it: ${name}(input: { runId: $id${input[action] ?? ''} }) {
      __typename ... on ${action}RunPayload { run { id } } ... on Error { message code } } }`,
    { id },
  );
  return (data as { it: { __typename: string; message?: string; code?: string } }).it;
};

const CAN = `query ($id: ID!) { run(id: $id) {
  ${ACTIONS.map((action) => `${action}: viewerCan${action}`).join(' ')} } }`;

const can = async (id: string) => {
  const { data } = await server.ask(CAN, { id });
  return (data as { run: Record<(typeof ACTIONS)[number], boolean> }).run;
};

/** A run that was queued, in another state, with a stored checkpoint. */
async function runIn(data: object, checkpoint = true) {
  const { id } = await queueRun(app);
  await app.db.run.update({ where: { id }, data: { epoch: 1, ...data } });
  const sha256 = 'a'.repeat(64);
  const path = 'checkpoints/4/x';
  const row = { id: randomUUIDv7(), runId: id, attempt: 1, step: 4, size: 1, sha256, path };
  if (checkpoint) await app.db.artifact.create({ data: { ...row, kind: 'CHECKPOINT' } });
  return globalId('Run', id);
}

const finishedAt = new Date();

const STATES: [string, object, string][] = [
  ['that waits', {}, 'Clone'],
  ['at work', { status: 'RUNNING' }, 'Clone'],
  ['that is completed', { status: 'COMPLETED', finishedAt }, 'Clone Archive'],
  ['that failed', { status: 'FAILED', finishedAt }, 'Retry Resume Clone Archive'],
  ['that timed out', { status: 'TIMEOUT', finishedAt }, 'Retry Resume Clone Archive'],
  ['that was cancelled', { status: 'CANCELLED', finishedAt }, 'Retry Resume Clone Archive'],
  ['dry, that failed', { mode: 'DRY_RUN', status: 'FAILED', finishedAt }, 'Retry Clone Archive'],
  ['from elsewhere', { mode: 'EXTERNAL', status: 'COMPLETED', finishedAt }, 'Archive'],
];

describe('button and mutation agree', () => {
  test.for(STATES)('on a run %s', async ([, state, possible]) => {
    const id = await runIn(state);
    const shown = await can(id);
    expect(ACTIONS.filter((action) => shown[action]).join(' ')).toBe(possible);
    for (const action of ACTIONS) {
      const { __typename } = await act(action, id);
      expect(`${action}: ${__typename === `${action}RunPayload`}`).toBe(
        `${action}: ${shown[action]}`,
      );
    }
  });

  test('on a run without a checkpoint, which cannot be resumed', async () => {
    const id = await runIn({ status: 'FAILED', finishedAt }, false);
    expect(await can(id)).toMatchObject({ Retry: true, Resume: false });
    expect(await act('Resume', id)).toMatchObject({ code: 'INVALID_STATE' });
  });
});

test.for(ACTIONS)('%s of a run there is not is a typed error', async (action) => {
  for (const id of [globalId('Run', randomUUIDv7()), globalId('Dataset', randomUUIDv7())]) {
    expect(await act(action, id)).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND' });
  }
});

const FAMILY = `query ($id: ID!) { run(id: $id) { archivedAt
  children { parentKind resumeStep parent { id } configDifferences { path values } } } }`;

test('a run knows its children, newest first, and each how it differs', async () => {
  const id = await runIn({ status: 'FAILED', finishedAt });
  await act('Retry', id);
  await act('Resume', id);
  const clone = await server.ask(
    `mutation ($id: ID!) { cloneRun(input: { runId: $id, name: "other",
      changes: { hyperparameters: { seed: 7 } } }) { __typename } }`,
    { id },
  );
  expect(clone.data).toEqual({ cloneRun: { __typename: 'CloneRunPayload' } });
  await act('Archive', id);
  const { data } = await server.ask(FAMILY, { id });
  const parent = { id };
  expect(data).toEqual({
    run: {
      archivedAt: expect.any(String),
      children: [
        {
          parentKind: 'CLONE',
          resumeStep: null,
          parent,
          configDifferences: [{ path: 'hyperparameters.seed', values: [42, 7] }],
        },
        { parentKind: 'RESUME', resumeStep: 4, parent, configDifferences: [] },
        { parentKind: 'RETRY', resumeStep: null, parent, configDifferences: [] },
      ],
    },
  });
});

test('lists hide an archived run, its number does not', async () => {
  const { number, datasetId } = await makeRun(app, (await makeDataset(app)).id, {
    archivedAt: new Date(),
  });
  const { key } = await app.db.dataset.findUniqueOrThrow({ where: { id: datasetId } });
  const { data } = await server.ask(
    `query ($key: String!, $number: Int!) {
      hidden: runs(filter: { datasetKey: $key }) { totalCount edges { cursor } }
      shown: runs(filter: { datasetKey: $key, archived: true }) { totalCount }
      both: runs(filter: { datasetKey: $key, archived: null }, sort: LONGEST) {
        edges { node { number } } }
      run(number: $number) { number } }`,
    { key, number },
  );
  expect(data).toEqual({
    hidden: { totalCount: 0, edges: [] },
    shown: { totalCount: 1 },
    both: { edges: [{ node: { number } }] },
    run: { number },
  });
});

test('a cursor of another order is a bad value', async () => {
  await makeRun(app, (await makeDataset(app)).id);
  const page = (args: string) =>
    server.ask(`{ runs(${args}) { pageInfo { endCursor } edges { node { number } } } }`);
  const { data } = await page('first: 1, sort: OLDEST');
  const { endCursor } = (data as { runs: { pageInfo: { endCursor: string } } }).runs.pageInfo;
  expect((await page(`after: "${endCursor}", sort: OLDEST`)).errors).toBeUndefined();
  expect((await page(`after: "${endCursor}"`)).errors).toMatchObject([
    { extensions: { code: 'BAD_VALUE' } },
  ]);
});
