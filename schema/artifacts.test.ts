import { randomUUIDv7 } from 'node:crypto';
import { openServer } from '../server/test/http.ts';
import { makeDataset, makeRun } from '../server/test/make.ts';
import { expect, test } from '../server/test/test.ts';

const QUERY = `query ($number: Int!) { run(number: $number) {
  trainedModels { attempt url files size available } } }`;

test('Run.trainedModels has what each attempt exported, the newest first', async ({ app }) => {
  const { id: runId, number } = await makeRun(app, (await makeDataset(app)).id);
  const file = { runId, kind: 'EXPORT', size: 7, sha256: 'a'.repeat(64) } as const;
  const given = { deletedAt: new Date() };
  await app.db.artifact.createMany({
    data: [
      { ...file, id: randomUUIDv7(), attempt: 1, path: 'export/config.json', ...given },
      { ...file, id: randomUUIDv7(), attempt: 1, path: 'export/model.safetensors' },
      { ...file, id: randomUUIDv7(), attempt: 3, path: 'export/config.json' },
      { ...file, id: randomUUIDv7(), attempt: 4, path: 'events.jsonl', kind: 'EVENTS' },
    ],
  });
  await using server = await openServer(app);
  const { data } = await server.ask(QUERY, { number });
  const url = (attempt: number) => `/export/runs/${number}/model.zip?attempt=${attempt}`;
  expect(data).toEqual({
    run: {
      trainedModels: [
        { attempt: 3, url: url(3), files: 1, size: '7', available: true },
        { attempt: 1, url: url(1), files: 2, size: '14', available: false },
      ],
    },
  });
});
