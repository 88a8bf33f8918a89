/** Sends a file until the server has all of it, however often the connection breaks. */
import { request } from 'node:http';
import { request as secureRequest } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ApiError,
  causeOf,
  headersOf,
  Refused,
  refusalOf,
  refused,
  type Target,
  Unreachable,
} from './ask.ts';
import type { Progress } from './progress.ts';
import { type Source, type SourceError, unreadable } from './source.ts';

/** The part of the server's answer that is read here. */
export type ImportAnswer = {
  status?: string;
  repeated?: boolean;
  lines: number;
  stored: number;
  duplicates: number;
  rejected: number;
  rejectedByCode: Record<string, number>;
  report: { line: number; message: string }[];
  error?: { code: string; message: string; bytes?: number };
  /** The options are at fault, not the file. */
  isUsage?: boolean;
};

/** How long neither side may say anything; the server ends it after five minutes. */
const SILENT_MS = 330_000;

/** What may be another time. */
class Lost extends Error {}

type Job = {
  target: Target;
  source: Source;
  options: URLSearchParams;
  /** As given; otherwise the source's own. */
  key: string | null;
  waitSeconds: number;
  progress: Progress;
  say(line: string): void;
};

type Known = { status: string; bytes: string } | null;

const NONE = { lines: 0, stored: 0, duplicates: 0, rejected: 0, rejectedByCode: {}, report: [] };
const TIMEOUT_MS = 10_000;

/**
 * Sends the source and gives the server's last word.
 * @throws Unreachable when nothing moves for `waitSeconds` or it is no server of ours; Refused when
 * the key may not do this; SourceError when the source cannot be read again.
 */
export async function upload(job: Job): Promise<ImportAnswer> {
  let key: string | null = null;
  let pause = 250;
  let since = performance.now();
  let best = -1;
  let isOpened = false;
  for (;;) {
    try {
      key ??= job.key ?? (job.source.key && (await freeKey(job.target, job.source.key)));
      const known = key === null ? null : await look(job.target, key);
      const bytes = Number(known?.bytes ?? 0);
      if (bytes > best) {
        best = bytes;
        since = performance.now();
        pause = 250;
      }
      if (known && bytes > 0 && known.status !== 'COMPLETED') {
        job.say(`Going on at byte ${bytes}.`);
      }
      isOpened = true;
      const answer = await send(job, key, bytes);
      if (answer.error?.code !== 'OFFSET_AHEAD') return answer;
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      const waited = (performance.now() - since) / 1000;
      // What was read from a pipe cannot be read again.
      if (waited >= job.waitSeconds || (isOpened && job.source.key === null)) {
        throw new Unreachable(`${job.target.url.origin} cannot be reached: ${error.message}.`);
      }
      job.progress.clear();
      job.say(`${error.message}; trying again.`);
    }
    await sleep(pause * (0.5 + Math.random() / 2));
    pause = Math.min(pause * 2, 5_000);
  }
}

/** The key, or with a number behind it where an import of it is complete: a new one begins. */
async function freeKey(target: Target, key: string): Promise<string> {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? key : `${key}.${number}`;
    if ((await look(target, candidate))?.status !== 'COMPLETED') return candidate;
  }
}

/** What the server knows of a key. */
async function look(target: Target, key: string): Promise<Known> {
  const query = 'query CliImport($key: String!) { importSession(key: $key) { id status bytes } }';
  let answer: Response;
  try {
    answer = await fetch(new URL('/graphql', target.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headersOf(target) },
      body: JSON.stringify({ query, variables: { key } }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new Lost(causeOf(error), { cause: error });
  }
  if (answer.status >= 500) throw new Lost(`the server answers ${answer.status}`);
  const body = (await answer.json().catch(() => null)) as {
    data?: { importSession: Known } | null;
    errors?: ApiError[];
  } | null;
  const [error] = body?.errors ?? [];
  if (error) {
    const refusal = refusalOf(error, target);
    // Any other error of a server that runs is its database, which comes back.
    throw isOfKey(refusal) ? refusal : new Lost(error.message);
  }
  if (!body?.data) throw new Unreachable(`${target.url.origin} is no server of Tunix RT.`);
  return body.data.importSession;
}

/** Whether the key is missing, unknown or may not do this: another try would not help. */
const isOfKey = ({ code }: Pick<Refused, 'code'>): boolean =>
  code === 'UNAUTHENTICATED' || code === 'FORBIDDEN';

async function send(job: Job, key: string | null, from: number): Promise<ImportAnswer> {
  const { target, source, options, progress } = job;
  const { stream, offset } = source.open(from);
  const query = new URLSearchParams(options);
  query.set('name', source.name);
  query.set('offset', String(offset));
  if (key !== null) query.set('key', key);
  if (source.size !== null) query.set('size', String(source.size));
  const address = new URL(`/import/traces?${query}`, target.url);
  const headers = {
    'content-type': 'application/x-ndjson',
    ...(source.isGzip && { 'content-encoding': 'gzip' }),
    ...headersOf(target),
  };
  const sending = (address.protocol === 'https:' ? secureRequest : request)(address, {
    method: 'POST',
    headers,
  });
  // Longer than the server may be silent while it reads what it has.
  sending.setTimeout(SILENT_MS, () => sending.destroy(new Error('the server says nothing')));
  const answered = new Promise<{ status: number; body: string }>((resolve, reject) => {
    sending.on('error', reject);
    sending.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', reject);
      response.on('aborted', () => reject(new Error('the answer was cut off')));
    });
  });
  let broken: SourceError | undefined;
  stream.on('error', (error) => {
    broken = unreadable(source.name, error);
  });
  let sent = offset;
  stream.on('data', (chunk: Buffer) => {
    sent += chunk.length;
    progress.update(sent, source.length);
  });
  // An early answer ends the sending; what it says counts.
  const feeding = pipeline(stream, sending).catch(() => {});
  try {
    const { status, body } = await answered;
    const answer = understood(status, body);
    if (!answer.error || !isOfKey(answer.error)) return answer;
    throw refused(answer.error.code, answer.error.message, target);
  } catch (error) {
    // The connection was cut because there is nothing more to send: no other try would help.
    if (broken) throw broken;
    if (error instanceof Lost || error instanceof Refused) throw error;
    throw new Lost(causeOf(error), { cause: error });
  } finally {
    sending.destroy();
    await feeding;
  }
}

function understood(status: number, body: string): ImportAnswer {
  let answer: Partial<ImportAnswer> | null = null;
  try {
    answer = JSON.parse(body);
  } catch {
    throw new Lost(`the server answers ${status}`);
  }
  const isLater = status >= 500 || status === 408 || status === 429;
  if (isLater) throw new Lost(answer?.error?.message ?? `the server answers ${status}`);
  return { ...NONE, ...answer, isUsage: status === 400 || status === 415 };
}
