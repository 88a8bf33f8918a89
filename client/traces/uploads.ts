/**
 * The import that this page is sending. It lives outside of React: closing the dialog or walking to
 * another page must not stop it.
 */
import type { ImportFile } from './importFile.ts';
import type { ImportOptions } from './postImport.ts';
import { postImport } from './postImport.ts';
import { type SendWays, sendImport } from './sendImport.ts';

export type Upload = { file: ImportFile; options: ImportOptions; key: string };

export type UploadState =
  | { kind: 'idle' }
  | { kind: 'sending'; upload: Upload; isLost: boolean }
  /** The server has ended it one way or the other; its session says how. */
  | { kind: 'ended'; upload: Upload }
  | { kind: 'refused'; upload: Upload; message: string }
  /** The connection did not come back; the same upload may be started again. */
  | { kind: 'lost'; upload: Upload };

const listeners = new Set<() => void>();
let state: UploadState = { kind: 'idle' };
let abort: AbortController | undefined;

function set(next: UploadState) {
  state = next;
  for (const listener of listeners) listener();
}

/** Random enough to name an import, also where `crypto.randomUUID` is not to be had. */
const newKey = () =>
  `ui-${Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')}`;

const waitOrOnline = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    window.addEventListener('online', done);
    signal.addEventListener('abort', done);
  });

const warnOfLeaving = (event: BeforeUnloadEvent) => event.preventDefault();

type AskStored = (key: string) => ReturnType<SendWays['stored']>;

async function send(upload: Upload, askStored: AskStored) {
  const { file, options, key } = upload;
  abort = new AbortController();
  const { signal } = abort;
  const isMine = () => !signal.aborted;
  window.addEventListener('beforeunload', warnOfLeaving);
  const end = await sendImport(file.blob, !file.isGzip, {
    post: (body, offset) => postImport(file, options, { key, body, offset, signal }),
    // Who stopped it asks nothing more.
    stored: () => (isMine() ? askStored(key) : Promise.resolve({ status: 'CANCELLED', bytes: 0 })),
    wait: (ms) => waitOrOnline(ms, signal),
    onLost: () => isMine() && set({ kind: 'sending', upload, isLost: true }),
    onSending: () => isMine() && set({ kind: 'sending', upload, isLost: false }),
  });
  if (!isMine()) return;
  window.removeEventListener('beforeunload', warnOfLeaving);
  set(end.kind === 'refused' ? { ...end, upload } : { kind: end.kind, upload });
}

export const uploads = {
  get: () => state,
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  start: (file: ImportFile, options: ImportOptions, askStored: AskStored) =>
    send({ file, options, key: newKey() }, askStored),
  /** Goes on with an upload whose connection did not come back. */
  resume: (askStored: AskStored) =>
    state.kind === 'lost' ? send(state.upload, askStored) : Promise.resolve(),
  /** Stops sending; what is stored stays. */
  stop: () => {
    if (state.kind !== 'sending') return;
    abort?.abort();
    window.removeEventListener('beforeunload', warnOfLeaving);
    set({ kind: 'ended', upload: state.upload });
  },
  /** Makes room for the next one. */
  forget: () => {
    if (state.kind !== 'sending') set({ kind: 'idle' });
  },
};
