/**
 * What must be true of every run at any time, whatever has failed: read back from the tables, from
 * the files the trainers themselves wrote, from the processes that are left and from what viewers
 * received. The numbers are those of the list in `README.md`.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import type { Pool } from 'pg';
import { expect } from 'vitest';
import { withEnvironment } from './processes.ts';
import type { Recorder } from './recorder.ts';

type Run = {
  id: string;
  number: number;
  status: string;
  epoch: number;
  failed_attempts: number;
  last_log_seq: number;
  last_event_seq: number;
  last_metric_seq: number;
  finished_at: Date | null;
};
type Attempt = {
  epoch: number;
  status: string;
  ended_at: Date | null;
  reason: string | null;
  exit_signal: string | null;
};
type Event = { seq: number; kind: string; attempt: number };
type Chunk = {
  first_seq: number;
  last_seq: number;
  attempt: number;
  stream: string;
  data: Buffer;
  encoding: string;
  bytes: number;
  lost_bytes: number | null;
};

const FINAL = ['COMPLETED', 'FAILED', 'TIMEOUT', 'CANCELLED'];
/** What may still be said of a run that has ended. */
const AFTER_THE_END = ['EVALUATED', 'ARCHIVED', 'UNARCHIVED'];
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
/** The first number that does not follow the one before, counted from 1; null when all do. */
const gapIn = (numbers: number[]) => {
  const index = numbers.findIndex((number, at) => number !== at + 1);
  return index < 0 ? null : `${numbers[index - 1] ?? 0} is followed by ${numbers[index]}`;
};
/** Whether nothing of an attempt comes after something of a later one. */
const isRising = (rows: { attempt: number }[]) =>
  rows.every(({ attempt }, at) => attempt >= (rows[at - 1]?.attempt ?? 0));

export type Checked = {
  sql: Pool;
  /** Where trainers record what they write. */
  records: string;
  recorders: readonly Recorder[];
  /** In the environment of every process of the system, and who of them may live. */
  mark: string;
  alive: readonly number[];
};

/** Asserts all invariants for every run there is. Recorders of ended runs must be complete. */
export async function checkInvariants(checked: Checked): Promise<void> {
  const { sql } = checked;
  const { rows: runs } = await sql.query<Run>('SELECT * FROM runs ORDER BY number');
  for (const run of runs) {
    const attempts = await checkAttempts(sql, run);
    await checkEvents(sql, run, attempts);
    await checkMetrics(sql, run);
    await checkLog(sql, run, attempts, checked.records);
  }
  for (const recorder of checked.recorders) await checkReceived(sql, recorder);
  const open = runs.some(({ status }) => status === 'RUNNING');
  if (!open) {
    const isLeft = async () =>
      (await withEnvironment(checked.mark)).filter((pid) => !checked.alive.includes(pid));
    await expect
      .poll(isLeft, { message: 'I9: processes left behind', timeout: 10_000 })
      .toEqual([]);
  }
}

/** I1, I3: epochs count up from 1; one attempt holds a run that runs, and none another. */
async function checkAttempts(sql: Pool, run: Run): Promise<Attempt[]> {
  const { rows } = await sql.query<Attempt>(
    'SELECT * FROM run_attempts WHERE run_id = $1 ORDER BY epoch',
    [run.id],
  );
  const of = `run ${run.number}`;
  expect(
    rows.map(({ epoch }) => epoch),
    `I1: epochs of ${of}`,
  ).toEqual(upTo(run.epoch));
  const open = rows.filter(({ status }) => status === 'RUNNING').map(({ epoch }) => epoch);
  expect(open, `I1: live leases of ${of}`).toEqual(run.status === 'RUNNING' ? [run.epoch] : []);
  for (const { epoch, status, ended_at: end } of rows) {
    expect(end === null, `attempt ${epoch} of ${of} has an end`).toBe(status === 'RUNNING');
    if (epoch < run.epoch) expect(['LOST', 'RELEASED', 'FAILED'], of).toContain(status);
  }
  const isFinal = FINAL.includes(run.status);
  expect(run.finished_at !== null, `I3: ${of} has an end`).toBe(isFinal);
  const last = rows.at(-1);
  // One whose attempts are used up, or that was cancelled meanwhile, ends though its last is lost.
  const ends = [run.status, 'LOST', 'RELEASED', ...(run.status === 'CANCELLED' ? ['FAILED'] : [])];
  if (isFinal && last) expect(ends, `I3: last attempt of ${of}`).toContain(last.status);
  return rows;
}

/** I3: events count up; exactly one ends the run, and nothing but a few kinds follows it. */
async function checkEvents(sql: Pool, run: Run, attempts: Attempt[]): Promise<void> {
  const { rows } = await sql.query<Event>(
    'SELECT seq, kind, attempt FROM run_events WHERE run_id = $1 ORDER BY seq',
    [run.id],
  );
  const of = `run ${run.number}`;
  expect(gapIn(rows.map(({ seq }) => seq)), `I3: events of ${of}`).toBeNull();
  expect(rows.length, `I3: events of ${of}`).toBe(run.last_event_seq);
  const claims = rows.filter(({ kind }) => kind === 'CLAIMED').map(({ attempt }) => attempt);
  expect(claims, `I1: claims of ${of}`).toEqual(upTo(run.epoch));
  expect(isRising(rows), `I2: events of ${of} by attempt`).toBe(true);
  const ends = rows.filter(({ kind }) => FINAL.includes(kind));
  const expected = FINAL.includes(run.status) ? [run.status] : [];
  expect(
    ends.map(({ kind }) => kind),
    `I3: ends of ${of}`,
  ).toEqual(expected);
  const after = rows.filter(({ seq, kind }) => {
    const end = ends[0]?.seq ?? Number.POSITIVE_INFINITY;
    return seq > end && !AFTER_THE_END.includes(kind);
  });
  expect(after, `I3: after the end of ${of}`).toEqual([]);
  const lost = rows.filter(({ kind }) => kind === 'ATTEMPT_LOST').map(({ attempt }) => attempt);
  const wereLost = attempts.filter(({ status }) => status === 'LOST').map(({ epoch }) => epoch);
  expect(lost, `attempts of ${of} that were lost`).toEqual(wereLost);
}

/** I4 for metrics: no number is missing, none is of an attempt before the one before it. */
async function checkMetrics(sql: Pool, run: Run): Promise<void> {
  const { rows } = await sql.query<{ seq: number; attempt: number }>(
    'SELECT seq, attempt FROM metric_points WHERE run_id = $1 ORDER BY seq',
    [run.id],
  );
  const of = `run ${run.number}`;
  expect(gapIn(rows.map(({ seq }) => seq)), `I4: points of ${of}`).toBeNull();
  expect(rows.length, `I4: points of ${of}`).toBe(run.last_metric_seq);
  expect(isRising(rows), `I2: points of ${of} by attempt`).toBe(true);
}

/** The chunks of a run, decompressed, in order. */
export async function readChunks(sql: Pool, runId: string): Promise<Chunk[]> {
  const { rows } = await sql.query<Chunk>(
    'SELECT * FROM log_chunks WHERE run_id = $1 ORDER BY first_seq',
    [runId],
  );
  return rows.map((row) => ({
    ...row,
    data: row.encoding === 'ZSTD' ? zstdDecompressSync(row.data) : row.data,
  }));
}

/** What one attempt wrote to one stream, as it is stored. */
export const storedBytes = (chunks: Chunk[], attempt: number, stream: string): Buffer =>
  Buffer.concat(
    chunks
      .filter((chunk) => chunk.attempt === attempt && chunk.stream === stream)
      .map(({ data }) => data),
  );

/** I4: lines count up without a gap, attempt after attempt, and are what the trainer wrote. */
async function checkLog(sql: Pool, run: Run, attempts: Attempt[], records: string): Promise<void> {
  const chunks = await readChunks(sql, run.id);
  const of = `run ${run.number}`;
  let next = 1;
  for (const { first_seq: first, last_seq: last } of chunks) {
    expect(first, `I4: log of ${of}`).toBe(next);
    expect(last, `I4: log of ${of}`).toBeGreaterThanOrEqual(first);
    next = last + 1;
  }
  expect(next - 1, `I4: lines of ${of}`).toBe(run.last_log_seq);
  expect(isRising(chunks), `I2: log of ${of} by attempt`).toBe(true);
  for (const attempt of attempts) {
    if (attempt.status === 'RUNNING') continue;
    const lost = chunks
      .filter((chunk) => chunk.attempt === attempt.epoch)
      .reduce((sum, chunk) => sum + (chunk.lost_bytes ?? 0), 0);
    if (lost > 0) continue; // said in the log itself; the test that made it looks closer
    for (const stream of ['STDOUT', 'STDERR']) {
      const name = `${run.id}-attempt-${attempt.epoch}.${stream.toLowerCase()}`;
      const wrote = await readFile(join(records, name)).catch(() => Buffer.alloc(0));
      const stored = storedBytes(chunks, attempt.epoch, stream);
      // It notes a line after it has written it: killed in between, its record lacks what is stored.
      // Lost with its runner, what it wrote last may be stored, noted, both or neither.
      const isLost = attempt.status === 'LOST';
      const both =
        isLost || attempt.exit_signal ? Math.min(stored.length, wrote.length) : undefined;
      const isEqual = stored.subarray(0, both).equals(wrote.subarray(0, both));
      const isWhole = isLost || stored.length >= wrote.length;
      const what = `I4: ${stream} of attempt ${attempt.epoch} of ${of}`;
      const said = `${what}: ${stored.length} bytes stored, ${wrote.length} written`;
      expect(isEqual && isWhole, said).toBe(true);
    }
  }
}

/** I5: a viewer has received each line and event once, in order, and the end once. */
async function checkReceived(sql: Pool, recorder: Recorder): Promise<void> {
  const { batches, events, ends } = recorder;
  let next = 1;
  for (const { firstSeq, lastSeq } of batches) {
    expect(firstSeq, 'I5: received lines').toBe(next);
    next = lastSeq + 1;
  }
  expect(gapIn(events.map(({ seq }) => seq)), 'I5: received events').toBeNull();
  const { rows } = await sql.query<Run>('SELECT * FROM runs WHERE id = $1', [recorder.runId]);
  const [run] = rows;
  if (!run) throw new Error(`run ${recorder.runId} is gone`);
  const { status, last_log_seq: lines, last_event_seq: last } = run;
  if (!FINAL.includes(status)) return;
  expect(ends.toSorted(), 'I5: ends').toEqual([
    `events ${status} ${last}`,
    `log ${status} ${lines}`,
  ]);
  expect(next - 1, 'I5: lines received').toBe(lines);
  expect(events.length, 'I5: events received').toBe(last);
  const decoder = new TextDecoder();
  const stored = (await readChunks(sql, run.id)).filter((chunk) => chunk.lost_bytes === null);
  const shown = stored.map(({ data }) => decoder.decode(data)).join('');
  const isEqual = batches.map(({ text }) => text).join('') === shown;
  expect(isEqual, `I5: received text of run ${run.number} is the stored text`).toBe(true);
}
