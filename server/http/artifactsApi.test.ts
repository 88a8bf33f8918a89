/** Artifacts and checkpoints as the API shows them. */
import type { App } from '../app.ts';
import { openServer } from '../test/http.ts';
import { makeDataset, makeRun } from '../test/make.ts';
import { makeArtifact } from '../test/makeArtifact.ts';
import { describe, expect, test } from '../test/test.ts';

/** The artifacts of a new run: two files of a checkpoint that was given up, and one of a newer. */
async function makeCheckpoints(app: App): Promise<string> {
  const { id } = await makeRun(app, (await makeDataset(app)).id);
  const files = [
    { path: 'checkpoints/10/a', step: 10, deletedAt: new Date('2026-01-02T03:04:05Z') },
    { path: 'checkpoints/10/b', step: 10, deletedAt: new Date('2026-01-02T03:04:05Z') },
    { path: 'checkpoints/20/a', step: 20, deletedAt: null },
  ];
  for (const file of files) {
    const { artifact } = await makeArtifact(app, 'x', `content of ${file.path}`);
    const data = { ...file, runId: id, kind: 'CHECKPOINT' as const };
    await app.db.artifact.update({ where: { id: artifact.id }, data });
  }
  return id;
}

describe('a run', () => {
  test('lists its checkpoints, newest first, and says which can be had', async ({ app }) => {
    const id = await makeCheckpoints(app);
    await using server = await openServer(app);
    const answer = await server.ask(
      `query Checkpoints($id: ID!) { run(id: $id) {
         checkpoints { step attempt at size files available }
         artifacts { path }
         all: artifacts(givenUp: true) { path step available deletedAt } } }`,
      { id },
    );
    expect(answer).toEqual({
      data: {
        run: {
          checkpoints: [
            expect.objectContaining({ step: 20, files: 1, available: true }),
            {
              step: 10,
              attempt: 1,
              at: expect.any(String),
              size: '54',
              files: 2,
              available: false,
            },
          ],
          artifacts: [{ path: 'checkpoints/20/a' }],
          all: [
            {
              path: 'checkpoints/10/a',
              step: 10,
              available: false,
              deletedAt: '2026-01-02T03:04:05.000Z',
            },
            expect.objectContaining({ path: 'checkpoints/10/b', available: false }),
            { path: 'checkpoints/20/a', step: 20, available: true, deletedAt: null },
          ],
        },
      },
    });
  });
});

describe('an artifact', () => {
  const previewOf = async (app: App, path: string, content: string | Buffer) => {
    const { artifact } = await makeArtifact(app, path, content);
    await using server = await openServer(app);
    const answer = await server.ask(
      `query Preview($id: ID!) { run(id: $id) { artifacts { url mediaType preview { __typename
         ... on TextPreview { text truncated mediaType }
         ... on ImagePreview { url mediaType } } } } }`,
      { id: artifact.runId },
    );
    type Shown = { url: string; mediaType: string; preview: Record<string, unknown> | null };
    const shown = (answer.data as { run: { artifacts: Shown[] } }).run.artifacts[0];
    const sent = shown && (await server.send(`${shown.url}/preview`));
    return { shown, sent };
  };

  test('of text can be read without downloading it', async ({ app }) => {
    const { shown } = await previewOf(app, 'config.json', '{"a":1}');
    expect(shown).toMatchObject({
      mediaType: 'application/json',
      preview: {
        __typename: 'TextPreview',
        text: '{\n  "a": 1\n}',
        truncated: false,
        mediaType: 'application/json',
      },
    });
  });

  test('that is a picture says where a page gets it', async ({ app }) => {
    const { shown, sent } = await previewOf(app, 'loss.gif', Buffer.from('GIF89a 0000\0'));
    expect(shown?.preview).toEqual({
      __typename: 'ImagePreview',
      url: `${shown?.url}/preview`,
      mediaType: 'image/gif',
    });
    expect(sent).toMatchObject({ status: 200, headers: { 'content-type': 'image/gif' } });
  });

  test('of other bytes has no preview', async ({ app }) => {
    const { shown } = await previewOf(app, 'model.safetensors', Buffer.from('\0\0'));
    expect(shown?.preview).toBeNull();
  });
});
