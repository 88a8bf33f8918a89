/**
 * What a system that is used has besides a good run, so that every page of the demo has something true
 * to show: a second version of the dataset, a result that cannot be told from another, a run whose
 * time was too short, one that failed, and one that waited in vain and was cancelled.
 */
import type { Client } from './client.ts';
import * as operations from './operations.ts';
import {
  type DemoRun,
  ensureRun,
  findOrCreate,
  followToEvaluation,
  followToFailure,
} from './runs.ts';

/** Items of the second version: some of the first are not in it. */
const SECOND_ITEMS = 900;

const TWIN: DemoRun = {
  name: 'Demo: a few steps, another seed',
  key: 'demo-twin',
  hyperparameters: { maxSteps: 20, seed: 2 },
};

const TOO_SHORT: DemoRun = {
  name: 'Demo: stopped by its time limit',
  key: 'demo-timeout',
  hyperparameters: {},
  more: { timeoutSeconds: 15, maxAttempts: 1 },
};

/** Its learning rate decays by 10 where 0.1 was meant: after a dozen steps the loss is no number. */
const DIVERGED: DemoRun = {
  name: 'Demo: the learning rate grows',
  key: 'demo-diverged',
  hyperparameters: { learningRate: null, maxSteps: 100 },
  more: {
    maxAttempts: 1,
    advanced: {
      optimizer_config: {
        schedule_type: 'exponential_decay',
        init_value: 0.002,
        transition_steps: 1,
        decay_rate: 10,
      },
    },
  },
};

const IN_VAIN: DemoRun = {
  name: 'Demo: wanted a GPU, cancelled',
  key: 'demo-cancelled',
  hyperparameters: { maxSteps: 20 },
  more: { requiredLabels: ['gpu'] },
};

/** Makes what is missing of it. `key` is of the first dataset, `tag` of its traces. */
export async function makeWorld(
  client: Client,
  { key, tag }: { key: string; tag: string },
  say: (line: string) => void,
): Promise<void> {
  say('7/7 What else happens:');
  const second = { name: 'demo', version: '2' };
  const secondKey = `${second.name}-${second.version}`;
  const known = await client.request<operations.DatasetResult>(operations.DATASET, {
    key: secondKey,
  });
  if (!known.dataset) {
    const { buildDataset } = await client.request<operations.BuildResult>(operations.BUILD, {
      input: { ...second, parentKey: key, filter: { tags: [tag] }, limit: SECOND_ITEMS },
    });
    if ('message' in buildDataset) throw new Error(buildDataset.message);
  }
  say(
    `      dataset ${secondKey}, and how it differs: ${client.url}/datasets/diff?from=${key}&to=${secondKey}`,
  );

  const cancelled = await findOrCreate(client, key, IN_VAIN);
  if (cancelled.status === 'PENDING') {
    const { cancelRun } = await client.request<operations.CancelResult>(operations.CANCEL, {
      input: { runId: cancelled.id },
    });
    if ('message' in cancelRun) throw new Error(cancelRun.message);
  }
  say(`      run ${cancelled.number}, cancelled while it waited for a GPU`);

  const short = await findOrCreate(client, key, TOO_SHORT);
  const twin = await ensureRun(client, key, TWIN);
  const diverged = await findOrCreate(client, key, DIVERGED);
  say(`      run ${short.number}, whose time limit is too short`);
  say(`      run ${twin.number}, which ties with the first on the leaderboard`);
  await followToEvaluation(client, twin.id, () => {});
  const failure = await followToFailure(client, diverged.id);
  say(`      run ${diverged.number}, whose learning rate grew by mistake: ${failure}`);
}
