/** Lays out the folder of an attempt: data files, config, and the checkpoint to go on from. */
import { createWriteStream, existsSync } from 'node:fs';
import {
  cp,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Split } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { readItems } from '../datasets/read.ts';
import { trainingRecord } from '../datasets/render.ts';
import { readSetRecords } from '../evaluationSets/read.ts';
import { type AttemptPaths, attemptPaths, tunixConfig } from '../tunix/config.ts';
import type { BaseModel } from '../tunix/models.ts';
import { evaluatedSteps } from './checkpoints.ts';
import { type Fingerprint, requireSame } from './fingerprint.ts';
import type { Lease } from './lease.ts';
import type { RunConfig } from './model.ts';

const FINGERPRINT = 'fingerprint.json';

export type Prepared = AttemptPaths & {
  configFile: string;
  /** The step of the checkpoint that was carried over, or null for a start from nothing. */
  resumedFrom: number | null;
};

/**
 * Writes everything the child reads. The data is written once for all attempts of a run. Without a
 * fingerprint nothing is resumed.
 * @throws InvalidStateError when an earlier checkpoint has another fingerprint.
 */
export async function prepareAttempt(
  app: Pick<App, 'sql' | 'config'>,
  lease: Lease,
  run: { datasetId: string; evaluationSetId: string | null; config: RunConfig },
  model: BaseModel,
  fingerprint: Fingerprint | null,
): Promise<Prepared> {
  const paths = attemptPaths(app.config.dataDir, lease.runId, lease.epoch);
  // Whatever a lost process of the same attempt number may have left.
  await rm(paths.attemptDir, { recursive: true, force: true });
  await mkdir(paths.attemptDir, { recursive: true });
  await writeData(app, run, paths.runDir);
  const resumedFrom = fingerprint
    ? await carryCheckpoint(app.config.dataDir, lease, paths.attemptDir, fingerprint)
    : null;
  const configFile = join(paths.attemptDir, 'config.json');
  const evaluated = await evaluatedSteps(app.sql, lease.runId);
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

/** The committed checkpoints of an attempt, newest first: Orbax names a folder when it is complete. */
async function checkpointSteps(attemptDir: string): Promise<number[]> {
  const names = await readdir(join(attemptDir, 'checkpoints')).catch(() => []);
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => b - a);
}

/**
 * Gives the attempt its own copy of the newest checkpoint of the attempts before it. Its own, because
 * a runner that lost its lease may not have noticed yet and still writes to its folder.
 */
async function carryCheckpoint(
  dataDir: string,
  lease: Lease,
  attemptDir: string,
  fingerprint: Fingerprint,
) {
  await writeFile(join(attemptDir, FINGERPRINT), JSON.stringify(fingerprint, null, 2));
  for (let epoch = lease.epoch - 1; epoch > 0; epoch--) {
    const before = attemptPaths(dataDir, lease.runId, epoch).attemptDir;
    const [step] = await checkpointSteps(before);
    if (step === undefined) continue;
    const made = await readFile(join(before, FINGERPRINT), 'utf8');
    requireSame(JSON.parse(made) as Fingerprint, fingerprint);
    // Moved in place when it is whole: a step under `checkpoints` counts as committed.
    const draft = join(attemptDir, 'carried');
    await linkTree(join(before, 'checkpoints', String(step)), draft);
    await mkdir(join(attemptDir, 'checkpoints'), { recursive: true });
    await rename(draft, join(attemptDir, 'checkpoints', String(step)));
    return step;
  }
  return null;
}

/** Copies a folder by hard links, which cost nothing; files of a checkpoint are never rewritten. */
async function linkTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linkTree(source, target);
    // Across file systems there are no hard links.
    else await link(source, target).catch(() => cp(source, target));
  }
}
