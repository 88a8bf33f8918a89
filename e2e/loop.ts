/** The steps of the loop through the API, as a program would take them. */
import type { Client } from '../server/demo/client.ts';
import { sampleTraces } from '../server/samples/arithmetic.ts';

/** Imports sample traces. */
export async function importSamples(client: Client, count: number, seed = 1): Promise<void> {
  const response = await fetch(`${client.url}/import/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', ...client.headers },
    body: sampleTraces(count, seed)
      .map((trace) => `${JSON.stringify(trace)}\n`)
      .join(''),
  });
  if (!response.ok) throw new Error(await response.text());
}

/** Builds a dataset of everything and returns its key. */
export async function buildDataset(client: Client, name: string, limit: number): Promise<string> {
  const { buildDataset: built } = await client.request<{
    buildDataset: { dataset: { key: string } };
  }>(
    `mutation Build($input: BuildDatasetInput!) { buildDataset(input: $input) {
      ... on BuildDatasetPayload { dataset { key } } ... on Error { message } } }`,
    { input: { name, version: '1', limit } },
  );
  return built.dataset.key;
}

/** Queues a LOCAL run of the tiny model and returns its id; `more` are other fields of the input. */
export async function startRun(
  client: Client,
  datasetKey: string,
  hyperparameters: object,
  more: object = {},
): Promise<string> {
  const { createRun } = await client.request<{
    createRun: { run: { id: string } } | { message: string };
  }>(
    `mutation Start($input: CreateRunInput!) { createRun(input: $input) {
      ... on CreateRunPayload { run { id } } ... on Error { message } } }`,
    { input: { datasetKey, modelId: 'qwen3-tiny', mode: 'LOCAL', hyperparameters, ...more } },
  );
  if ('message' in createRun) throw new Error(createRun.message);
  return createRun.run.id;
}

export type RunEnd = { status: string; error: string | null; exitCode: number | null };

/** Follows a run to its end. */
export async function untilEnd(client: Client, runId: string): Promise<RunEnd> {
  const follow = client.follow(
    'subscription End($id: ID!) { runEvents(runId: $id) { __typename } }',
    { id: runId },
  );
  for await (const _ of follow) {
    // The stream ends when the run has.
  }
  const { run } = await client.request<{ run: RunEnd }>(
    'query Ended($id: ID!) { run(id: $id) { status error exitCode } }',
    { id: runId },
  );
  return run;
}

type LogPage = {
  runLogs: { endSeq: string; hasMore: boolean; batches: { stream: string; text: string }[] };
};

/** The whole stored log, by the query twin of the subscription. */
export async function storedLog(client: Client, runId: string): Promise<string> {
  let after = '0';
  let text = '';
  for (;;) {
    const { runLogs } = await client.request<LogPage>(
      `query Log($id: ID!, $after: BigInt) { runLogs(runId: $id, after: $after) {
        endSeq hasMore batches { stream text } } }`,
      { id: runId, after },
    );
    text += runLogs.batches.map((batch) => batch.text).join('');
    after = runLogs.endSeq;
    if (!runLogs.hasMore) return text;
  }
}
