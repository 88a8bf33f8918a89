/** TOO_MANY_TOKENS: what training would leave out, counted by the functions that training calls. */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { App } from '../../app.ts';
import { DomainError } from '../../errors.ts';
import { openScratch } from '../../lib/scratch.ts';
import { requireLocalModel } from '../../tunix/requireModel.ts';
import { findRuntime } from '../../tunix/runtime.ts';
import { readTokens } from '../../tunix/tokens.ts';
import { readItems } from '../read.ts';
import { trainingRecord } from '../render.ts';
import type { Findings } from './findings.ts';
import type { openLengths } from './lengths.ts';
import type { Budgets, Found } from './model.ts';

/** Longer than any dataset takes; a process that hangs must not hold the queue. */
const TIMEOUT_MS = 30 * 60_000;

const NO_PYTHON =
  'Tokens were not counted: this runner has no Python environment yet. The first LOCAL run or ' +
  'render preview makes it; then check again.';

/**
 * Counts the tokens of every item of TRAIN and EVAL; of TEST only the prompt is read, so that it may
 * be longer. The environment and the model must be there already; nothing is
 * installed or downloaded for a check.
 * @returns why they could not be counted, or null when they were.
 * @throws the reason of the signal when it aborts.
 */
export async function scanTokens(
  app: Pick<App, 'sql' | 'config'>,
  datasetId: string,
  budgets: Budgets,
  { findings, lengths }: { findings: Findings; lengths: ReturnType<typeof openLengths> },
  signal: AbortSignal,
  timeoutMs = TIMEOUT_MS,
): Promise<string | null> {
  const python = app.config.tunix.readyPython ?? (await findRuntime(app.config))?.python;
  if (!python) return NO_PYTHON;
  await using scratch = await openScratch(app.config);
  const { dir } = scratch;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const model = await requireLocalModel(app.config, budgets.modelId);
    const { trainFile, evalFile, trainItems } = await writeRecords(app, datasetId, dir);
    const request = { model, trainFile, recordFiles: [trainFile, evalFile], listTokens: 0 };
    let seen = 0;
    const either = AbortSignal.any([signal, timeout]);
    for await (const { id, count } of readTokens(app.config, python, dir, request, either)) {
      const [position = '', traceId = ''] = id.split(' ');
      lengths.add(seen < trainItems ? 'TRAIN' : 'EVAL', count);
      seen += 1;
      findings.add(
        { position: Number(position), traceId },
        tooManyTokens(count, budgets.maxTokens),
      );
    }
    return null;
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) {
      return `Tokens were not counted: it took more than ${timeoutMs / 60_000} minutes.`;
    }
    if (error instanceof DomainError) return `Tokens were not counted: ${error.message}`;
    throw error;
  }
}

function tooManyTokens(found: number, limit: number): Found[] {
  if (found <= limit) return [];
  const message = `The training text has ${found} tokens, the budget is ${limit}: it would be left out.`;
  return [{ code: 'TOO_MANY_TOKENS', message, data: { found, limit } }];
}

/** Writes the records of TRAIN and of EVAL to a file each. */
async function writeRecords(
  app: Pick<App, 'sql'>,
  datasetId: string,
  dir: string,
): Promise<{ trainFile: string; evalFile: string; trainItems: number }> {
  const write = async (split: 'TRAIN' | 'EVAL') => {
    const file = join(dir, `${split.toLowerCase()}.jsonl`);
    let items = 0;
    const lines = async function* () {
      for await (const { position, id, payload } of readItems(app.sql, datasetId, split)) {
        items += 1;
        yield `${JSON.stringify(trainingRecord(`${position} ${id}`, payload))}\n`;
      }
    };
    await pipeline(lines, createWriteStream(file));
    return { file, items };
  };
  const { file: trainFile, items: trainItems } = await write('TRAIN');
  const { file: evalFile } = await write('EVAL');
  return { trainFile, evalFile, trainItems };
}
