/**
 * Brings a file to the server, however often the connection is lost: the key of the import names it,
 * the server says how many bytes are stored for certain, and the rest is sent again from there.
 */
import type { ImportStatus } from '../gql/graphql.ts';

export type SendAnswer =
  /** The server read everything, or ended the import itself. */
  | { kind: 'answered' }
  /** It will not take it; sending again would not help. */
  | { kind: 'refused'; message: string }
  | { kind: 'lost' };

export type StoredImport = { status: ImportStatus; bytes: number };

export type SendWays = {
  /** Sends the body that begins at `offset` of the file. */
  post: (body: Blob, offset: number) => Promise<SendAnswer>;
  /** What the server has of the import; null when it knows nothing. Rejects while it is away. */
  stored: () => Promise<StoredImport | null>;
  /** Waits, less long when the network comes back. */
  wait: (ms: number) => Promise<void>;
  onLost: () => void;
  onSending: (offset: number) => void;
};

export type SendEnd = { kind: 'ended' } | { kind: 'refused'; message: string } | { kind: 'lost' };

/** Attempts in a row without one more byte stored, after which a person decides. */
const MAX_ATTEMPTS = 8;
const LONGEST_WAIT_MS = 5_000;

const isOver = (status: ImportStatus) => status !== 'RUNNING' && status !== 'INTERRUPTED';

/** Sends `blob`; `canSlice` is false for packed files, whose bytes are counted unpacked. */
export async function sendImport(blob: Blob, canSlice: boolean, ways: SendWays): Promise<SendEnd> {
  let attempts = 0;
  let reached = 0;
  for (;;) {
    const offset = canSlice ? reached : 0;
    ways.onSending(reached);
    const answer = await ways.post(offset > 0 ? blob.slice(offset) : blob, offset);
    if (answer.kind === 'answered') return { kind: 'ended' };
    if (answer.kind === 'refused') return answer;
    ways.onLost();
    let stored: StoredImport | null | undefined;
    while (stored === undefined) {
      if (attempts >= MAX_ATTEMPTS) return { kind: 'lost' };
      await ways.wait(Math.min(LONGEST_WAIT_MS, 250 * 2 ** attempts));
      attempts += 1;
      stored = await ways.stored().catch(() => undefined);
    }
    if (stored && isOver(stored.status)) return { kind: 'ended' };
    const bytes = stored?.bytes ?? 0;
    if (bytes > reached) attempts = 0;
    reached = bytes;
  }
}
