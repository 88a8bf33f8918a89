import { InvalidStateError, NotFoundError, ValidationError } from '../../errors.ts';
import { makeDataset, makeRun } from '../../test/make.ts';
import { expect, test } from '../../test/test.ts';
import { setRunPriority } from './priority.ts';

test('a run that waits is moved, with an event that says so, once', async ({ app }) => {
  const { id: datasetId } = await makeDataset(app);
  const { id } = await makeRun(app, datasetId, { status: 'PENDING' });
  await setRunPriority(app, id, 7);
  await setRunPriority(app, id, 7);
  const run = await app.db.run.findUniqueOrThrow({ where: { id }, include: { events: true } });
  expect(run).toMatchObject({
    priority: 7,
    version: 1,
    events: [{ kind: 'PRIORITY_CHANGED', data: { from: 0, to: 7 } }],
  });
});

test.for([
  [-101, 'priority: is -101, at least -100 is needed.'],
  [101, 'priority: is 101, at most 100 is allowed.'],
  [0.5, 'priority: '],
] as const)('the priority %s is refused', async ([priority, why], { app }) => {
  const { id: datasetId } = await makeDataset(app);
  const { id } = await makeRun(app, datasetId, { status: 'PENDING' });
  const setting = setRunPriority(app, id, priority);
  await expect(setting).rejects.toThrow(ValidationError);
  await expect(setting).rejects.toThrow(why);
});

test('only a run that waits has a priority to change', async ({ app }) => {
  const { id: datasetId } = await makeDataset(app);
  for (const status of ['RUNNING', 'COMPLETED'] as const) {
    const { id } = await makeRun(app, datasetId, { status });
    const setting = setRunPriority(app, id, 1);
    await expect(setting).rejects.toThrow(InvalidStateError);
    await expect(setting).rejects.toThrow(`The run is ${status.toLowerCase()}; only one`);
  }
  await expect(setRunPriority(app, crypto.randomUUID(), 1)).rejects.toThrow(NotFoundError);
  await expect(setRunPriority(app, null, 1)).rejects.toThrow(NotFoundError);
});
