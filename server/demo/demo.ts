/**
 * The whole loop once, on generated traces and a model small enough for a laptop. Called again, it
 * finds what it made before and makes only what is missing.
 */
import { sampleSeeds, sampleTraces } from '../samples/arithmetic.ts';
import { type Client, openClient } from './client.ts';
import * as operations from './operations.ts';
import { ensureRun, followToEvaluation } from './runs.ts';
import { makeWorld } from './world.ts';

const TRACES = 1000;
const DATASET = { name: 'demo', version: '1' };
const KEY = `${DATASET.name}-${DATASET.version}`;
const BASELINE = 'demo';
const TAG = 'demo';

type Say = (line: string) => void;

const RUNS = [
  { place: '3/7', name: 'Demo: a few steps', key: 'demo-short', hyperparameters: { maxSteps: 20 } },
  {
    place: '4/7',
    name: 'Demo: enough steps',
    key: 'demo-long',
    hyperparameters: { maxSteps: 1200 },
  },
];

/** Runs the demo against the system at `url`, which knows us by `key` where access is asked for. */
export async function runDemo(url: string, say: Say, key: string | null = null): Promise<void> {
  const client = openClient(url, key);
  try {
    await importSamples(client, say);
    await ensureDataset(client, say);
    const evaluations: operations.Evaluation[] = [];
    for (const run of RUNS) {
      const made = await ensureRun(client, KEY, run);
      say(`${run.place} Run ${made.number}, ${run.name}: ${url}/runs/${made.number}`);
      evaluations.push(await followToEvaluation(client, made.id, say));
    }
    await showLeaderboard(client, say);
    const [short, long] = evaluations;
    if (short && long) await gate(client, short, long, say);
    await makeWorld(client, { key: KEY, tag: TAG }, say);
  } finally {
    await client.close();
  }
}

async function importSamples(client: Client, say: Say) {
  const lines = sampleTraces(TRACES, sampleSeeds.demo).map((trace) => `${JSON.stringify(trace)}\n`);
  const response = await fetch(`${client.url}/import/traces?name=samples.jsonl&tag=${TAG}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', ...client.headers },
    body: lines.join(''),
  });
  const result = (await response.json()) as { stored: number; duplicates: number };
  say(`1/7 Traces: ${result.stored} imported, ${result.duplicates} were there already.`);
}

async function ensureDataset(client: Client, say: Say) {
  const found = await client.request<operations.DatasetResult>(operations.DATASET, { key: KEY });
  if (!found.dataset) {
    const { buildDataset } = await client.request<operations.BuildResult>(operations.BUILD, {
      input: { ...DATASET, filter: { tags: [TAG] }, limit: TRACES },
    });
    if ('message' in buildDataset) throw new Error(buildDataset.message);
  }
  const { dataset } = await client.request<operations.DatasetResult>(operations.DATASET, {
    key: KEY,
  });
  const { trainCount = 0, evalCount = 0, testCount = 0 } = dataset ?? {};
  say(`2/7 Dataset ${KEY}: ${trainCount} train, ${evalCount} eval, ${testCount} test.`);
}

async function showLeaderboard(client: Client, say: Say) {
  const { leaderboard } = await client.request<operations.LeaderboardResult>(
    operations.LEADERBOARD,
    { key: KEY },
  );
  say('5/7 Leaderboard:');
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
  say(`6/7 Baseline "${BASELINE}" is the short run; the long one against it: ${verdict}`);
  for (const reason of reasons) say(`      ${reason}`);
}

async function check(client: Client, evaluationId: string): Promise<operations.Check> {
  const { checkRegression } = await client.request<operations.CheckResult>(operations.CHECK, {
    input: { baseline: BASELINE, evaluationId },
  });
  if ('message' in checkRegression) throw new Error(checkRegression.message);
  return checkRegression.check;
}
