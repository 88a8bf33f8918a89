import { ValidationError } from '../../errors.ts';
import { makeDataset, makeRun } from '../../test/make.ts';
import { makeRunner } from '../../test/makeRunner.ts';
import { expect, test } from '../../test/test.ts';
import { pauseQueue, resumeQueue } from './pause.ts';
import { offeringRunnerIds, readQueues, waitingRunIds } from './queues.ts';

test('queues are told that have something in them or are paused, and always the plain one', async ({
  app,
}) => {
  const nothing = { pendingCount: 0, runningCount: 0, pausedAt: null, reason: null };
  expect(await readQueues(app.sql)).toEqual([{ ...nothing, key: '', labels: [] }]);
  const { id } = await makeDataset(app);
  const gpu = { requiredLabels: ['gpu'] };
  await makeRun(app, id, { status: 'PENDING', ...gpu });
  await makeRun(app, id, { status: 'PENDING', ...gpu, mode: 'DRY_RUN' });
  await makeRun(app, id, { status: 'RUNNING', requiredLabels: ['a', 'gpu'] });
  await makeRun(app, id, { requiredLabels: ['done'] });
  await pauseQueue(app, { labels: ['z', 'b', 'z'], reason: 'No power.' });
  expect(await readQueues(app.sql)).toEqual([
    { ...nothing, key: '', labels: [] },
    { ...nothing, key: 'a,gpu', labels: ['a', 'gpu'], runningCount: 1 },
    { ...nothing, key: 'b,z', labels: ['b', 'z'], pausedAt: expect.any(Date), reason: 'No power.' },
    { ...nothing, key: 'gpu', labels: ['gpu'], pendingCount: 2 },
  ]);
  await resumeQueue(app, { labels: ['b', 'z'] });
  expect((await readQueues(app.sql)).map(({ key }) => key)).toEqual(['', 'a,gpu', 'gpu']);
  expect(await readQueues(app.sql, 'b,z')).toEqual([
    { ...nothing, key: 'b,z', labels: ['b', 'z'] },
  ]);
});

test('a queue that is paused again keeps its time and gets the new reason', async ({ app }) => {
  await pauseQueue(app, { labels: ['again'], reason: 'One.' });
  const [before] = await readQueues(app.sql, 'again');
  await pauseQueue(app, { labels: ['again'] });
  const [after] = await readQueues(app.sql, 'again');
  expect(after).toEqual({ ...before, reason: null });
  await resumeQueue(app, { labels: ['again'] });
  await resumeQueue(app, { labels: ['again'] });
  expect(await readQueues(app.sql, 'again')).toMatchObject([{ pausedAt: null }]);
});

test.for([
  [{ labels: ['GPU'] }, 'labels.0: use 1–63 lower-case letters'],
  [{ labels: ['a,b'] }, 'labels.0: use 1–63'],
  [{ labels: ['x'.repeat(64)] }, 'labels.0: use 1–63'],
  [{ labels: 'abcdefghi'.split('') }, 'labels: has 9 items, at most 8 are allowed'],
  [{ labels: [], reason: '' }, 'reason: has 0 characters, at least 1 is needed'],
] as const)('%j is refused', async ([input, why], { app }) => {
  const pausing = pauseQueue(app, { ...input, labels: [...input.labels] });
  await expect(pausing).rejects.toThrow(ValidationError);
  await expect(pausing).rejects.toThrow(why);
});

test('what waits in a queue is listed as it will be taken, with who offers its labels', async ({
  app,
}) => {
  const { id } = await makeDataset(app);
  const data = { status: 'PENDING' as const, requiredLabels: ['listed'] };
  const late = await makeRun(app, id, { ...data, queuedAt: new Date(2000) });
  const early = await makeRun(app, id, { ...data, queuedAt: new Date(1000), mode: 'DRY_RUN' });
  const high = await makeRun(app, id, { ...data, priority: 1 });
  expect(await waitingRunIds(app.sql, ['listed'])).toEqual([high.id, early.id, late.id]);
  const runner = await makeRunner(app, { labels: ['listed', 'more'] });
  await makeRunner(app, { labels: ['more'] });
  await makeRunner(app, { labels: ['listed'], heartbeatAt: new Date(Date.now() - 60_000) });
  expect(await offeringRunnerIds(app.sql, ['listed'])).toEqual([runner.id]);
});
