/** Logs that are written and followed by hand, and a database that can be taken away. */
import { expect } from 'vitest';
import type { App } from '../app.ts';
import type { RunLogEvent } from '../logs/follow.ts';
import { openLogWriter } from '../logs/writer.ts';
import { registerRunner } from '../runners/register.ts';
import { claimRun, type Lease } from '../runs/lease.ts';
import { queueRun } from './rig.ts';

type Query = App['sql']['query'];

/** A claimed run. */
export async function claimed(app: App): Promise<Lease> {
  const { id } = await queueRun(app);
  const lease = await claimRun(app, id, await registerRunner(app), 60);
  if (!lease) throw new Error('not claimed');
  return lease;
}

/** A claimed run and the writer of its log. */
export async function openLoggedRun(app: App) {
  const lease = await claimed(app);
  return { id: lease.runId, log: openLogWriter(app, lease, new AbortController().signal) };
}

/** Ends a run, past its runner. */
export async function endRun(app: App, id: string): Promise<void> {
  const data = { status: 'COMPLETED', finishedAt: new Date() } as const;
  await app.db.run.update({ where: { id }, data });
  app.bell.ring(`run:${id}`);
}

/** Everything a stream says, checking that no line is missing or comes twice. */
export async function drainLog(stream: AsyncIterable<RunLogEvent>, after = 0) {
  let seq = after;
  const parts: Buffer[] = [];
  const phases: string[] = [];
  for await (const event of stream) {
    if (event.kind === 'batch') {
      expect(event.firstSeq).toBe(seq + 1);
      seq = event.lastSeq;
      parts.push(event.data);
    } else if (event.kind === 'phase' || event.kind === 'completed') {
      phases.push(event.kind === 'phase' ? event.phase : `${event.status} ${event.lastSeq}`);
    }
  }
  return { text: Buffer.concat(parts).toString(), phases, seq };
}

/** A pool whose statements pass through `send`, which is told their name and how to send them. */
export const through = (
  app: App,
  send: (name: string, pass: () => Promise<unknown>) => Promise<unknown>,
): App['sql'] => {
  const pass = app.sql.query as unknown as (...values: unknown[]) => Promise<unknown>;
  const query = (...values: unknown[]) => {
    const name = (values[0] as { name?: string }).name ?? String(values[0]);
    return send(name, () => pass.apply(app.sql, values));
  };
  return { query: query as unknown as Query } as App['sql'];
};

/** A pool that can be taken away, and that can lose the answer of a statement that appends lines. */
export function shaky(app: App) {
  const state = { isAway: false, loseAnswer: false, appends: 0, refused: 0 };
  const away = () => {
    state.refused += 1;
    return Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  };
  const sql = through(app, async (name, pass) => {
    if (state.isAway) throw away();
    const answer = await pass();
    if (name !== 'log-append') return answer;
    state.appends += 1;
    if (!state.loseAnswer) return answer;
    state.loseAnswer = false;
    throw away();
  });
  return { sql, state };
}
