/** Viewers whose connections break again and again, and one that does not read. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import WebSocket from 'ws';
import {
  attemptBegins,
  attemptsOf,
  cancel,
  lineReached,
  quantile,
  residentOf,
  runOf,
  statusIs,
} from './look.ts';
import { openRecorder } from './recorder.ts';
import { describe, expect, test } from './test.ts';
import { until } from './until.ts';

const MB = 1024 * 1024;

/** A file of numbered lines of 100 bytes. */
async function writeLines(file: string, count: number): Promise<void> {
  const lines = Array.from({ length: count }, (_, index) => `${index}`.padEnd(99, '.'));
  await writeFile(file, `${lines.join('\n')}\n`);
}

describe('a viewer whose connection is broken 200 times', () => {
  test('holds each line once, also over a change of the attempt and the end', async ({
    system,
    random,
  }) => {
    const bytes = join(system.dir, 'lines');
    await writeLines(bytes, 50_000);
    await system.behave({ steps: 1_000_000, stepMs: 20, bytes });
    await using first = await system.startRunner();
    await using second = await system.startRunner();
    const { globalId, runId, recorder } = await system.startRun();
    const cutUntil = async (losses: number) => {
      while (recorder.losses < losses && recorder.ends.length < 2) {
        await pause(10 + random.below(70)); // so that it comes at any point of the stream
        system.web.cut();
      }
    };
    await cutUntil(90);
    const { rows } = await system.sql.query<{ runner_id: string }>(
      'SELECT runner_id FROM run_attempts WHERE run_id = $1',
      [runId],
    );
    const [holder] = [first, second].filter(({ id }) => id === rows[0]?.runner_id);
    holder?.signal('SIGKILL');
    await cutUntil(140);
    await attemptBegins(system, runId, 2);
    await cutUntil(190);
    // A request may be sent on a connection that was cut just now.
    await until('the cancel is taken', () => cancel(system, globalId, 'SAVE'));
    await cutUntil(200);
    await recorder.complete;
    await statusIs(system, runId, 'CANCELLED');
    expect(recorder.losses).toBeGreaterThanOrEqual(190);
    expect(await attemptsOf(system, runId)).toEqual(['LOST', 'CANCELLED']);
  });
});

describe('viewers that come just when the run ends', () => {
  test('each get all of it and the end once', async ({ system }) => {
    await system.behave({ steps: 40, stepMs: 10 });
    await using _runner = await system.startRunner();
    const { globalId, runId, recorder } = await system.startRun();
    await lineReached(system, runId, 20);
    // New ones all the time, until some have come after the end.
    for (let late = 0; late < 5; ) {
      const { status } = await runOf(system, runId);
      if (status === 'COMPLETED') late += 1;
      system.recorders.push(openRecorder(system.web.url, globalId, runId));
    }
    expect(system.recorders.length).toBeGreaterThan(20);
    await Promise.all(system.recorders.map(({ complete }) => complete));
    expect(recorder.ends).toHaveLength(2);
    // What each of them received is compared after the test.
  });
});

describe('a viewer that stops reading', () => {
  test('takes no memory of the API and no time of the others', async ({ system }) => {
    const bytes = join(system.dir, 'flood');
    await writeLines(bytes, 200_000);
    await system.behave({ steps: 100, stepMs: 20, bytes });
    const { globalId, runId, recorder } = await system.startRun();
    const url = `${system.web.url.replace('http', 'ws')}/graphql`;
    const stalled = new WebSocket(url, 'graphql-transport-ws');
    const heard = () => new Promise((done) => stalled.once('message', done));
    await new Promise((done) => stalled.once('open', done));
    const query =
      'subscription Stalled($id: ID!) { runLogs(runId: $id) { ... on LogBatch { text } } }';
    const say = (message: object) => stalled.send(JSON.stringify(message));
    say({ type: 'connection_init' });
    await heard(); // the acknowledgement
    say({ type: 'subscribe', id: '1', payload: { query, variables: { id: globalId } } });
    await heard();
    stalled.pause();
    const before = await residentOf(system.api.pid);
    await using _runner = await system.startRunner();
    await lineReached(system, runId, 20);
    const delays: number[] = [];
    let most = 0;
    await until('the run has ended', async () => {
      const began = performance.now();
      await system.client.request('{ runs(first: 1) { edges { cursor } } }');
      delays.push(performance.now() - began);
      most = Math.max(most, await residentOf(system.api.pid));
      return recorder.ends.length === 2;
    });
    await statusIs(system, runId, 'COMPLETED');
    await recorder.complete;
    expect((most - before) / MB, 'MB more in the API').toBeLessThan(96);
    expect(quantile(delays, 0.5), 'ms for a query meanwhile').toBeLessThan(500);
    stalled.terminate();
  });
});
