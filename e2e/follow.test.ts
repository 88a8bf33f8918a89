import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, openClient } from '../server/demo/client.ts';
import { buildDataset, importSamples, startRun, storedLog, untilEnd } from './loop.ts';
import { openProxy } from './proxy.ts';
import { type Python, pythonWith } from './python.ts';
import { type System, startSystem } from './system.ts';

let system: System;
let client: Client;
let python: Python;
let datasetKey: string;

beforeAll(async () => {
  [system, python] = await Promise.all([startSystem(), pythonWith('e2e/python/requirements.txt')]);
  client = openClient(system.url);
  await importSamples(client, 80);
  datasetKey = await buildDataset(client, 'follow', 80);
});

afterAll(async () => {
  await client?.close();
  await system?.[Symbol.asyncDispose]();
});

test.for(['ws', 'sse'])(
  'a Python program that is disconnected five times over %s holds exactly the stored log',
  async (transport) => {
    await using proxy = await openProxy(system.url);
    const runId = await startRun(client, datasetKey, {
      learningRate: 0.003,
      batchSize: 8,
      maxSteps: 100,
      numEpochs: 100,
      maxSeqLength: 128,
      maxNewTokens: 8,
    });
    const program = python.start(['e2e/python/follow.py', transport, proxy.url, runId], '.');
    let received = '';
    let lost = '';
    program.stdout?.setEncoding('utf8').on('data', (text: string) => {
      received += text;
    });
    program.stderr?.setEncoding('utf8').on('data', (text: string) => {
      lost += text;
    });
    const ended = once(program, 'exit') as Promise<[number | null]>;
    // Each cut comes when something new has arrived, so in the middle of the stream.
    for (let cuts = 0, seen = 0; cuts < 5; cuts++) {
      await expect
        .poll(() => proxy.sent, { timeout: 300_000, interval: 20 })
        .toBeGreaterThan(seen + 1500);
      seen = proxy.sent;
      expect(proxy.cut()).toBeGreaterThan(0);
    }
    expect(await untilEnd(client, runId)).toMatchObject({ status: 'COMPLETED' });
    expect(await ended).toEqual([0, null]);
    expect(lost.trim().split('\n').length).toBeGreaterThanOrEqual(5);
    expect(received).toBe(await storedLog(client, runId));
    expect(received).toContain('Train step 100 training loss');
  },
);
