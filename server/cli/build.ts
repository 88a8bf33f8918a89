/** `tunix-rt build`: makes a dataset of the traces that a recipe names. */
import { ask, granted, REFUSAL, type Refusal, Refused, type Target } from './ask.ts';
import { buildFilter, FILTER_HELP, FILTER_OPTIONS } from './buildFilter.ts';
import type { Terminal } from './command.ts';
import { COMMON_HELP, define, EXIT, given, jsonLine, Misused, numberOf } from './define.ts';
import { counted, openProgress } from './progress.ts';
import { openStreams } from './streams.ts';

const HELP = `Usage: tunix-rt build NAME VERSION [options]

Builds the dataset NAME-VERSION: selects traces, splits them by prompt into the sides TRAIN, EVAL and
TEST, and freezes them. The same recipe on the same traces gives the same content hash.

Which traces may be in it; all without:
${FILTER_HELP}

How they are chosen and split:
  --limit N          at most so many [100]
  --strategy HOW     latest or random [latest]
  --seed N           for random, which needs one
  --split A,B,C      shares of TRAIN, EVAL and TEST [0.8,0.1,0.1]
  --parent KEY       the version that this one replaces
  --note TEXT        a note to keep with it
  --like KEY         begin from the recipe of this dataset; options come on top of it
  --json             print the dataset as JSON
${COMMON_HELP}

Exit codes: 0 it is built, 2 the command is wrong, names something that does not exist or matches no
trace, 3 the server cannot be reached, 4 it refuses: the key of the dataset is taken, or the key in
TUNIX_RT_KEY may not do this.
`;

const BUILD = `${REFUSAL}
mutation CliBuild($input: BuildDatasetInput!) {
  buildDataset(input: $input) {
    ... on BuildDatasetPayload {
      dataset { id key contentHash itemCount trainCount evalCount testCount recipe createdAt }
    }
    ...Refusal
  }
}`;

const PROGRESS = `subscription CliBuildProgress($key: String!) {
  datasetBuildProgress(key: $key) { phase done total }
}`;

const RECIPE = 'query CliRecipe($key: String!) { dataset(key: $key) { recipe } }';

/** Longer than any build takes with the settings of a server; fetch itself allows no more. */
const TIMEOUT_MS = 300_000;

type Dataset = {
  key: string;
  itemCount: number;
  trainCount: number;
  evalCount: number;
  testCount: number;
};
type Recipe = { filter: object; exclude: string[] } & Record<string, unknown>;
type Progress = { datasetBuildProgress: { phase: string; done: number; total: number | null } };

/** The recipe of a dataset as an input. @throws Refused */
async function recipeOf(target: Target, key: string): Promise<Record<string, unknown>> {
  const { dataset } = await ask<{ dataset: { recipe: Recipe } | null }>(target, RECIPE, { key });
  if (!dataset) throw new Refused(`There is no dataset ${key}.`, 'NOT_FOUND');
  const { exclude, seed, ...recipe } = dataset.recipe;
  const hasExclude = exclude.length > 0;
  return {
    ...recipe,
    ...(seed !== null && { seed }),
    ...(hasExclude && { exclude: { contentHashes: exclude } }),
  };
}

/** @throws Misused */
function splitOf(text: string | undefined): object | undefined {
  if (text === undefined) return undefined;
  const [train, evaluation, test, ...more] = text.split(',').map((part) => Number(part.trim()));
  const shares = { train, eval: evaluation, test };
  const areNumbers = Object.values(shares).every((share) => Number.isFinite(share));
  if (areNumbers && more.length === 0) return shares;
  throw new Misused('--split takes three shares: 0.8,0.1,0.1.');
}

/** Builds, and draws meanwhile how far it is. @throws Refused, Unreachable */
async function build(
  target: Target,
  terminal: Terminal,
  isDrawn: boolean,
  input: Record<string, unknown>,
): Promise<Dataset> {
  const done = new AbortController();
  const drawing = isDrawn
    ? draw(target, terminal, `${input.name}-${input.version}`, done.signal)
    : Promise.resolve();
  try {
    const { buildDataset } = await ask<{ buildDataset: { dataset: Dataset } | Refusal }>(
      target,
      BUILD,
      { input },
      TIMEOUT_MS,
    );
    return granted(buildDataset).dataset;
  } finally {
    done.abort();
    await drawing;
  }
}

async function draw(target: Target, terminal: Terminal, key: string, signal: AbortSignal) {
  const progress = openProgress(terminal.error, counted('traces'));
  let isOver = false;
  // How far it is matters less than the build: what goes wrong here is not told.
  await using streams = openStreams(target, { signal, waitSeconds: 0, onLost: () => {} });
  const source = { variables: () => ({ key }), isOver: () => isOver };
  try {
    for await (const { datasetBuildProgress } of streams.follow<Progress>(PROGRESS, source)) {
      const { phase, done, total } = datasetBuildProgress;
      isOver = phase === 'COMPLETED' || phase === 'FAILED';
      if (total !== null) progress.update(done, total);
    }
  } catch {
    // The build says by itself what is wrong.
  }
  progress.clear();
}

export const buildCommand = define({
  name: 'build',
  help: HELP,
  options: {
    ...FILTER_OPTIONS,
    limit: { type: 'string' },
    strategy: { type: 'string' },
    seed: { type: 'string' },
    split: { type: 'string' },
    parent: { type: 'string' },
    note: { type: 'string' },
    like: { type: 'string' },
  },
  takes: { min: 2, max: 2, called: 'a name and a version' },
  async body({ values, names: [name, version], target, terminal }) {
    const options = given({
      limit: numberOf('limit', values.limit),
      strategy: values.strategy?.toUpperCase(),
      seed: numberOf('seed', values.seed),
      split: splitOf(values.split),
      parentKey: values.parent,
      provenance: values.note === undefined ? undefined : { note: values.note },
    });
    const filter = buildFilter(values);
    const recipe = values.like === undefined ? {} : await recipeOf(target, values.like);
    const input = {
      ...recipe,
      ...options,
      filter: { ...(recipe.filter as object | undefined), ...filter },
      name,
      version,
    };
    const isDrawn = terminal.isInteractive && !values.json;
    const dataset = await build(target, terminal, isDrawn, input);
    const { key, itemCount, trainCount, evalCount, testCount } = dataset;
    terminal.out(
      values.json
        ? jsonLine(dataset)
        : `${key}: ${itemCount} items, ${trainCount} train, ${evalCount} eval, ${testCount} test\n`,
    );
    return EXIT.ok;
  },
});
