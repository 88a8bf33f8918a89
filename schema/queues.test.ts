import { graphql, parse, subscribe } from 'graphql';
import type { Actor } from '../server/access/actor.ts';
import type { App } from '../server/app.ts';
import { claimRun } from '../server/runs/lease.ts';
import { contextOf, LOCAL, VIEWER } from '../server/test/actors.ts';
import { makeDataset, makeRun } from '../server/test/make.ts';
import { makeRunner } from '../server/test/makeRunner.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { globalId } from './ids.ts';
import { schema } from './index.ts';

type Data = Record<string, never> & Record<string, unknown>;

const ask = async (app: App, source: string, input: object = {}, actor: Actor = LOCAL) => {
  const { data, errors } = await graphql({
    schema,
    source,
    contextValue: contextOf(app, actor),
    variableValues: { input },
  });
  expect(errors).toBeUndefined();
  return data as Data;
};

const RUN = `query Run($input: Int!) {
  run(number: $input) {
    requiredLabels retryOnFailure queuePosition viewerCanSetPriority
    pendingReasons { code message }
  }
}`;

const readRun = async (app: App, number: number, actor?: Actor) => {
  const { data, errors } = await graphql({
    schema,
    source: RUN,
    contextValue: contextOf(app, actor),
    variableValues: { input: number },
  });
  expect(errors).toBeUndefined();
  return (data as { run: Data }).run;
};

const QUEUES = `query {
  queues {
    key labels paused pausedAt pausedReason pendingCount runningCount
    runners { name } runs { number }
  }
}`;

describe('queues', () => {
  test('list what waits, in order, and who takes it', async ({ app }) => {
    const { id } = await makeDataset(app);
    const gpu = { status: 'PENDING' as const, requiredLabels: ['gpu'] };
    const low = await makeRun(app, id, gpu);
    const high = await makeRun(app, id, { ...gpu, priority: 1, retryOnFailure: true });
    await makeRunner(app, { name: 'gamma', labels: ['cpu', 'gpu'], slots: 4 });
    const { queues } = await ask(app, QUEUES);
    const rest = { paused: false, pausedAt: null, pausedReason: null, runningCount: 0 };
    expect(queues).toEqual([
      { ...rest, key: '', labels: [], pendingCount: 0, runners: [{ name: 'gamma' }], runs: [] },
      {
        ...rest,
        key: 'gpu',
        labels: ['gpu'],
        pendingCount: 2,
        runners: [{ name: 'gamma' }],
        runs: [{ number: high.number }, { number: low.number }],
      },
    ]);
    expect(await readRun(app, low.number, VIEWER)).toMatchObject({
      requiredLabels: ['gpu'],
      retryOnFailure: false,
      queuePosition: 1,
      viewerCanSetPriority: false,
      pendingReasons: [{ code: 'QUEUED_BEHIND' }],
    });
    expect(await readRun(app, high.number)).toMatchObject({
      retryOnFailure: true,
      queuePosition: 0,
      viewerCanSetPriority: true,
      pendingReasons: [{ code: 'STARTING' }],
    });
  });

  const PAUSE = `mutation Pause($input: PauseQueueInput!) {
    pauseQueue(input: $input) {
      __typename
      ... on PauseQueuePayload { queue { key paused pausedReason } }
      ... on ValidationError { message issues { path } }
    }
  }`;
  const RESUME = `mutation Resume($input: ResumeQueueInput!) {
    resumeQueue(input: $input) {
      __typename
      ... on ResumeQueuePayload { queue { key paused pausedReason } }
      ... on ValidationError { message issues { path } }
    }
  }`;

  test('are paused and resumed by their labels', async ({ app }) => {
    const input = { labels: ['tpu', 'large'] };
    expect(await ask(app, PAUSE, { ...input, reason: 'Repairs.' })).toMatchObject({
      pauseQueue: { queue: { key: 'large,tpu', paused: true, pausedReason: 'Repairs.' } },
    });
    expect(await ask(app, RESUME, input)).toMatchObject({
      resumeQueue: { queue: { key: 'large,tpu', paused: false, pausedReason: null } },
    });
    const issues = [{ path: ['labels', '0'] }];
    const bad = { labels: ['No!'] };
    expect(await ask(app, PAUSE, bad)).toMatchObject({ pauseQueue: { issues } });
    expect(await ask(app, RESUME, bad)).toMatchObject({ resumeQueue: { issues } });
  });

  const PRIORITY = `mutation Priority($input: SetRunPriorityInput!) {
    setRunPriority(input: $input) {
      __typename
      ... on SetRunPriorityPayload { run { priority } }
      ... on Error { message }
    }
  }`;

  test('are changed by the priority of a run, within limits', async ({ app }) => {
    const { id } = await makeDataset(app);
    const run = await makeRun(app, id, { status: 'PENDING' });
    const over = await makeRun(app, id);
    const set = async (runId: string, priority: number) =>
      (await ask(app, PRIORITY, { runId, priority })).setRunPriority;
    expect(await set(globalId('Run', run.id), 9)).toMatchObject({ run: { priority: 9 } });
    expect(await set(globalId('Run', run.id), 101)).toMatchObject({
      __typename: 'ValidationError',
    });
    expect(await set(globalId('Run', over.id), 1)).toMatchObject({
      __typename: 'InvalidStateError',
    });
    expect(await set(globalId('Runner', run.id), 1)).toMatchObject({
      __typename: 'NotFoundError',
    });
  });
});

describe('a runner', () => {
  const RUNNERS = `query {
    runners {
      name slots draining drainingAt serverVersion cpus memoryBytes memoryFreeBytes diskFreeBytes
      devices { kind platform memoryBytes }
      online heartbeatAgeSeconds viewerCanDrain currentRuns { number } recentRuns { number }
    }
  }`;

  test('tells its machine, what it has and what it had', async ({ app }) => {
    await app.sql.query('UPDATE runners SET stopped_at = now()');
    const resources = { cpus: 8, memoryBytes: 2 ** 35, memoryFreeBytes: 2 ** 33, diskFreeBytes: 9 };
    const devices = [
      { kind: 'NVIDIA H200', platform: 'gpu', id: 0, memoryBytes: 2 ** 37 },
      { kind: 'cpu', platform: 'cpu', id: 1 },
    ];
    const runtime = { ready: true, message: 'It is ready.', python: null, tunix: null, devices };
    const runner = await makeRunner(app, { slots: 2, version: '0.1.0', resources, runtime });
    const { id } = await makeDataset(app);
    const pending = { status: 'PENDING' } as const;
    const has = await makeRun(app, id, pending);
    const had = await makeRun(app, id, pending);
    await claimRun(app, has.id, runner.id, 15);
    await claimRun(app, had.id, runner.id, 15);
    await app.sql.query(
      `UPDATE run_attempts SET status = 'FAILED', ended_at = now() WHERE run_id = $1`,
      [had.id],
    );
    expect(await ask(app, RUNNERS)).toEqual({
      runners: [
        {
          name: 'alpha',
          slots: 2,
          draining: false,
          drainingAt: null,
          serverVersion: '0.1.0',
          cpus: 8,
          memoryBytes: String(2 ** 35),
          memoryFreeBytes: String(2 ** 33),
          diskFreeBytes: '9',
          devices: [
            { kind: 'NVIDIA H200', platform: 'gpu', memoryBytes: String(2 ** 37) },
            { kind: 'cpu', platform: 'cpu', memoryBytes: null },
          ],
          online: true,
          heartbeatAgeSeconds: expect.any(Number),
          viewerCanDrain: true,
          currentRuns: [{ number: has.number }],
          recentRuns: [{ number: had.number }],
        },
      ],
    });
  });

  const DRAIN = `mutation Drain($input: DrainRunnerInput!) {
    drainRunner(input: $input) {
      __typename
      ... on DrainRunnerPayload { runner { draining } }
      ... on Error { message }
    }
  }`;

  test('drains and is followed', async ({ app }) => {
    await app.sql.query('UPDATE runners SET stopped_at = now()');
    const { id } = await makeRunner(app);
    const runnerId = globalId('Runner', id);
    const stream = await subscribe({
      schema,
      document: parse('subscription { runnersChanged { runner { id online draining } } }'),
      contextValue: contextOf(app, VIEWER),
    });
    if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream));
    const next = async () => (await stream.next()).value?.data;
    const runner = { id: runnerId, online: true, draining: false };
    expect(await next()).toEqual({ runnersChanged: { runner } });
    expect(await ask(app, DRAIN, { runnerId, drain: true })).toMatchObject({
      drainRunner: { runner: { draining: true } },
    });
    expect(await next()).toEqual({ runnersChanged: { runner: { ...runner, draining: true } } });
    await stream.return?.(undefined);
    const missing = { runnerId: globalId('Runner', crypto.randomUUID()), drain: true };
    expect(await ask(app, DRAIN, missing)).toMatchObject({
      drainRunner: { __typename: 'NotFoundError' },
    });
    const gone = globalId('Runner', (await makeRunner(app, { stoppedAt: new Date() })).id);
    expect(await ask(app, DRAIN, { runnerId: gone, drain: true })).toMatchObject({
      drainRunner: { __typename: 'InvalidStateError' },
    });
  });
});
