/**
 * The end of a dry run: the whole data is rendered and tokenised as the training would, where the
 * runner has Python and the model. Nothing is installed or downloaded for it, and nothing trains.
 */
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { App } from '../../app.ts';
import { openScratch } from '../../lib/scratch.ts';
import type { LogWriter } from '../../logs/writer.ts';
import type { BaseModel } from '../../tunix/models.ts';
import { findRuntime } from '../../tunix/runtime.ts';
import { readTokens } from '../../tunix/tokens.ts';
import { appendEvent } from '../events.ts';
import { fenced, type Lease, ringRun } from '../lease.ts';
import type { RunConfig } from '../model.ts';
import { countUpdates } from '../plan/resolveConfig.ts';
import { untilStored } from '../retry.ts';
import { completed, failed, type Outcome } from './outcome.ts';
import type { Prepared } from './prepare.ts';
import type { Watch } from './watch.ts';

const SPLITS = ['train', 'eval', 'test'] as const;

type Split = (typeof SPLITS)[number];

/** One side of the data: its items, those that are too long, and the tokens of the longest. */
type Counted = { items: number; tooLong: number; longest: number };

type Counts = Record<Split, Counted>;

/** Checks what is laid out, says what it found, and ends. Fails when nothing could be learnt. */
export async function endDryRun(
  app: Pick<App, 'db' | 'config' | 'bell' | 'log'>,
  lease: Lease,
  { config }: { config: RunConfig },
  model: BaseModel,
  { runDir }: Pick<Prepared, 'runDir'>,
  log: LogWriter,
  watch: Watch,
): Promise<Outcome> {
  const { totalSteps, maxSeqLength, batchSize } = config.hyperparameters;
  const python = app.config.tunix.readyPython ?? (await findRuntime(app.config))?.python;
  const why = whyNotCounted(python, model);
  if (!python || why) {
    await log.say(`Tokens were not counted: ${why}`);
  } else {
    const counts = await countTokens(app, python, model, runDir, maxSeqLength, watch.stop);
    for (const split of SPLITS) await log.say(sentence(split, counts[split], maxSeqLength));
    const { perPass, possible } = countUpdates(fitting(counts.train), config);
    if (possible === 0) {
      return failed(
        `${fitting(counts.train)} of ${counts.train.items} training items fit maxSeqLength ` +
          `${maxSeqLength}, which do not make one update of batchSize ${batchSize}. Raise ` +
          'maxSeqLength, or lower batchSize.',
      );
    }
    const data = eventOf(counts, perPass, totalSteps);
    await untilStored(watch.lost, app.log, () => storeCounts(app, lease, data));
    ringRun(app, lease.runId);
  }
  await log.say(`Dry run: data and config are in place for ${totalSteps} steps; not started.`);
  return completed;
}

/** Once for an attempt, also when the commit before was not heard of. */
const storeCounts = (app: Pick<App, 'db'>, lease: Lease, data: object): Promise<void> =>
  fenced(app, lease, async (tx) => {
    const { runId, epoch: attempt } = lease;
    const kind = 'DATA_READY';
    if ((await tx.runEvent.count({ where: { runId, attempt, kind } })) > 0) return;
    await appendEvent(tx, runId, kind, data, attempt);
  });

function whyNotCounted(python: string | undefined, model: BaseModel): string | null {
  if (!python) {
    return 'this runner has no Python environment yet; the first LOCAL run makes it.';
  }
  if (model.dir && !existsSync(join(model.dir, 'config.json'))) {
    return `${model.id} is not on this runner yet; the first LOCAL run with it brings it.`;
  }
  return null;
}

async function countTokens(
  { config }: Pick<App, 'config'>,
  python: string,
  model: BaseModel,
  runDir: string,
  maxSeqLength: number,
  signal: AbortSignal,
): Promise<Counts> {
  await using scratch = await openScratch(config);
  const file = (split: Split) => join(runDir, 'data', `${split}.jsonl`);
  const recordFiles = SPLITS.map(file);
  const request = { model, trainFile: file('train'), recordFiles, listTokens: 0 };
  const lengths: number[] = [];
  for await (const { count } of readTokens(config, python, scratch.dir, request, signal)) {
    lengths.push(count);
  }
  // They come in the order of the files, and do not say which they are of.
  const [train, evaluation] = [await countLines(file('train')), await countLines(file('eval'))];
  const measure = (part: number[]): Counted => ({
    items: part.length,
    tooLong: part.filter((length) => length > maxSeqLength).length,
    longest: part.reduce((longest, length) => Math.max(longest, length), 0),
  });
  return {
    train: measure(lengths.slice(0, train)),
    eval: measure(lengths.slice(train, train + evaluation)),
    test: measure(lengths.slice(train + evaluation)),
  };
}

async function countLines(file: string): Promise<number> {
  let count = 0;
  for await (const _ of createInterface({ input: createReadStream(file) })) count += 1;
  return count;
}

const fitting = ({ items, tooLong }: Counted): number => items - tooLong;

const sentence = (split: Split, counted: Counted, maxSeqLength: number): string =>
  `${split.toUpperCase()}: ${fitting(counted)} of ${counted.items} items fit ${maxSeqLength} ` +
  `tokens, ${counted.tooLong} are too long; the longest has ${counted.longest}.`;

/** The fields of the event `data` of the training, and the longest of each side. */
const eventOf = (counts: Counts, stepsPerEpoch: number, totalSteps: number) => {
  const each = (value: (counted: Counted) => number) =>
    Object.fromEntries(SPLITS.map((split) => [split, value(counts[split])]));
  return {
    ...each(fitting),
    dropped: each(({ tooLong }) => tooLong),
    longest: each(({ longest }) => longest),
    steps_per_epoch: stepsPerEpoch,
    total_steps: totalSteps,
  };
};
