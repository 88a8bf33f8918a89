/**
 * Folders for the files that pass between the runner and one Python process. Each goes with the work
 * it is for; what a killed runner leaves behind is swept away later.
 */
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

type Settings = { dataDir: string };

/** Longer than any process runs that has such a folder: another runner here may still use a younger one. */
const ABANDONED_MS = 2 * 60 * 60_000;

/** Gigabytes of packages may come over a slow line. */
const UNFINISHED_MS = 24 * 60 * 60_000;

const PREFIX = 'scratch-';

/** A new empty folder; disposing removes it with all that is in it. */
export async function openScratch({
  dataDir,
}: Settings): Promise<{ dir: string } & AsyncDisposable> {
  await mkdir(dataDir, { recursive: true });
  const dir = await mkdtemp(join(dataDir, PREFIX));
  return {
    dir,
    async [Symbol.asyncDispose]() {
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Removes the folders of runners that died. */
export const sweepScratch = ({ dataDir }: Settings): Promise<void> =>
  sweep(dataDir, (name) => name.startsWith(PREFIX), ABANDONED_MS);

/** Removes Python environments that were never finished: whoever made them died over it. */
export const sweepEnvironments = ({ cacheDir }: { cacheDir: string }): Promise<void> =>
  sweep(join(cacheDir, 'python'), (name) => name.includes('.draft-'), UNFINISHED_MS);

async function sweep(parent: string, isOurs: (name: string) => boolean, ms: number): Promise<void> {
  const names = await readdir(parent).catch((): string[] => []);
  for (const name of names.filter(isOurs)) {
    const dir = join(parent, name);
    // Its owner may remove it meanwhile.
    const age = await stat(dir).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > ms) await rm(dir, { recursive: true, force: true });
  }
}
