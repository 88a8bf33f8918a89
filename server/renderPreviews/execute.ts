import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { App } from '../app.ts';
import { readItems } from '../datasets/read.ts';
import { trainingRecord } from '../datasets/render.ts';
import { UnavailableError } from '../errors.ts';
import { databaseTime } from '../lib/databaseTime.ts';
import { isOutage } from '../lib/outage.ts';
import { openScratch } from '../lib/scratch.ts';
import { displayable, head } from '../lib/text.ts';
import type { TracePayload } from '../traces/model.ts';
import { requireLocalModel } from '../tunix/requireModel.ts';
import { ensureRuntime, findRuntime } from '../tunix/runtime.ts';
import { readTokens } from '../tunix/tokens.ts';
import { LISTED_TOKENS, type Rendered, type Waiting } from './model.ts';
import { findTokenizer } from './tokenizer.ts';

/** A few seconds are usual; a process that hangs must not hold the queue. */
const TIMEOUT_MS = 5 * 60_000;

const PREPARING =
  'The runner makes its Python environment, once on its machine; this takes some minutes.';

type Needs = Pick<App, 'db' | 'sql' | 'bell' | 'log' | 'config'>;

/**
 * Turns the trace of one pending preview into tokens: the handler of its job. The environment is
 * made when it is missing; a model is never downloaded. One that has ended is left alone, one whose
 * worker died is done over; a failure is stored as the status and a sentence.
 * @throws what says that the database is away, or the reason of the signal: the queue tries again.
 */
export async function renderPreview(
  app: Needs,
  previewId: string,
  shutdown: AbortSignal,
  timeoutMs = TIMEOUT_MS,
): Promise<void> {
  const [preview] = await app.db.renderPreview.updateManyAndReturn({
    where: { id: previewId, status: { in: ['PENDING', 'RUNNING'] } },
    data: { status: 'RUNNING' },
  });
  if (!preview) return; // done, or gone with its trace
  const ring = () => app.bell.ring(`preview:${previewId}`);
  ring();
  const end = async (
    data: { status: 'COMPLETED'; result: Rendered } | { status: 'FAILED'; error: string },
  ) =>
    app.db.renderPreview.updateMany({
      where: { id: previewId, status: 'RUNNING' },
      data: { ...data, finishedAt: await databaseTime(app.db) },
    });
  try {
    const python = await makeReady(app, previewId, shutdown);
    const result = await render(app, python, preview, shutdown, timeoutMs);
    await end({ status: 'COMPLETED', result });
  } catch (error) {
    if (shutdown.aborted || isOutage(error)) throw error;
    app.log.warn({ err: error, previewId }, 'render preview failed');
    const reason = error instanceof Error ? error.message : String(error);
    await end({ status: 'FAILED', error: head(displayable(reason), 2_000) });
  }
  ring();
}

/** The interpreter; while it is being made, the preview says so. */
async function makeReady(app: Needs, previewId: string, shutdown: AbortSignal): Promise<string> {
  const { config } = app;
  if (config.tunix.readyPython) return config.tunix.readyPython;
  const found = await findRuntime(config);
  if (found) return found.python;
  const waiting: Waiting = { waitingFor: PREPARING };
  await app.db.renderPreview.updateMany({
    where: { id: previewId, status: 'RUNNING' },
    data: { result: waiting },
  });
  app.bell.ring(`preview:${previewId}`);
  const log = (_stream: string, bytes: Buffer) =>
    app.log.info({ previewId }, bytes.toString('utf8').trim());
  return (await ensureRuntime(config, log, shutdown)).python;
}

async function render(
  app: Needs,
  python: string,
  { traceId, modelId }: { traceId: string; modelId: string },
  shutdown: AbortSignal,
  timeoutMs: number,
): Promise<Rendered> {
  const model = await requireLocalModel(app.config, modelId);
  const trace = await app.db.trace.findUniqueOrThrow({
    where: { id: traceId },
    select: { payload: true },
  });
  const record = trainingRecord(traceId, trace.payload as TracePayload);
  const tokenizer = await findTokenizer(app.sql, modelId, traceId);
  await using scratch = await openScratch(app.config);
  const { dir } = scratch;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const recordFile = join(dir, 'record.jsonl');
    await pipeline([`${JSON.stringify(record)}\n`], createWriteStream(recordFile));
    let trainFile = recordFile;
    if (tokenizer?.from === 'DATASET') {
      trainFile = join(dir, 'train.jsonl');
      await pipeline(trainingLines(app, tokenizer.datasetId), createWriteStream(trainFile));
    }
    const request = { model, trainFile, recordFiles: [recordFile], listTokens: LISTED_TOKENS };
    const either = AbortSignal.any([shutdown, timeout]);
    for await (const line of readTokens(app.config, python, dir, request, either)) {
      const { text = '', tokens = [], count, loss_count: lossTokens = 0 } = line;
      return { text: displayable(text), tokens, tokenCount: count, lossTokens, tokenizer };
    }
    throw new Error('the process of the tokens wrote nothing');
  } catch (error) {
    shutdown.throwIfAborted();
    if (!timeout.aborted) throw error;
    throw new UnavailableError(`It took more than ${timeoutMs / 60_000} minutes.`, 'Ask again.');
  }
}

async function* trainingLines(app: Needs, datasetId: string): AsyncGenerator<string, void> {
  for await (const { id, payload } of readItems(app.sql, datasetId, 'TRAIN')) {
    yield `${JSON.stringify(trainingRecord(id, payload))}\n`;
  }
}
