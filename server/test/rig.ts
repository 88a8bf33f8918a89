/** A system with a runner whose training process is the stand-in. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { App } from '../app.ts';
import type { LogPart } from '../logs/model.ts';
import { readAll } from '../logs/read.ts';
import { createRun } from '../runs/create.ts';
import type { CreateRunInput } from '../runs/model.ts';
import { makeDataset } from './make.ts';
import type { Behaviour } from './standInTrainer.ts';

const TRAINER = fileURLToPath(new URL('./standInTrainer.ts', import.meta.url));

/** Puts an executable stand-in for Python into a data folder, and says where. */
export async function writeStandIn(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  const python = join(dataDir, 'python-stand-in');
  const script = `#!/bin/sh\nexec '${process.execPath}' '${TRAINER}' "$@"\n`;
  await writeFile(python, script, { mode: 0o755 });
  return python;
}

/**
 * The app with the stand-in as its Python. A test that waits for a lease to run out gives a short one;
 * to every other a moment without this process, on a busy machine, must not cost its lease.
 */
export async function withStandIn(
  app: App,
  leaseSeconds = app.config.runner.leaseSeconds,
): Promise<App> {
  const { dataDir, tunix, runner } = app.config;
  const python = await writeStandIn(dataDir);
  return {
    ...app,
    config: {
      ...app.config,
      cacheDir: join(dataDir, 'cache'),
      tunix: { ...tunix, readyPython: python },
      runner: { ...runner, leaseSeconds, stopGraceSeconds: 1 },
    },
  };
}

/** Says what the next training process does. */
export const behave = (app: App, behaviour: Behaviour): Promise<void> =>
  writeFile(join(app.config.dataDir, 'behaviour.json'), JSON.stringify(behaviour));

/** A queued LOCAL run on a new dataset of 4 + 2 + 4 items. */
export async function queueRun(app: App, input: Partial<CreateRunInput> = {}) {
  const dataset = await makeDataset(app, { train: 4, eval: 2, test: 4 });
  const { id } = await createRun(app, {
    datasetKey: dataset.key,
    modelId: 'qwen3-tiny',
    mode: 'LOCAL',
    hyperparameters: { batchSize: 2, numEpochs: 5 },
    ...input,
  });
  return { id, dataset };
}

/** Waits until the condition, looked at every `interval` ms, gives something; fails after 20 s. */
export const until = async <T>(
  condition: () => Promise<T | null | undefined | false>,
  interval = 20,
): Promise<T> => {
  let value: T | null | undefined | false = null;
  await expect
    .poll(async () => (value = await condition()), { timeout: 20_000, interval })
    .toBeTruthy();
  return value as T;
};

/** The whole log of a run as it is stored, and whether its numbers have no gap. */
export async function storedLog(app: App, runId: string) {
  const parts: LogPart[] = [];
  let next = 1;
  for await (const part of readAll(app.sql, runId)) {
    expect(part.firstSeq).toBe(next);
    next = part.lastSeq + 1;
    parts.push(part);
  }
  const of = (stream: 'STDOUT' | 'STDERR' | 'SYSTEM') =>
    Buffer.concat(parts.filter((part) => part.stream === stream).map((part) => part.data));
  return {
    stdout: of('STDOUT'),
    stderr: of('STDERR'),
    system: of('SYSTEM'),
    lines: next - 1,
  };
}

/** Everything a source gives, to its end. */
export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of source) all.push(each);
  return all;
}
