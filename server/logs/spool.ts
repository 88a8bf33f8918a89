/**
 * A queue of pieces of a log in a file, for the time in which the database is away. The file has no
 * name once it is open, so that nothing of it is left behind, however the process ends.
 */
import fs from 'node:fs';
import { dirname } from 'node:path';
import type { LogStream } from '../../prisma/generated/client/enums.ts';

/** Some whole lines of one stream, or one piece of a line that was too long. */
export type Piece = {
  stream: LogStream;
  bytes: Buffer;
  lines: number;
  /** Of a mark: what is missing where it stands. */
  lost: { bytes: number; lines: number } | null;
};

/** What a spool uses of the file system; a test may hand in one that fails. */
export type Disk = Pick<
  typeof fs,
  'mkdirSync' | 'openSync' | 'unlinkSync' | 'writeSync' | 'readSync' | 'closeSync'
>;

const STREAMS: readonly LogStream[] = ['STDOUT', 'STDERR', 'SYSTEM'];
/** Stream, lines, length of the bytes that follow. */
const HEAD_BYTES = 12;

export type Spool = ReturnType<typeof openSpool>;

/**
 * Opens a spool of at most `most` bytes; the file itself is made with the first piece. It writes and
 * reads without a wait in between, which keeps the order and, in the page cache, takes no time.
 */
export function openSpool(path: string, most: number, disk: Disk = fs) {
  let file: number | null = null;
  let begin = 0;
  let end = 0;

  const close = () => {
    if (file !== null) disk.closeSync(file);
    file = null;
    begin = 0;
    end = 0;
  };
  const open = (): number => {
    disk.mkdirSync(dirname(path), { recursive: true });
    const opened = disk.openSync(path, 'w+', 0o600);
    disk.unlinkSync(path);
    return opened;
  };
  const writeAll = (to: number, bytes: Buffer, at: number) => {
    for (let done = 0; done < bytes.length; ) {
      done += disk.writeSync(to, bytes, done, bytes.length - done, at + done);
    }
  };
  const readAll = (from: number, length: number, at: number): Buffer => {
    const bytes = Buffer.allocUnsafe(length);
    for (let done = 0; done < length; ) {
      const count = disk.readSync(from, bytes, done, length - done, at + done);
      if (count === 0) throw new Error('the spool of a log is shorter than it was');
      done += count;
    }
    return bytes;
  };

  return {
    /** Bytes on disk that were not taken yet. */
    get bytes() {
      return end - begin;
    },
    get isEmpty() {
      return begin === end;
    },
    /** Adds a piece at the end, or answers false when there is no room for it. */
    append({ stream, bytes, lines }: Piece): boolean {
      if (end + HEAD_BYTES + bytes.length > most) return false;
      const head = Buffer.alloc(HEAD_BYTES);
      head.writeUInt32LE(STREAMS.indexOf(stream), 0);
      head.writeUInt32LE(lines, 4);
      head.writeUInt32LE(bytes.length, 8);
      try {
        file ??= open();
        writeAll(file, head, end);
        writeAll(file, bytes, end + HEAD_BYTES);
      } catch {
        // A full disk, or none to write to; what was written of the piece is overwritten by the next.
        return false;
      }
      end += HEAD_BYTES + bytes.length;
      return true;
    },
    /** Takes the oldest pieces away, up to `max` bytes and at least one. Gives the disk back at the end. */
    take(max: number): Piece[] {
      const pieces: Piece[] = [];
      for (let taken = 0; file !== null && begin < end && taken < max; ) {
        const head = readAll(file, HEAD_BYTES, begin);
        const length = head.readUInt32LE(8);
        const bytes = readAll(file, length, begin + HEAD_BYTES);
        const stream = STREAMS[head.readUInt32LE(0)] ?? 'SYSTEM';
        pieces.push({ stream, bytes, lines: head.readUInt32LE(4), lost: null });
        begin += HEAD_BYTES + length;
        taken += length;
      }
      if (begin === end) close();
      return pieces;
    },
    close,
  };
}
