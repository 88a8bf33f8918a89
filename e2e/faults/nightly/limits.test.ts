/** Limits of the machine: disks that are full, descriptors that run out, clients that come all at once. */
import { execFile } from 'node:child_process';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { checkInvariants } from '../invariants.ts';
import { cancel, lineReached, quantile, residentOf, runOf, statusIs } from '../look.ts';
import { openSystem } from '../system.ts';
import { describe, expect, test } from '../test.ts';
import { until } from '../until.ts';

const run = promisify(execFile);
const MB = 1024 * 1024;

/** Writes a file of so many MB; ends early when there is no room. */
async function fill(file: string, megabytes: number): Promise<void> {
  const handle = await open(file, 'w');
  const piece = Buffer.alloc(MB, 'x');
  try {
    for (let i = 0; i < megabytes; i++) await handle.write(piece);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    await handle.close();
  }
}

describe('a line of 1 GB', () => {
  test('is stored in pieces, in memory that stays flat', async ({ system }) => {
    const bytes = join(system.dir, 'long');
    await fill(bytes, 1024);
    await system.behave({ steps: 1, bytes });
    await using runner = await system.startRunner();
    const { runId } = await system.startRun({}, { watched: false });
    let most = 0;
    await until(
      'the end of the run',
      async () => {
        most = Math.max(most, await residentOf(runner.pid));
        return (await runOf(system, runId)).status === 'COMPLETED';
      },
      { seconds: 600, interval: 200 },
    );
    expect(most / MB, 'MB in the runner').toBeLessThan(400);
  });
});

describe('a disk of the database that is full', () => {
  test('loses no line: all is there once there is room again', async () => {
    const disk = await mkdtemp(join(tmpdir(), 'tunix-rt-faults-disk-'));
    // Needs root. A full disk is nothing that could be made otherwise: a limit on files is another error.
    await run('mount', ['-t', 'tmpfs', '-o', 'size=700m,mode=755', 'tmpfs', disk]);
    try {
      await using system = await openSystem(disk);
      const bytes = join(system.dir, 'much');
      await fill(bytes, 200);
      await system.behave({ steps: 200, stepMs: 20, bytes });
      await using runner = await system.startRunner({ settings: { LEASE_SECONDS: '120' } });
      const filler = join(disk, 'filler');
      await fill(filler, 10_000);
      const { runId } = await system.startRun({}, { watched: false }).catch(async () => {
        // It was full at once; a little room, and what is written next fills it.
        await rm(filler);
        return system.startRun({}, { watched: false });
      });
      await fill(filler, 10_000);
      await until('the database refuses', async () => {
        const table = `CREATE TABLE full_${Date.now()} AS SELECT repeat('x', 1000) FROM generate_series(1, 100000)`;
        return system.sql.query(table).then(
          () => false,
          () => true,
        );
      });
      await rm(filler);
      await system.postgres.start();
      await statusIs(system, runId, 'COMPLETED', 120);
      await checkInvariants({ ...system, alive: [system.api.pid, runner.pid] });
    } finally {
      await run('umount', [disk]);
      await rm(disk, { recursive: true, force: true });
    }
  });
});

const watch = (url: string, onMessage: () => void): Client => {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    // Spread over a second, as the page does it.
    retryWait: () => new Promise((done) => setTimeout(done, Math.random() * 1_000)),
  });
  client.subscribe(
    { query: 'subscription Storm { runsChanged { __typename } }' },
    { next: onMessage, error: () => {}, complete: () => {} },
  );
  return client;
};

describe('an API with 1,000 viewers that is killed and comes back', () => {
  test('serves 99 of 100 of them again within 5 s', async ({ system }) => {
    const { globalId, recorder } = await system.startRun();
    const count = 1_000;
    let received = new Map<number, number>();
    const clients = Array.from({ length: count }, (_, index) =>
      watch(system.web.url, () => {
        if (!received.has(index)) received.set(index, performance.now());
      }),
    );
    try {
      await until('all are there', () => received.size === count, { seconds: 60 });
      system.api.signal('SIGKILL');
      await system.api.ended;
      received = new Map();
      await system.startApi();
      await until('all are back', () => received.size === count, { seconds: 60 });
      const times = [...received.values()];
      const afterFirst = quantile(times, 0.99) - Math.min(...times);
      expect(afterFirst, 'ms from the first that is served').toBeLessThan(5_000);
    } finally {
      for (const client of clients) await client.dispose();
    }
    await cancel(system, globalId, 'NOW');
    await recorder.complete;
  });
});

describe('an API that may open no more than 256 files', () => {
  test('turns away who comes too many, and serves again when they have left', async ({
    system,
  }) => {
    const node = join(system.dir, 'limited-node');
    const script = `#!/bin/sh\nulimit -n 256\nexec '${process.execPath}' "$@"\n`;
    await writeFile(node, script, { mode: 0o755 });
    await system.api[Symbol.asyncDispose]();
    await system.startApi({ node });
    await system.behave({ steps: 400, stepMs: 10 });
    await using _runner = await system.startRunner();
    const { runId, recorder } = await system.startRun();
    await lineReached(system, runId, 20);
    const sockets = Array.from({ length: 400 }, () => {
      const socket = new WebSocket(`${system.web.url.replace('http', 'ws')}/graphql`, [
        'graphql-transport-ws',
      ]);
      socket.on('error', () => {});
      return socket;
    });
    await until('some are turned away', () =>
      sockets.some(({ readyState }) => readyState === WebSocket.CLOSED),
    );
    for (const socket of sockets) socket.terminate();
    await until('it serves again', () =>
      system.client.request('{ runs(first: 1) { edges { cursor } } }'),
    );
    await statusIs(system, runId, 'COMPLETED');
    await recorder.complete;
    await system.api[Symbol.asyncDispose]();
    await system.startApi();
  });
});
