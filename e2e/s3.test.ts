import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BrokenObjectError, StoreAwayError } from '../server/artifacts/faults.ts';
import { openS3Store } from '../server/artifacts/s3.ts';
import { placeOf, type StoredObject } from '../server/artifacts/store.ts';
import { sha256 } from '../server/lib/canonical.ts';
import { openProxy } from './proxy.ts';
import { BUCKET, type S3Server, startS3, storeSettings } from './s3Server.ts';

/** More than two parts. */
const LARGE = 20 * 1024 * 1024;

let server: S3Server;
let dir: string;
let count = 0;

beforeAll(async () => {
  server = await startS3();
  dir = await mkdtemp(join(tmpdir(), 'tunix-rt-s3-files-'));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

/** A new file with this content, as `put` takes it. */
async function make(content: string | Buffer) {
  const file = join(dir, `source-${++count}`);
  await writeFile(file, content);
  return { file, sha256: sha256(content), size: Buffer.byteLength(content) };
}

/** A store of its own for each test. */
const openOwn = (changes: Record<string, string> = {}) => {
  const prefix = `test-${++count}/`;
  const settings = storeSettings({ ...server.settings(prefix), ...changes });
  const keyOf = (digest: string) => ({ Bucket: BUCKET, Key: `${prefix}${placeOf(digest)}` });
  return { store: openS3Store(settings), keyOf };
};

describe('an S3 store', () => {
  test('gives back what was put, whole and in parts, and lists it', async () => {
    const { store } = openOwn();
    const object = await make('0123456789');
    await store.put(object);
    expect(await store.sizeOf(object.sha256)).toBe(10);
    const read = async (range?: { start: number; end: number }) => {
      const body = await store.open(object.sha256, range);
      return body && text(body);
    };
    expect(await read()).toBe('0123456789');
    expect(await read({ start: 3, end: 5 })).toBe('345');
    const pages: StoredObject[][] = [];
    for await (const page of store.list()) pages.push(page);
    expect(pages.flat()).toEqual([{ sha256: object.sha256, size: 10, storedAt: expect.any(Date) }]);
  });

  test('stores an empty file', async () => {
    const { store } = openOwn();
    const object = await make('');
    await store.put(object);
    expect(await store.sizeOf(object.sha256)).toBe(0);
    const file = join(dir, 'empty');
    await store.fetch({ ...object, file });
    expect(await readFile(file, 'utf8')).toBe('');
  });

  test('sends a large file in parts, and gets it back bit by bit the same', async () => {
    const { store, keyOf } = openOwn();
    const object = await make(randomBytes(LARGE));
    await store.put(object);
    const { ETag } = await server.client.send(new HeadObjectCommand(keyOf(object.sha256)));
    expect(ETag).toMatch(/-3"$/);
    const file = join(dir, 'fetched-large');
    await store.fetch({ ...object, file });
    expect(sha256(await readFile(file))).toBe(object.sha256);
  });

  test('does not send again what is there', async () => {
    const { store, keyOf } = openOwn();
    const object = await make('same');
    await store.put(object);
    const first = await server.client.send(new HeadObjectCommand(keyOf(object.sha256)));
    // The file is not even looked at.
    await store.put({ ...object, file: join(dir, 'nowhere') });
    const second = await server.client.send(new HeadObjectCommand(keyOf(object.sha256)));
    expect(second.LastModified).toEqual(first.LastModified);
  });

  test('knows what is missing', async () => {
    const { store } = openOwn();
    const digest = sha256('never stored');
    expect(await store.sizeOf(digest)).toBeNull();
    expect(await store.open(digest)).toBeNull();
    const fetched = store.fetch({ file: join(dir, 'missing'), sha256: digest, size: 1 });
    await expect(fetched).rejects.toThrow(BrokenObjectError);
    await store.remove([digest]);
  });

  test('refuses to fetch what somebody changed, and leaves no file', async () => {
    const { store, keyOf } = openOwn();
    const object = await make('right');
    await server.client.send(new PutObjectCommand({ ...keyOf(object.sha256), Body: 'wrong' }));
    const file = join(dir, 'spoilt');
    await expect(store.fetch({ ...object, file })).rejects.toThrow(/has digest/);
    await expect(readFile(file)).rejects.toThrow(/ENOENT/);
  });

  test('removes many at once', async () => {
    const { store } = openOwn();
    const objects = await Promise.all(['a', 'b', 'c'].map(make));
    for (const object of objects) await store.put(object);
    await store.remove(objects.map(({ sha256: digest }) => digest));
    for (const object of objects) expect(await store.sizeOf(object.sha256)).toBeNull();
  });
});

describe('an upload that is cut off', () => {
  const unfinished = async () =>
    (await server.client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }))).Uploads ?? [];

  test('by the network leaves no object, and says so', async () => {
    await using proxy = await openProxy(server.url);
    const { store } = openOwn({ S3_ENDPOINT: proxy.url });
    const direct = openOwn().store;
    const object = await make(randomBytes(LARGE));
    const put = store.put(object);
    const cutting = setInterval(() => proxy.cut(), 5);
    try {
      await expect(put).rejects.toThrow(StoreAwayError);
    } finally {
      clearInterval(cutting);
    }
    expect(await store.sizeOf(object.sha256)).toBeNull();
    expect(await direct.sizeOf(object.sha256)).toBeNull();
  });

  test('by its caller leaves neither object nor parts', async () => {
    const { store } = openOwn();
    const object = await make(randomBytes(LARGE));
    const before = (await unfinished()).length;
    const stop = new AbortController();
    const put = store.put(object, stop.signal);
    setImmediate(() => stop.abort());
    await expect(put).rejects.toThrow();
    expect(await store.sizeOf(object.sha256)).toBeNull();
    expect(await unfinished()).toHaveLength(before);
  });

  test('by the end of its process is swept away later', async () => {
    const { store, keyOf } = openOwn();
    const { UploadId } = await server.client.send(
      new CreateMultipartUploadCommand(keyOf(sha256('half'))),
    );
    const isThere = async () => (await unfinished()).some((each) => each.UploadId === UploadId);
    await store.sweepUnfinished(new Date(0));
    expect(await isThere()).toBe(true);
    await store.sweepUnfinished(new Date(Date.now() + 3_600_000));
    expect(await isThere()).toBe(false);
  });
});

describe('a store that cannot be used', () => {
  const fault = async (changes: Record<string, string>) => {
    const { store } = openOwn(changes);
    const object = await make('x');
    const errors = await Promise.all(
      [store.put(object), store.open(object.sha256), store.remove([object.sha256])].map((each) =>
        each.then(
          () => null,
          (error: unknown) => error,
        ),
      ),
    );
    for (const error of errors) expect(error).toBeInstanceOf(StoreAwayError);
    return errors[1] as StoreAwayError;
  };

  test('names the keys when they are wrong, and never shows them', async () => {
    for (const name of ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']) {
      const error = await fault({ [name]: 'WRONGWRONGWRONGWRONG' });
      expect(error.message).toContain('refuses the keys');
      expect(error.remedy).toContain(name);
      expect(error.message).not.toContain('WRONGWRONG');
    }
  });

  test('names the bucket when there is none', async () => {
    const error = await fault({ S3_BUCKET: 'no-such-bucket' });
    expect(error).toMatchObject({ remedy: expect.stringContaining('S3_BUCKET') });
  });

  test('names the address when nobody answers there', async () => {
    const error = await fault({ S3_ENDPOINT: 'http://127.0.0.1:1' });
    expect(error).toMatchObject({
      message: expect.stringContaining('ECONNREFUSED'),
      remedy: expect.stringContaining('S3_ENDPOINT'),
    });
  });
});
