/** The runs of the demo: made once, found again, followed to their result. */
import type { Client } from './client.ts';
import * as operations from './operations.ts';

export type DemoRun = {
  name: string;
  /** What its idempotency key begins with. */
  key: string;
  hyperparameters: Record<string, number | null>;
  /** Further fields of the input of createRun. */
  more?: Record<string, unknown>;
};

/** What all runs share; how long they learn and what they begin with differs. */
const HYPERPARAMETERS = {
  learningRate: 0.002,
  batchSize: 16,
  maxSeqLength: 128,
  maxNewTokens: 40,
  numEpochs: 100,
  seed: 1,
};

/** The run of this key, made when it is not there. */
export async function findOrCreate(client: Client, datasetKey: string, run: DemoRun, n = 1) {
  const { createRun } = await client.request<operations.CreateRunResult>(operations.CREATE_RUN, {
    input: {
      name: run.name,
      datasetKey,
      modelId: 'qwen3-tiny',
      mode: 'LOCAL',
      hyperparameters: { ...HYPERPARAMETERS, ...run.hyperparameters },
      idempotencyKey: `${run.key}-${n}`,
      ...run.more,
    },
  });
  if ('message' in createRun) throw new Error(createRun.message);
  return createRun.run;
}

/** The run of this key that did not end badly, made when there is none. */
export async function ensureRun(client: Client, datasetKey: string, run: DemoRun) {
  // A key whose run did not end well is used up; the next one makes a new run.
  for (let n = 1; ; n++) {
    const made = await findOrCreate(client, datasetKey, run, n);
    if (!['FAILED', 'TIMEOUT', 'CANCELLED'].includes(made.status)) return made;
  }
}

/** Tells how a run goes, and gives its evaluation. @throws Error when it has none. */
export async function followToEvaluation(client: Client, id: string, say: (line: string) => void) {
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

/** What kind of failure ends a run, such as `NAN_LOSS`; its status when it did not fail. */
export async function followToFailure(client: Client, id: string): Promise<string> {
  const stream = client.follow<operations.RunMessage>(operations.FOLLOW, { id });
  // It ends with the run.
  while (!(await stream.next()).done);
  const { run } = await client.request<operations.FailureResult>(operations.FAILURE, { id });
  return run.failure?.code ?? run.status;
}

async function readEvaluation(client: Client, id: string, say: (line: string) => void) {
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
