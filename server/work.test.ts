import { requestDatasetCheck } from './datasets/checks/request.ts';
import { requestPreview } from './renderPreviews/request.ts';
import { makeDatasetOf } from './test/makeItems.ts';
import { until, withStandIn } from './test/rig.ts';
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
