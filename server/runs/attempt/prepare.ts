/** Lays out the folder of an attempt: data files, config, and the checkpoint to go on from. */
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Split } from '../../../prisma/generated/client/enums.ts';
import type { App } from '../../app.ts';
import { readItems } from '../../datasets/read.ts';
import { trainingRecord } from '../../datasets/render.ts';
import { readSetRecords } from '../../evaluationSets/read.ts';
import { type AttemptPaths, attemptPaths, tunixConfig } from '../../tunix/config.ts';
import type { BaseModel } from '../../tunix/models.ts';
import { fenced, type Lease } from '../lease.ts';
import type { RunConfig } from '../model.ts';
import { untilStored } from '../retry.ts';
import { carryCheckpoint, type Resumable } from './carry.ts';
import { evaluatedSteps } from './checkpoints.ts';
import type { Fingerprint } from './fingerprint.ts';

export type Prepared = AttemptPaths & {
  configFile: string;
  /** The step of the checkpoint that was carried over, or null for a start from nothing. */
  resumedFrom: number | null;
};

type Run = Resumable & { datasetId: string; evaluationSetId: string | null; config: RunConfig };

/**
 * Writes everything the child reads. The data is written once for all attempts of a run. Without a
 * fingerprint nothing is resumed.
 * @param say takes a line for the log of the run.
 * @throws InvalidStateError when an earlier checkpoint has another fingerprint; StoreAwayError.
 */
export async function prepareAttempt(
  app: Pick<App, 'db' | 'sql' | 'store' | 'config' | 'log'>,
  lease: Lease,
  run: Run,
  model: BaseModel,
  fingerprint: Fingerprint | null,
  say: (line: string) => Promise<void>,
  stop: AbortSignal,
): Promise<Prepared> {
  const { runId, epoch } = lease;
  const paths = attemptPaths(app.config.dataDir, runId, epoch);
  // Whatever a lost process of the same attempt number may have left.
  await rm(paths.attemptDir, { recursive: true, force: true });
  await mkdir(paths.attemptDir, { recursive: true });
  await writeData(app, run, paths.runDir);
  if (fingerprint) {
    await untilStored(stop, app.log, () =>
      fenced(app, lease, (tx) =>
        tx.runAttempt.update({
          where: { runId_epoch: { runId, epoch } },
          data: { fingerprint },
        }),
      ),
    );
  }
  const resumedFrom = fingerprint
    ? await carryCheckpoint(app, run, paths.attemptDir, fingerprint, say, stop)
    : null;
  const configFile = join(paths.attemptDir, 'config.json');
  const evaluated = await evaluatedSteps(app.sql, runId);
  const config = tunixConfig(run.config, model, paths, evaluated);
  await writeFile(configFile, `${JSON.stringify(config, null, 2)}\n`);
  return { ...paths, configFile, resumedFrom };
}

async function writeData(
  app: Pick<App, 'sql'>,
  run: { datasetId: string; evaluationSetId: string | null },
  runDir: string,
) {
  // An earlier attempt wrote the same; datasets and evaluation sets never change.
  if (existsSync(join(runDir, 'data'))) return;
  const draft = await mkdtemp(join(runDir, 'data-'));
  for (const split of ['TRAIN', 'EVAL', 'TEST'] as const) {
    const records =
      split === 'TEST' && run.evaluationSetId
        ? setRecords(app.sql, run.evaluationSetId)
        : traceRecords(app.sql, run.datasetId, split);
    const lines = async function* () {
      for await (const record of records) yield `${JSON.stringify(record)}\n`;
    };
    const file = createWriteStream(join(draft, `${split.toLowerCase()}.jsonl`));
    await pipeline(lines, file);
  }
  await rename(draft, join(runDir, 'data')).catch(async (error: NodeJS.ErrnoException) => {
    await rm(draft, { recursive: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}

async function* traceRecords(sql: App['sql'], datasetId: string, split: Split) {
  for await (const { id, payload } of readItems(sql, datasetId, split)) {
    yield trainingRecord(id, payload);
  }
}

/** An item of an evaluation set as the training process reads it: nobody says how it is solved. */
async function* setRecords(sql: App['sql'], setId: string) {
  for await (const { id, prompt, answer } of readSetRecords(sql, setId)) {
    yield { id, prompt, steps: [], answer };
  }
}
