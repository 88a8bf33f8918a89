import { execFileSync } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test as base, describe, expect } from 'vitest';
import { sha256 } from '../lib/canonical.ts';
import { openDirectoryStore } from './directory.ts';
import { BrokenObjectError, StoreAwayError } from './faults.ts';
import { type ObjectStore, placeOf, type StoredObject } from './store.ts';

type Rig = {
  store: ObjectStore;
  /** The folder of the store. */
  root: string;
  /** A folder beside it. */
  dir: string;
  /** A new file with this content, as `put` takes it. */
  make(content: string | Buffer): Promise<{ file: string; sha256: string; size: number }>;
};

const test = base.extend<{ rig: Rig }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixtures from the pattern.
  rig: async ({}, use) => {
    const dir = await mkdtemp(join(tmpdir(), 'tunix-rt-store-'));
    const root = join(dir, 'artifacts');
    let count = 0;
    const make: Rig['make'] = async (content) => {
      const file = join(dir, `source-${++count}`);
      await writeFile(file, content);
      return { file, sha256: sha256(content), size: Buffer.byteLength(content) };
    };
    await use({ store: openDirectoryStore(root), root, dir, make });
    await rm(dir, { recursive: true, force: true });
  },
});

const listOf = async (store: ObjectStore) => {
  const all: StoredObject[] = [];
  for await (const page of store.list()) all.push(...page);
  return all.map(({ sha256: name, size }) => ({ sha256: name, size }));
};

const readOf = async (store: ObjectStore, name: string, range?: { start: number; end: number }) => {
  const body = await store.open(name, range);
  return body && text(body);
};

describe('a directory store', () => {
  test('gives back what was put, whole and in parts', async ({ rig: { store, make } }) => {
    const object = await make('0123456789');
    await store.put(object);
    expect(await store.sizeOf(object.sha256)).toBe(10);
    expect(await readOf(store, object.sha256)).toBe('0123456789');
    expect(await readOf(store, object.sha256, { start: 3, end: 5 })).toBe('345');
    expect(await listOf(store)).toEqual([{ sha256: object.sha256, size: 10 }]);
  });

  test('has an object by hard link, which nobody may write to', async ({
    rig: { store, root, make },
  }) => {
    const object = await make('weights');
    await store.put(object);
    const stored = await stat(join(root, placeOf(object.sha256)));
    expect(stored.ino).toBe((await stat(object.file)).ino);
    expect(stored.mode & 0o777).toBe(0o444);
  });

  test('stores equal files once, and leaves no other name behind', async ({
    rig: { store, root, make },
  }) => {
    const objects = await Promise.all(Array.from({ length: 8 }, () => make('same')));
    await Promise.all(objects.map((object) => store.put(object)));
    await store.put(objects[0] as (typeof objects)[0]);
    expect(await listOf(store)).toHaveLength(1);
    expect(await readdir(join(root, objects[0]?.sha256.slice(0, 2) ?? ''))).toHaveLength(1);
  });

  test('keeps what it has when the file it came from is gone', async ({ rig: { store, make } }) => {
    const object = await make('kept');
    await store.put(object);
    await rm(object.file);
    expect(await readOf(store, object.sha256)).toBe('kept');
  });

  test('counts an object that is put again as new', async ({ rig: { store, root, make } }) => {
    const object = await make('again');
    await store.put(object);
    await utimes(join(root, placeOf(object.sha256)), 0, 0);
    await store.put(object);
    for await (const page of store.list()) {
      expect(Date.now() - (page[0]?.storedAt.getTime() ?? 0)).toBeLessThan(60_000);
    }
  });

  test('replaces an object of the wrong size', async ({ rig: { store, root, make } }) => {
    const object = await make('right');
    await mkdir(join(root, object.sha256.slice(0, 2)), { recursive: true });
    await writeFile(join(root, placeOf(object.sha256)), 'cut of');
    await store.put(object);
    expect(await readOf(store, object.sha256)).toBe('right');
  });

  test('fetches by hard link what is whole', async ({ rig: { store, dir, make } }) => {
    const object = await make('checkpoint');
    await store.put(object);
    const file = join(dir, 'fetched');
    await store.fetch({ ...object, file });
    expect((await stat(file)).ino).toBe((await stat(object.file)).ino);
  });

  test('refuses to fetch what is missing or spoilt, and leaves no file', async ({
    rig: { store, root, dir, make },
  }) => {
    const object = await make('checkpoint');
    const file = join(dir, 'fetched');
    await expect(store.fetch({ ...object, file })).rejects.toThrow(BrokenObjectError);
    await store.put(object);
    await chmod(join(root, placeOf(object.sha256)), 0o644);
    await writeFile(join(root, placeOf(object.sha256)), 'checkpoinT');
    await expect(store.fetch({ ...object, file })).rejects.toThrow(/has digest/);
    await expect(readFile(file)).rejects.toThrow(/ENOENT/);
  });

  test('removes objects, and those that are gone already', async ({ rig: { store, make } }) => {
    const object = await make('old');
    await store.put(object);
    await store.remove([object.sha256, sha256('never there')]);
    expect(await store.sizeOf(object.sha256)).toBeNull();
    expect(await store.open(object.sha256)).toBeNull();
  });

  test('is empty before anything is put', async ({ rig: { store } }) => {
    expect(await listOf(store)).toEqual([]);
    expect(await store.sizeOf(sha256('x'))).toBeNull();
    await store.sweepUnfinished(new Date());
  });

  test('sweeps what was never stored to its end, and nothing else', async ({
    rig: { store, root, make },
  }) => {
    const object = await make('whole');
    await store.put(object);
    const folder = join(root, object.sha256.slice(0, 2));
    await writeFile(join(folder, '.draft-x'), 'half');
    await store.sweepUnfinished(new Date(0));
    expect(await readdir(folder)).toHaveLength(2);
    await store.sweepUnfinished(new Date(Date.now() + 60_000));
    expect(await readdir(folder)).toEqual([object.sha256]);
  });

  test('copies across file systems', async ({ rig: { store, root, make } }) => {
    // On Linux the folder for shared memory is a file system of its own.
    const other = await mkdtemp('/dev/shm/tunix-rt-store-');
    try {
      const object = await make('from afar');
      const file = join(other, 'source');
      await rename(object.file, file).catch(() => writeFile(file, 'from afar'));
      await store.put({ ...object, file });
      expect(await readOf(store, object.sha256)).toBe('from afar');
      expect((await stat(join(root, placeOf(object.sha256)))).ino).not.toBe((await stat(file)).ino);
      const fetched = join(other, 'fetched');
      await store.fetch({ ...object, file: fetched });
      expect(await readFile(fetched, 'utf8')).toBe('from afar');
    } finally {
      await rm(other, { recursive: true });
    }
  });

  test('refuses a link instead of a file', async ({ rig: { store, dir, make } }) => {
    const object = await make('x');
    const file = join(dir, 'link');
    await symlink(object.file, file);
    const before = (await stat(object.file)).mode;
    await expect(store.put({ ...object, file })).rejects.toThrow(/no regular file/);
    expect((await stat(object.file)).mode).toBe(before);
    expect(await store.sizeOf(object.sha256)).toBeNull();
  });

  test('says what to do when its folder cannot be used', async ({ rig: { dir, make } }) => {
    // A file in its way: nobody can write there, not even root.
    await writeFile(join(dir, 'file'), '');
    const blocked = openDirectoryStore(join(dir, 'file', 'artifacts'));
    const put = blocked.put(await make('x'));
    await expect(put).rejects.toThrow(StoreAwayError);
    await expect(put).rejects.toMatchObject({ remedy: expect.stringContaining('DATA_DIR') });
  });
});

describe('an object that somebody replaced', () => {
  test.for(['/etc/passwd', '/proc/self/environ', '../../source-1'])(
    'by a link to %s is not read',
    async (target, { rig: { store, root, make } }) => {
      const object = await make('0123456789');
      await store.put(object);
      await rm(join(root, placeOf(object.sha256)));
      await symlink(target, join(root, placeOf(object.sha256)));
      expect(await store.open(object.sha256)).toBeNull();
      expect(await store.sizeOf(object.sha256)).toBeNull();
    },
  );

  test('by a FIFO or a folder is not waited for', async ({ rig: { store, root, make } }) => {
    const object = await make('0123456789');
    await store.put(object);
    const place = join(root, placeOf(object.sha256));
    await rm(place);
    execFileSync('mkfifo', [place]);
    expect(await store.open(object.sha256)).toBeNull();
    await rm(place);
    await mkdir(place);
    expect(await store.open(object.sha256)).toBeNull();
  });

  test('with its folder by a link to another is not read', async ({
    rig: { store, root, dir, make },
  }) => {
    const object = await make('0123456789');
    await store.put(object);
    const folder = join(root, object.sha256.slice(0, 2));
    // A sibling whose name begins like the folder of the store.
    await rename(folder, join(dir, 'artifacts-beside'));
    await symlink(join(dir, 'artifacts-beside'), folder);
    expect(await store.open(object.sha256)).toBeNull();
  });
});

describe('the place of an object', () => {
  test.for(['../../etc/passwd', '%2e%2e%2f', '', 'A'.repeat(64), `${'a'.repeat(64)}/..`, '\0'])(
    'has no way for %j',
    (name) => {
      expect(() => placeOf(name)).toThrow(/64 hexadecimal digits/);
    },
  );
});
