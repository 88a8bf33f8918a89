import { setImmediate } from 'node:timers/promises';
import type { App } from '../app.ts';
import { canonicalJson } from '../lib/canonical.ts';
import { gather } from '../lib/gather.ts';
import { BATCH, type Item, judgeOutput } from './items.ts';
import type { Judge, JudgeContext } from './judges/judge.ts';
import type { JudgeEndpoint } from './judges/llm/endpoint.ts';
import { readOutputs } from './outputs.ts';
import { type Claimed, storeItems } from './progress.ts';

/** Items that fail in a row until no more are asked: the endpoint is down, and time is money. */
const GIVE_UP_AFTER = 20;

/** Judges what is left of an evaluation by rules alone. */
export async function judgeByRule(
  app: Pick<App, 'sql'>,
  evaluation: Claimed,
  judge: Judge,
  signal: AbortSignal,
): Promise<Item[]> {
  const items: Item[] = [];
  const context: JudgeContext = { run: runOf(evaluation), signal };
  for await (const output of readOutputs(app.sql, evaluation)) {
    items.push((await judgeOutput(judge, output, context)).item);
    // A training beside it must be able to say that it lives.
    await setImmediate();
    signal.throwIfAborted();
  }
  return items;
}

/**
 * Asks a model about what is left of an evaluation, as many items side by side as the endpoint
 * allows, and stores each as it comes. Ends early when the signal aborts, or when 20 items in a row
 * failed.
 * @throws what says that the database is away.
 */
export async function judgeByEndpoint(
  app: Pick<App, 'sql' | 'bell' | 'config'>,
  evaluation: Claimed,
  judge: Judge,
  signal: AbortSignal,
): Promise<void> {
  const endpoint = endpointOf(app.config.judgeEndpoints, judge, evaluation.settings);
  const outputs = readOutputs(app.sql, evaluation);
  const broken = new AbortController();
  const stop = AbortSignal.any([signal, broken.signal]);
  const context: JudgeContext = { run: runOf(evaluation), endpoint, signal: stop };
  const store = gather(async (judged: readonly Awaited<ReturnType<typeof judgeOutput>>[]) => {
    await storeItems(app, evaluation.id, judged);
    return judged.map(() => null);
  }, BATCH);
  let failedInARow = 0;
  const work = async () => {
    while (!stop.aborted && failedInARow < GIVE_UP_AFTER) {
      const next = await outputs.next();
      if (next.done) return;
      const judged = await judgeOutput(judge, next.value, context);
      if (judged.item.error !== null) failedInARow += 1;
      else if (judged.usage) failedInARow = 0;
      await store(judged);
    }
  };
  const workers = Array.from({ length: endpoint.concurrency }, () =>
    work().catch((error: unknown) => {
      if (!stop.aborted) broken.abort(error);
    }),
  );
  await Promise.all(workers);
  // The first fault stopped the others.
  if (!signal.aborted) broken.signal.throwIfAborted();
}

const runOf = ({ runId, durationSeconds }: Claimed) => ({ id: runId, durationSeconds });

/** The endpoint as it was when the evaluation was asked for; else its items would not compare. */
function endpointOf(
  endpoints: readonly JudgeEndpoint[],
  judge: Judge,
  settings: Record<string, string>,
): JudgeEndpoint {
  const endpoint = endpoints.find(({ name }) => name === settings.endpoint);
  if (!endpoint) {
    throw new Error(
      `The runner knows no endpoint "${settings.endpoint}". Name it in JUDGE_ENDPOINTS of every ` +
        'runner, then resume.',
    );
  }
  if (canonicalJson(judge.settings?.(endpoint)) !== canonicalJson(settings)) {
    throw new Error(
      `The endpoint "${endpoint.name}" has changed: it was asked for with the model ` +
        `${settings.model}, and now serves ${endpoint.model}. Evaluate the run again instead.`,
    );
  }
  return endpoint;
}
