/**
 * What a checkpoint depends on. An attempt goes on from an earlier one only when all of it is the
 * same: Orbax would restore other weights without a word, or fail with a shape nobody understands.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidStateError } from '../../errors.ts';
import { contentHash, sha256 } from '../../lib/canonical.ts';
import type { BaseModel } from '../../tunix/models.ts';
import type { Runtime } from '../../tunix/runtime.ts';
import type { RunConfig } from '../model.ts';

export type Fingerprint = {
  /** Digest of everything the run asks for. */
  config: string;
  /** Content hash of the dataset. */
  dataset: string;
  /** Digest of the model folder; the built-in model follows from config and dataset. */
  model: string;
  tunix: string;
  jax: string;
};

/** Files up to this size are hashed whole; of weights, which are larger, name and size count. */
const WHOLE_BYTES = 16 * 1024 * 1024;

async function modelDigest(model: BaseModel): Promise<string> {
  if (!model.dir) return 'built-in';
  const files: [string, number, string | null][] = [];
  for (const name of (await readdir(model.dir)).toSorted()) {
    const path = join(model.dir, name);
    const { size } = await stat(path);
    files.push([name, size, size <= WHOLE_BYTES ? sha256(await readFile(path)) : null]);
  }
  return contentHash(files);
}

/** Takes the fingerprint of an attempt. The model must be in its place. */
export async function takeFingerprint(
  run: { config: RunConfig; datasetHash: string },
  model: BaseModel,
  runtime: Runtime,
): Promise<Fingerprint> {
  return {
    config: contentHash(run.config),
    dataset: run.datasetHash,
    model: await modelDigest(model),
    tunix: runtime.tunix,
    jax: runtime.jax,
  };
}

/**
 * Lets an attempt go on from an earlier one of the same fingerprint.
 * @throws InvalidStateError that names what is different.
 */
export function requireSame(before: Fingerprint, now: Fingerprint): void {
  const keys = Object.keys(now) as (keyof Fingerprint)[];
  const different = keys.filter((key) => before[key] !== now[key]);
  if (different.length === 0) return;
  throw new InvalidStateError(
    `The checkpoint of the earlier attempt was made with another ${different.join(' and ')}; it ` +
      'cannot be resumed. Clone the run to train anew.',
    'RUNNING',
  );
}
