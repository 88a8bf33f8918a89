import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asCurl, asPython } from '../client/lib/equivalents.ts';
import { type Client, openClient } from '../server/demo/client.ts';
import { buildDataset, importSamples, startRun, storedLog, untilEnd } from './loop.ts';
import { outputOf } from './outputOf.ts';
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
    const output = outputOf(program);
    // Each cut comes when something new has arrived, so in the middle of the stream.
    for (let cuts = 0, seen = 0; cuts < 5; cuts++) {
      await expect
        .poll(() => proxy.sent, { timeout: 300_000, interval: 20 })
        .toBeGreaterThan(seen + 1500);
      seen = proxy.sent;
      expect(proxy.cut()).toBeGreaterThan(0);
    }
    expect(await untilEnd(client, runId)).toMatchObject({ status: 'COMPLETED' });
    const { out: received, error: lost, code } = await output;
    expect(code, lost).toBe(0);
    expect(lost.trim().split('\n').length).toBeGreaterThanOrEqual(5);
    expect(received).toBe(await storedLog(client, runId));
    expect(received).toContain('Train step 100 training loss');
  },
);

describe('what the documents and the pages offer to copy', () => {
  /** The run that the tests before followed. */
  const firstRun = async () => {
    const query = '{ run(number: 1) { id } }';
    return (await client.request<{ run: { id: string } }>(query)).run.id;
  };
  const place = () => ({ origin: system.url, authRequired: false });
  const printedBy = async (program: ChildProcess) => {
    const { out, error, code } = await outputOf(program);
    expect(code, error).toBe(0);
    return out;
  };

  test('the program of the guide prints the log of a run', async () => {
    const guide = await readFile('docs/api.md', 'utf8');
    const program = /```python\n(?<code>[\s\S]*?)```/.exec(guide)?.groups?.code ?? '';
    const there = program.replace('ws://127.0.0.1:4000', system.url.replace('http', 'ws'));
    expect(there).not.toBe(program);
    const dir = await mkdtemp(join(tmpdir(), 'tunix-rt-guide-'));
    const out = await printedBy(python.start(['-c', there, '1'], dir));
    await rm(dir, { recursive: true });
    expect(out).toBe(`${await storedLog(client, await firstRun())}Run 1 is COMPLETED.\n`);
  });

  test('a subscription as Python and in a shell', async () => {
    const id = await firstRun();
    const asked = {
      text: 'subscription Log($id: ID!) { runLogs(runId: $id) { ... on LogBatch { text } } }',
      variables: { id },
    };
    const log = await storedLog(client, id);
    const line = log.split('\n').find((each) => each.includes('Train step 100')) ?? '';
    const printed = await printedBy(python.start(['-c', asPython(asked, place())], '.'));
    expect(printed).toContain(line);
    const streamed = await printedBy(spawn('sh', ['-c', asCurl(asked, place())]));
    expect(streamed).toContain(line);
  });

  test('a query as Python and in a shell', async () => {
    const asked = {
      text: 'query Runs($number: Int!) { run(number: $number) { status } }',
      variables: { number: 1 },
    };
    const answer = JSON.parse(await printedBy(spawn('sh', ['-c', asCurl(asked, place())])));
    expect(answer.data).toEqual({ run: { status: 'COMPLETED' } });
    const printed = await printedBy(python.start(['-c', asPython(asked, place())], '.'));
    expect(printed).toBe("{'run': {'status': 'COMPLETED'}}\n");
  });
});
