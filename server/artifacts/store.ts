/**
 * Where the bytes of artifacts are: objects named by the sha256 of their content. Equal files are one
 * object, storing one again changes nothing, and whoever fetches one can tell whether it is whole.
 * Which objects are needed is known to the rows of `artifacts` alone; see `keep.ts`.
 */
import type { Readable } from 'node:stream';

/** A file on this machine that is, or shall be, an object. */
export type LocalFile = { file: string; sha256: string; size: number };

/** Bytes from `start` to `end`, both included. */
export type ByteRange = { start: number; end: number };

export type StoredObject = { sha256: string; size: number; storedAt: Date };

/** Every method throws StoreAwayError when the store cannot be used. */
export type ObjectStore = {
  /** Stores a file, which must not change any more; an object that is there counts as new. */
  put(file: LocalFile, signal?: AbortSignal): Promise<void>;
  /** Its size in bytes; null when there is none. */
  sizeOf(sha256: string): Promise<number | null>;
  /** Its bytes, or a part of them; null when there is none. The caller destroys the stream. */
  open(sha256: string, range?: ByteRange): Promise<Readable | null>;
  /**
   * Makes a file of an object; the file is not there before.
   * @throws BrokenObjectError when it is missing, or is not what its name says; there is no file then.
   */
  fetch(object: LocalFile, signal?: AbortSignal): Promise<void>;
  /** Removes objects; one that is gone already is fine. */
  remove(sha256s: string[]): Promise<void>;
  /** Everything there is, in pages. */
  list(): AsyncIterable<StoredObject[]>;
  /** Removes what was begun before then and never became an object. */
  sweepUnfinished(before: Date): Promise<void>;
  close(): void;
};

/** Whether a text can name an object. */
export const isDigest = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/** The place of an object below the root of a store: 256 folders, so that none grows large. */
export const placeOf = (sha256: string): string => {
  // What names an object comes from rows that the database checks; this holds if one ever does not.
  if (!isDigest(sha256)) throw new Error('an object is named by 64 hexadecimal digits');
  return `${sha256.slice(0, 2)}/${sha256}`;
};
