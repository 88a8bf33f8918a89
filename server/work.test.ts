import { join } from 'node:path';
import { LOCAL } from './access/actor.ts';
import { revokeApiKey } from './access/keys.ts';
import { requestDatasetCheck } from './datasets/checks/request.ts';
import { whyWaiting } from './renderPreviews/read.ts';
import { requestPreview } from './renderPreviews/request.ts';
import { cancelRun } from './runs/cancel.ts';
import { reapLapsedAttempts } from './runs/reap.ts';
import { makeKey, withAccess } from './test/access.ts';
import { makeDatasetOf } from './test/makeItems.ts';
import { behave, queueRun, until, withStandIn } from './test/rig.ts';
import { expect, test } from './test/test.ts';
import { startWork } from './work.ts';

test('a runner works off dataset checks and render previews', async ({ app }) => {
  const rig = await withStandIn(app);
  const dataset = await makeDatasetOf(rig, [{ prompt: 'Name a tool.', steps: ['…', '7'] }]);
  const check = await requestDatasetCheck(rig, { datasetKey: dataset.key });
  const preview = await requestPreview(rig, {
    traceId: dataset.traceIds[0] ?? '',
    modelId: 'qwen3-tiny',
    maxTokens: 64,
  });
  const work = await startWork(rig);
  try {
    const checked = await until(() =>
      rig.db.datasetCheck.findFirst({ where: { id: check.id, status: 'COMPLETED' } }),
    );
    expect(checked.summary).toMatchObject({ found: { EMPTY_STEP: 1 }, tokensChecked: true });
    await until(() =>
      rig.db.renderPreview.findFirst({ where: { id: preview.id, status: 'COMPLETED' } }),
    );
  } finally {
    await work.stop();
  }
});

test('a runner without Python leaves previews to one that has it, and says what is missing', async ({
  app,
}) => {
  const { config } = app;
  const python = join(config.dataDir, 'no-such-python');
  const cacheDir = join(config.dataDir, 'no-cache');
  const bare = { ...app, config: { ...config, cacheDir, tunix: { ...config.tunix, python } } };
  const { traceIds } = await makeDatasetOf(app, [{ prompt: 'Name a saw.', steps: ['…', '7'] }]);
  const work = await startWork(bare);
  try {
    const preview = await requestPreview(app, {
      traceId: traceIds[0] ?? '',
      modelId: 'qwen3-tiny',
      maxTokens: 64,
    });
    expect(await whyWaiting(app, preview)).toMatch(
      /^No connected runner has Python\. .*Install Python 3\.11/s,
    );
    const able = await startWork(await withStandIn(app));
    try {
      expect(await whyWaiting(app, preview)).not.toMatch(/Python/);
      await until(() =>
        app.db.renderPreview.findFirst({ where: { id: preview.id, status: 'COMPLETED' } }),
      );
    } finally {
      await able.stop();
    }
  } finally {
    await work.stop();
  }
});

test.for([
  ['saves its training, which another goes on with', 'save', 'RELEASED'],
  ['gives up a training that does not let go', 'ignore', 'LOST'],
] as const)('a runner whose key is revoked %s', async ([, onTerm, status], { app }) => {
  const key = await makeKey(app, ['RUNNER']);
  const stand = await withStandIn(app);
  const rig = withAccess(stand, {
    // Much longer than its patience.
    runner: { ...stand.config.runner, stopGraceSeconds: 600, token: key.secret },
  });
  await behave(rig, { steps: 100_000, stepMs: 20, onTerm });
  const { id } = await queueRun(rig);
  const refused = Promise.withResolvers<void>();
  const work = await startWork(rig, refused.resolve);
  try {
    await until(() => rig.db.metricPoint.findFirst({ where: { runId: id } }));
    await revokeApiKey(rig, key.id, LOCAL);
    await refused.promise;
  } finally {
    await work.stop(1_000);
  }
  // What was given up ends with its lease.
  await until(async () => {
    await reapLapsedAttempts(rig);
    return rig.db.runAttempt.findFirst({ where: { runId: id, status } });
  });
  expect(await rig.db.run.findUnique({ where: { id } })).toMatchObject({ status: 'PENDING' });
  expect(await rig.db.runner.findUnique({ where: { id: work.runnerId } })).toMatchObject({
    keyId: key.id,
    stoppedAt: expect.any(Date),
  });
  await cancelRun(rig, id, 'NOW');
});
