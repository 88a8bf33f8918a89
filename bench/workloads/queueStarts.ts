/**
 * The whole way of a run: mutation, runner, process, first line at a subscriber. API and runner are
 * the real processes; the training is the stand-in of the tests, because the start of an interpreter
 * that loads JAX would be all one could see.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from 'graphql-ws';
import { ask } from '../../server/cli/ask.ts';
import type { Behaviour } from '../../server/test/standInTrainer.ts';
import { LOG_SUBSCRIPTION } from '../lib/audience.ts';
import { startApi, startRunner } from '../lib/server.ts';
import { latencies, type Sample } from '../lib/stats.ts';
import { traceOf } from '../lib/traces.ts';
import { type Bench, same } from '../lib/workload.ts';

const STAND_IN = fileURLToPath(new URL('../../server/test/standInTrainer.ts', import.meta.url));
const BEHAVIOUR: Behaviour = { steps: 1, stepMs: 0 };
const TRACES = 10;

const IMPORT = `mutation Bench_CreateTraces($input: CreateTracesInput!) {
  createTraces(input: $input) { __typename }
}`;
const BUILD = `mutation Bench_Build($input: BuildDatasetInput!) {
  buildDataset(input: $input) { __typename ... on Error { message } }
}`;
const CREATE = `mutation Bench_CreateRun($input: CreateRunInput!) {
  createRun(input: $input) {
    __typename ... on CreateRunPayload { run { id } } ... on Error { message }
  }
}`;

type Created = { createRun: { __typename: string; run: { id: string } } };
type Message = {
  data: { runLogs: { __typename: string; text?: string } } | null;
};

/** When each part of the way was done, in milliseconds after the one before. */
const LEGS = `
  SELECT extract(epoch FROM claimed.created_at - queued.created_at)::float8 * 1000 AS claim,
         extract(epoch FROM started.created_at - claimed.created_at)::float8 * 1000 AS start
  FROM run_events queued
  JOIN run_events claimed ON claimed.run_id = queued.run_id AND claimed.kind = 'CLAIMED'
  JOIN run_events started ON started.run_id = queued.run_id AND started.kind = 'STARTED'
  WHERE queued.run_id = $1 AND queued.kind = 'QUEUED'`;

/** A system with one runner and a dataset to train on. */
export async function openStarts(bench: Bench) {
  await using stack = new AsyncDisposableStack();
  const { sql, url } = stack.use(await bench.postgres.openDatabase('bench_starts'));
  const dir = await mkdtemp(join(tmpdir(), 'tunix-rt-bench-runs-'));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  const python = join(dir, 'python-stand-in');
  const script = `#!/bin/sh\nexec '${process.execPath}' '${STAND_IN}' "$@"\n`;
  await writeFile(python, script, { mode: 0o755 });
  await writeFile(join(dir, 'behaviour.json'), JSON.stringify(BEHAVIOUR));
  const api = stack.use(await startApi(url));
  stack.use(await startRunner(url, { DATA_DIR: dir, TUNIX_PYTHON: python }, sql));
  const traces = Array.from({ length: TRACES }, (_, index) => traceOf(9, index, 300));
  await ask({ url: new URL(api.url), key: null }, IMPORT, { input: { traces } });
  const built = await ask({ url: new URL(api.url), key: null }, BUILD, {
    input: { name: 'starts', version: '1', strategy: 'LATEST' },
  });
  same('dataset', built, { buildDataset: { __typename: 'BuildDatasetPayload' } });
  const client = createClient({ url: `${api.url.replace(/^http/, 'ws')}/graphql` });
  stack.defer(() => client.dispose());

  /** One run: from the answer of the mutation to the first line of the training. */
  const once = async () => {
    const input = {
      datasetKey: 'starts-1',
      modelId: 'qwen3-tiny',
      mode: 'LOCAL',
      hyperparameters: { batchSize: 1, numEpochs: 1 },
    };
    const asked = performance.now();
    const { createRun } = await ask<Created>({ url: new URL(api.url), key: null }, CREATE, {
      input,
    });
    const answered = performance.now();
    same('createRun', createRun.__typename, 'CreateRunPayload');
    const { id } = createRun.run;
    let lineAt = Number.NaN;
    for await (const message of client.iterate({ query: LOG_SUBSCRIPTION, variables: { id } })) {
      const { runLogs } = (message as Message).data ?? {};
      if (Number.isNaN(lineAt) && runLogs?.text?.includes('step 1')) lineAt = performance.now();
    }
    const runId = Buffer.from(id, 'base64').toString().split(':')[1];
    const { rows } = await sql.query('SELECT status FROM runs WHERE id = $1', [runId]);
    same('status', rows[0].status, 'COMPLETED');
    const legs = (await sql.query<{ claim: number; start: number }>(LEGS, [runId])).rows[0];
    return {
      mutation: answered - asked,
      claim: legs?.claim ?? Number.NaN,
      start: legs?.start ?? Number.NaN,
      line: lineAt - answered,
    };
  };

  const opened = stack.move();
  return {
    /** The way of `count` runs, one after the other, by its parts. */
    async measure(count: number): Promise<[string, Sample][]> {
      await once(); // The first makes what the others find.
      const ways: Awaited<ReturnType<typeof once>>[] = [];
      for (let index = 0; index < count; index += 1) ways.push(await once());
      const part = (name: keyof (typeof ways)[number]) => latencies(ways.map((way) => way[name]));
      return [
        ['mutation, over HTTP', part('mutation')],
        ['stored to claimed, by the runner', part('claim')],
        ['claimed to started (a Node process)', part('start')],
        ['answer to first line at a subscriber', part('line')],
      ];
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
