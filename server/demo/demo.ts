/**
 * The whole loop once, on generated traces and a model small enough for a laptop. Called again, it
 * finds what it made before and makes only what is missing.
 */
import { sampleTraces } from '../samples/arithmetic.ts';
import { type Client, openClient } from './client.ts';
import * as operations from './operations.ts';

const TRACES = 1000;
const SEED = 7;
const DATASET = { name: 'demo', version: '1' };
const KEY = `${DATASET.name}-${DATASET.version}`;
const BASELINE = 'demo';

type Say = (line: string) => void;

/** What both runs share; only how long they learn differs. */
const HYPERPARAMETERS = {
  learningRate: 0.002,
  batchSize: 16,
  maxSeqLength: 128,
  maxNewTokens: 40,
  numEpochs: 100,
  seed: 1,
};

const RUNS = [
  { name: 'Demo: a few steps', key: 'demo-short', maxSteps: 20 },
  { name: 'Demo: enough steps', key: 'demo-long', maxSteps: 1200 },
];

/** Runs the demo against the system at `url`. */
export async function runDemo(url: string, say: Say): Promise<void> {
  const client = openClient(url);
  try {
    await importSamples(client, say);
    await ensureDataset(client, say);
    const evaluations: operations.Evaluation[] = [];
    for (const run of RUNS) {
      const id = await ensureRun(client, run, say);
      evaluations.push(await followToEvaluation(client, id, say));
    }
    await showLeaderboard(client, say);
    const [short, long] = evaluations;
    if (short && long) await gate(client, short, long, say);
  } finally {
    await client.close();
  }
}

async function importSamples(client: Client, say: Say) {
  const lines = sampleTraces(TRACES, SEED).map((trace) => `${JSON.stringify(trace)}\n`);
  const response = await fetch(`${client.url}/import/traces?name=samples.jsonl&tag=demo`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: lines.join(''),
  });
  const result = (await response.json()) as { stored: number; duplicates: number };
  say(`1/6 Traces: ${result.stored} imported, ${result.duplicates} were there already.`);
}

async function ensureDataset(client: Client, say: Say) {
  const found = await client.request<operations.DatasetResult>(operations.DATASET, { key: KEY });
  if (!found.dataset) {
    const { buildDataset } = await client.request<operations.BuildResult>(operations.BUILD, {
      input: { ...DATASET, filter: { tags: ['demo'] }, limit: TRACES },
    });
    if ('message' in buildDataset) throw new Error(buildDataset.message);
  }
  const { dataset } = await client.request<operations.DatasetResult>(operations.DATASET, {
    key: KEY,
  });
  const { trainCount = 0, evalCount = 0, testCount = 0 } = dataset ?? {};
  say(`2/6 Dataset ${KEY}: ${trainCount} train, ${evalCount} eval, ${testCount} test.`);
}

async function ensureRun(client: Client, run: (typeof RUNS)[number], say: Say): Promise<string> {
  // A key whose run did not end well is used up; the next one makes a new run.
  for (let n = 1; ; n++) {
    const { createRun } = await client.request<operations.CreateRunResult>(operations.CREATE_RUN, {
      input: {
        name: run.name,
        datasetKey: KEY,
        modelId: 'qwen3-tiny',
        mode: 'LOCAL',
        hyperparameters: { ...HYPERPARAMETERS, maxSteps: run.maxSteps },
        idempotencyKey: `${run.key}-${n}`,
      },
    });
    if ('message' in createRun) throw new Error(createRun.message);
    const { id, number, status } = createRun.run;
    if (status === 'FAILED' || status === 'TIMEOUT' || status === 'CANCELLED') continue;
    say(
      `${run.key === 'demo-short' ? 3 : 4}/6 Run ${number}, ${run.name}: ${client.url}/runs/${number}`,
    );
    return id;
  }
}

async function followToEvaluation(client: Client, id: string, say: Say) {
  let shown = -1;
  for await (const { data } of client.follow<operations.RunMessage>(operations.FOLLOW, { id })) {
    const message = data?.runEvents;
    if (message?.__typename === 'RunEventNotice') {
      const { kind } = message.event;
      if (kind !== 'CHECKPOINT' && kind !== 'QUEUED') say(`      ${kind.toLowerCase()}`);
    } else if (message?.__typename === 'MetricUpdate') {
      const loss = message.series.find(({ name }) => name === 'train/loss')?.points.at(-1);
      const total = message.run.progress?.totalSteps;
      if (!loss || !total) continue;
      const tenth = Math.floor((10 * loss.step) / total);
      if (tenth === shown) continue;
      shown = tenth;
      say(`      step ${loss.step}/${total}, loss ${loss.value?.toFixed(3) ?? 'not finite'}`);
    }
  }
  // The stream ended, so the judge has spoken.
  return readEvaluation(client, id, say);
}

async function readEvaluation(client: Client, id: string, say: Say) {
  const { run } = await client.request<operations.RunResult>(operations.RUN, { id });
  if (run.status !== 'COMPLETED') {
    throw new Error(`Run ${run.number} is ${run.status}: ${run.error}\n${run.logTail ?? ''}`);
  }
  const [evaluation] = run.evaluations;
  if (evaluation?.status !== 'COMPLETED') {
    throw new Error(
      `Run ${run.number} was not evaluated: ${evaluation?.error ?? 'no predictions'}`,
    );
  }
  const { correctCount, itemCount, score } = evaluation;
  say(
    `      ${correctCount} of ${itemCount} held-out answers are exact: score ${score.toFixed(1)}`,
  );
  return evaluation;
}

async function showLeaderboard(client: Client, say: Say) {
  const { leaderboard } = await client.request<operations.LeaderboardResult>(
    operations.LEADERBOARD,
    { key: KEY },
  );
  say('5/6 Leaderboard:');
  for (const { node } of leaderboard.edges) {
    const { low, high } = node.interval ?? { low: 0, high: 100 };
    const interval = `95 % interval ${low.toFixed(1)} to ${high.toFixed(1)}`;
    say(`      ${node.rank}. run ${node.run.number}: ${node.value.toFixed(1)} (${interval})`);
  }
}

async function gate(
  client: Client,
  short: operations.Evaluation,
  long: operations.Evaluation,
  say: Say,
) {
  const { baseline } = await client.request<operations.BaselineResult>(operations.BASELINE, {
    name: BASELINE,
  });
  const isSet = baseline?.evaluation.id === short.id;
  if (!isSet) {
    const { setBaseline } = await client.request<operations.SetBaselineResult>(
      operations.SET_BASELINE,
      { input: { name: BASELINE, evaluationId: short.id } },
    );
    if ('message' in setBaseline) throw new Error(setBaseline.message);
  }
  const known = isSet && baseline.checks.find(({ evaluation }) => evaluation.id === long.id);
  const { verdict, reasons } = known || (await check(client, long.id));
  say(`6/6 Baseline "${BASELINE}" is the short run; the long one against it: ${verdict}`);
  for (const reason of reasons) say(`      ${reason}`);
}

async function check(client: Client, evaluationId: string): Promise<operations.Check> {
  const { checkRegression } = await client.request<operations.CheckResult>(operations.CHECK, {
    input: { baseline: BASELINE, evaluationId },
  });
  if ('message' in checkRegression) throw new Error(checkRegression.message);
  return checkRegression.check;
}
