/**
 * Objects as files of a folder. A file of the same file system comes and goes by hard link, without a
 * copy; it is on the disk before it has its name, so what has a name is whole.
 */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import {
  chmod,
  copyFile,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  stat,
  utimes,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestOf } from './digest.ts';
import { BrokenObjectError, StoreAwayError } from './faults.ts';
import { openInside } from './openInside.ts';
import { type ByteRange, isDigest, type LocalFile, type ObjectStore, placeOf } from './store.ts';

const DRAFT = '.draft-';

/** What `link` says where it cannot link: other file systems, too many links, no links at all. */
const NO_LINK = ['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/** A store in a folder, which is made with the first object. */
export function openDirectoryStore(root: string): ObjectStore {
  const at = (sha256: string) => join(root, placeOf(sha256));

  /** Faults of the disk are the store's; those of the file that is brought are not. */
  const onDisk = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw awayOr(root, error);
    }
  };

  const sizeOf = (sha256: string) =>
    onDisk(async () => {
      const found = await lstat(at(sha256)).catch(unlessMissing);
      return found?.isFile() ? found.size : null;
    });

  return {
    put: ({ file, sha256, size }) =>
      onDisk(async () => {
        const target = at(sha256);
        if ((await sizeOf(sha256)) === size) {
          // As if it came now: a sweep that is under way must not take it for an old one.
          await utimes(target, new Date(), new Date());
          return;
        }
        const folder = dirname(target);
        await mkdir(folder, { recursive: true });
        const draft = join(folder, `${DRAFT}${randomUUID()}`);
        try {
          await linkOrCopy(file, draft);
          // A link that took the place of the file would lead what follows to another one.
          if (!(await lstat(draft)).isFile()) throw new Error(`${file} is no regular file`);
          // It may be the attempt's own file; whoever writes there after this would change an object.
          await chmod(draft, 0o444);
          await utimes(draft, new Date(), new Date());
          await sync(draft);
          await rename(draft, target);
          await sync(folder);
        } finally {
          // `rename` leaves it when both names are of one file already.
          await rm(draft, { force: true });
        }
      }),

    sizeOf,

    open: (sha256, range?: ByteRange) =>
      onDisk(async () => {
        const file = await openInside(root, placeOf(sha256));
        return file?.createReadStream(range) ?? null;
      }),

    async fetch({ file, sha256 }, signal) {
      await onDisk(async () => {
        const source = await openInside(root, placeOf(sha256));
        if (!source) throw new BrokenObjectError(sha256, 'is missing');
        await source.close();
        await linkOrCopy(at(sha256), file);
      });
      await requireDigest(file, sha256, signal);
    },

    remove: (sha256s) =>
      onDisk(async () => {
        for (const sha256 of sha256s) await rm(at(sha256), { force: true, recursive: true });
      }),

    async *list() {
      for (const name of await onDisk(() => foldersOf(root))) {
        const folder = join(root, name);
        const names = await onDisk(() => readdir(folder).catch(unlessMissing));
        const found = (names ?? []).filter(isDigest).map(async (sha256) => {
          const entry = await lstat(join(folder, sha256)).catch(unlessMissing);
          return entry ? [{ sha256, size: entry.size, storedAt: entry.mtime }] : [];
        });
        yield (await onDisk(() => Promise.all(found))).flat();
      }
    },

    sweepUnfinished: (before) =>
      onDisk(async () => {
        for (const name of await foldersOf(root)) {
          const drafts = (await readdir(join(root, name))).filter((each) => each.startsWith(DRAFT));
          for (const draft of drafts) {
            const file = join(root, name, draft);
            const found = await stat(file).catch(unlessMissing);
            if (found && found.ctime < before) await rm(file, { force: true });
          }
        }
      }),

    close() {},
  };
}

const foldersOf = async (root: string): Promise<string[]> =>
  ((await readdir(root).catch(unlessMissing)) ?? []).filter((name) => /^[0-9a-f]{2}$/.test(name));

/** Gives a file a second name, or a second self where that cannot be. */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!NO_LINK.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  }
}

/** Removes the file and throws when its bytes are not those of the digest. */
async function requireDigest(file: LocalFile['file'], sha256: string, signal?: AbortSignal) {
  try {
    const found = await digestOf(file, signal);
    if (found.sha256 !== sha256) throw new BrokenObjectError(sha256, `has digest ${found.sha256}`);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

/** Waits until a file or a folder is on the disk, not only in memory. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Null for what is not there; every other fault goes on. */
function unlessMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}

const REMEDIES: Record<string, string> = {
  ENOSPC: 'The disk is full. Free space there, or lower CHECKPOINTS_KEPT.',
  EDQUOT: 'The quota of the disk is used up. Free space there, or lower CHECKPOINTS_KEPT.',
  EACCES: 'Let the user of this process write there.',
  ENOTDIR: 'Something that is no folder is in its way. Remove that, or set another DATA_DIR.',
  EROFS: 'It is read only. Mount it for writing.',
  EIO: 'The disk does not work. Look at the log of the machine.',
  ESTALE: 'The network share is gone. Mount it again.',
};

/** What a fault of the disk means for what is kept under `root`; every other error is given back. */
export function awayOr(root: string, error: unknown): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  const remedy = REMEDIES[code];
  if (!remedy) return error;
  return new StoreAwayError(`The artifact folder ${root} cannot be used (${code}).`, remedy);
}
