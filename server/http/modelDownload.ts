import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { create as contentDisposition } from 'content-disposition';
import type { App } from '../app.ts';
import { isReadable } from '../artifacts/read.ts';
import { listTrainedModels, pathInModel } from '../artifacts/trainedModels.ts';
import { openZip, zipLength } from '../artifacts/zip.ts';
import { fromStore, gone, SAFE } from './downloads.ts';
import { attemptOf } from './exports.ts';
import { fail } from './respond.ts';

/**
 * `GET /export/runs/{number}/model.zip?attempt=`: the trained model in one file, of the newest attempt
 * that made one. In it is one folder, which `from_pretrained` of transformers takes.
 */
export async function downloadModel(
  app: App,
  request: IncomingMessage,
  response: ServerResponse,
  number: number,
  query: URLSearchParams,
): Promise<void> {
  const attempt = attemptOf(response, query);
  if (attempt === undefined) return;
  const run = await app.db.run.findFirst({ where: { number }, select: { id: true } });
  if (!run) {
    fail(response, 404, 'NOT_FOUND', 'There is no such run.');
    return;
  }
  const models = await listTrainedModels(app.db, run.id);
  const model = models.find((one) => attempt === null || one.attempt === attempt);
  if (!model) {
    const said = 'has no trained model: one is stored when a training completes.';
    fail(response, 404, 'NOT_FOUND', `${attempt === null ? 'This run' : 'This attempt'} ${said}`);
    return;
  }
  const { files } = model;
  const lost = files.find(({ deletedAt }) => deletedAt)?.deletedAt;
  if (lost) {
    const when = lost.toISOString().slice(0, 10);
    fail(response, 410, 'GIVEN_UP', `The bytes of this model were given up on ${when}.`);
    return;
  }
  const name = `run-${number}-model`;
  const entries = files.map((file) => ({
    name: `${name}/${pathInModel(file.path)}`,
    file,
  }));
  await fromStore(app, response, { run: number }, async () => {
    for (const file of files) if (!(await isReadable(app, file))) return gone(response);
    response.writeHead(200, {
      ...SAFE,
      'content-type': 'application/zip',
      'content-length': String(zipLength(entries)),
      'content-disposition': contentDisposition(`${name}.zip`),
      'cache-control': 'private, no-cache',
    });
    if (request.method === 'HEAD') response.end();
    else await pipeline(openZip(app, entries), response);
  });
}
