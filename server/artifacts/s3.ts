/**
 * Objects in a bucket of a server that speaks S3. Large files go in parts; one that was cut off leaves
 * no object. What comes back is checked against its name, so no checksum header is asked of the server:
 * many of them know only some.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { hashing } from './digest.ts';
import { BrokenObjectError } from './faults.ts';
import { awayOr, isMissing, type S3Settings } from './s3Faults.ts';
import { isDigest, type LocalFile, type ObjectStore, placeOf } from './store.ts';

/** Memory of an upload: the parts under way at once. */
const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 4;
/** What S3 allows. */
const MOST_PARTS = 10_000;
const MOST_REMOVED = 1_000;
/** Longer than any sweep takes: an object of this age may be under its hand already. */
const YOUNG_MS = 30 * 60_000;
const FETCH_ATTEMPTS = 3;

/** A store in a bucket, which must be there. Nothing is loaded or asked before the first use. */
export function openS3Store(settings: S3Settings): ObjectStore {
  const { bucket: Bucket, prefix } = settings;
  const keyOf = (sha256: string) => `${prefix}${placeOf(sha256)}`;

  let loaded: Promise<{ sdk: typeof import('@aws-sdk/client-s3'); client: S3Client }> | undefined;
  const load = () => {
    loaded ??= import('@aws-sdk/client-s3').then((sdk) => ({
      sdk,
      client: connect(sdk, settings),
    }));
    return loaded;
  };

  /** Asks the server; its faults become those of the store. */
  const ask = async <T>(
    work: (sdk: typeof import('@aws-sdk/client-s3'), client: S3Client) => Promise<T>,
  ): Promise<T> => {
    const { sdk, client } = await load();
    try {
      return await work(sdk, client);
    } catch (error) {
      throw awayOr(settings, error);
    }
  };

  const headOf = (sha256: string) =>
    ask((sdk, client) =>
      client.send(new sdk.HeadObjectCommand({ Bucket, Key: keyOf(sha256) })).catch(nullIfMissing),
    );

  const get = (sha256: string, Range?: string, abortSignal?: AbortSignal) =>
    ask((sdk, client) =>
      client
        .send(
          new sdk.GetObjectCommand({ Bucket, Key: keyOf(sha256), ...(Range && { Range }) }),
          abortSignal ? { abortSignal } : {},
        )
        .catch(nullIfMissing),
    );

  const fetchOnce = async ({ file, sha256 }: LocalFile, signal?: AbortSignal) => {
    const found = await get(sha256, undefined, signal);
    if (!found) throw new BrokenObjectError(sha256, 'is missing');
    const { pass, digest } = hashing();
    try {
      const target = createWriteStream(file, { flags: 'wx' });
      await pipeline([bodyOf(found), pass, target], signal ? { signal } : {});
      if (digest() !== sha256) throw new BrokenObjectError(sha256, `has digest ${digest()}`);
    } catch (error) {
      await rm(file, { force: true });
      throw awayOr(settings, error);
    }
  };

  return {
    async put({ file, sha256, size }, signal) {
      const there = await headOf(sha256);
      // An old one is written anew: a sweep that is under way must not take it for one nobody needs.
      const age = Date.now() - (there?.LastModified?.getTime() ?? 0);
      if (there?.ContentLength === size && age < YOUNG_MS) return;
      const { Upload } = await import('@aws-sdk/lib-storage');
      await ask(async (_sdk, client) => {
        const upload = new Upload({
          client,
          params: { Bucket, Key: keyOf(sha256), Body: createReadStream(file) },
          partSize: Math.max(PART_BYTES, Math.ceil(size / MOST_PARTS)),
          queueSize: PARTS_AT_ONCE,
        });
        const stop = () => void upload.abort();
        signal?.addEventListener('abort', stop, { once: true });
        try {
          signal?.throwIfAborted();
          await upload.done();
        } finally {
          signal?.removeEventListener('abort', stop);
        }
      });
    },

    sizeOf: async (sha256) => (await headOf(sha256))?.ContentLength ?? null,

    async open(sha256, range) {
      const found = await get(sha256, range && `bytes=${range.start}-${range.end}`);
      return found && bodyOf(found);
    },

    async fetch(object, signal) {
      // The client repeats what failed before an answer; a body that broke off is ours to ask for again.
      for (let attempt = 1; ; attempt++) {
        try {
          await fetchOnce(object, signal);
          return;
        } catch (error) {
          if (error instanceof BrokenObjectError || signal?.aborted) throw error;
          if (attempt === FETCH_ATTEMPTS) throw error;
        }
      }
    },

    remove: (sha256s) =>
      ask(async (sdk, client) => {
        for (let start = 0; start < sha256s.length; start += MOST_REMOVED) {
          const Objects = sha256s
            .slice(start, start + MOST_REMOVED)
            .map((sha256) => ({ Key: keyOf(sha256) }));
          const Delete = { Objects, Quiet: true };
          await client.send(new sdk.DeleteObjectsCommand({ Bucket, Delete }));
        }
      }),

    async *list() {
      let from: string | undefined;
      do {
        const page = await ask((sdk, client) =>
          client.send(
            new sdk.ListObjectsV2Command({
              Bucket,
              Prefix: prefix,
              ...(from && { ContinuationToken: from }),
            }),
          ),
        );
        yield (page.Contents ?? []).flatMap(({ Key = '', Size = 0, LastModified }) => {
          const sha256 = Key.slice(prefix.length + 3);
          const isOurs = isDigest(sha256) && Key === keyOf(sha256);
          return isOurs && LastModified ? [{ sha256, size: Size, storedAt: LastModified }] : [];
        });
        from = page.NextContinuationToken;
      } while (from);
    },

    sweepUnfinished: (before) =>
      ask(async (sdk, client) => {
        const command = new sdk.ListMultipartUploadsCommand({ Bucket, Prefix: prefix });
        const { Uploads = [] } = await client.send(command);
        for (const { Key, UploadId, Initiated } of Uploads) {
          if (!Initiated || Initiated > before) continue;
          await client.send(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
        }
      }),

    close() {
      loaded?.then(
        ({ client }) => client.destroy(),
        () => {},
      );
    },
  };
}

function connect(sdk: typeof import('@aws-sdk/client-s3'), settings: S3Settings): S3Client {
  const { endpoint, region, credentials, forcePathStyle } = settings;
  return new sdk.S3Client({
    region,
    forcePathStyle,
    ...(endpoint && { endpoint }),
    // Without keys of ours: those of the machine, as every AWS client finds them.
    ...(credentials && { credentials }),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 60_000 },
  });
}

const bodyOf = ({ Body }: GetObjectCommandOutput): Readable => Body as Readable;

function nullIfMissing(error: unknown): null {
  if (isMissing(error)) return null;
  throw error;
}
