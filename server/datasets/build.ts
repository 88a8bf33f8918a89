import { createHash, randomUUIDv7 } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { App } from '../app.ts';
import { ConflictError, DomainError, NotFoundError, ValidationError } from '../errors.ts';
import { canonicalJson } from '../lib/canonical.ts';
import { parse } from '../lib/parse.ts';
import { headOrNull } from '../lib/text.ts';
import { inTransaction } from '../lib/transaction.ts';
import { addDatasetCheck } from './checks/request.ts';
import { type BuildDataset, buildDatasetInput, type Recipe, recipeOf } from './model.ts';
import { beginBuild, type Progress } from './progress.ts';
import { countSides, resolveExclude, type Selected, SIDE, select } from './select.ts';

/** Items of one statement: enough to be fast, few enough to show progress. */
const CHUNK = 10_000;
/** How long choosing and ordering may take: a million traces on a busy machine. */
const SELECT_MS = 600_000;
/** How often a build begins that loses traces to somebody who deletes them. */
const ATTEMPTS = 5;

type Needs = Pick<App, 'db' | 'sql' | 'config' | 'bell' | 'log' | 'queue'>;

/** What a dataset has beside its recipe. */
type Label = {
  id: string;
  key: string;
  name: string;
  version: string;
  provenance: Record<string, unknown>;
  parentId: string | null;
  createdBy: string | null;
};

/**
 * Selects traces, splits them by prompt and freezes the list under `name-version`. Memory does not
 * grow with the number of items; `dataset_builds` shows how far it is.
 * @throws ValidationError for a bad recipe or one that matches nothing.
 * @throws ConflictError when the key is taken or being built, as a dataset never changes, or when its
 * traces are deleted all the time.
 * @throws NotFoundError when the parent does not exist.
 */
export async function buildDataset(
  app: Needs,
  input: BuildDataset,
  by?: string,
): Promise<{ id: string }> {
  const { name, version, provenance, parentKey, ...selection } = parse(
    buildDatasetInput(app.config.datasets.maxItems),
    input,
  );
  const key = `${name}-${version}`;
  await refuseTaken(app, key);
  const parent = parentKey ? await app.db.dataset.findUnique({ where: { key: parentKey } }) : null;
  if (parentKey && !parent) {
    throw new NotFoundError('Dataset', `There is no dataset "${parentKey}" to be the parent.`);
  }
  const recipe = recipeOf(selection, await resolveExclude(app.sql, selection.exclude));
  using progress = await beginBuild(app, key);
  if (!progress) {
    await refuseTaken(app, key);
    const message = `Dataset "${key}" is being built right now. Wait for it, or choose another version.`;
    throw new ConflictError('Dataset', message);
  }
  const label = {
    id: randomUUIDv7(),
    key,
    name,
    version,
    provenance,
    parentId: parent?.id ?? null,
    createdBy: headOrNull(by, 160),
  };
  try {
    await buildWhole(app, label, recipe, progress);
  } catch (error) {
    const isKnown = error instanceof DomainError;
    await progress.failed(isKnown ? error.message : 'Unexpected error. The log has more.');
    // A dataset that came by another way than this function, between the look and the insert.
    if ((error as { code?: unknown }).code === '23505') await refuseTaken(app, key);
    throw error;
  }
  return { id: label.id };
}

/** A trace that was selected is gone before its item is written: how PostgreSQL says so. */
const isTraceGone = (error: unknown) =>
  (error as { constraint?: unknown }).constraint === 'dataset_items_trace_id_fkey';

/** Builds in one transaction, and anew when a selected trace is deleted meanwhile. */
async function buildWhole(
  app: Pick<App, 'sql' | 'queue'>,
  label: Label,
  recipe: Recipe,
  progress: Progress,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await inTransaction(app.sql, async (client) => {
        await write(client, label, recipe, progress);
        await addDatasetCheck(app.queue, client, label.id);
      });
      return;
    } catch (error) {
      if (!isTraceGone(error)) throw error;
      if (attempt < ATTEMPTS) continue;
      const message =
        `Traces of "${label.key}" were deleted again and again while it was built. ` +
        'Build it when the deleting is over.';
      throw new ConflictError('Dataset', message);
    }
  }
}

/** Writes all of a dataset. */
async function write(
  client: PoolClient,
  label: Label,
  recipe: Recipe,
  progress: Progress,
): Promise<void> {
  const selected = await select(client, recipe, SELECT_MS);
  const { taken } = selected;
  if (taken === 0) throw noMatch();
  await progress.writing(0, taken);
  await insertDataset(client, label, recipe, selected);
  for (let from = 0; from < taken; from += CHUNK) {
    await client.query(
      `INSERT INTO dataset_items (dataset_id, position, trace_id, split)
       SELECT $3, position, trace_id, (${SIDE('$4', '$5')})::split
       FROM selection WHERE position >= $1 AND position < $2`,
      [from, from + CHUNK, label.id, selected.bounds.TRAIN, selected.bounds.EVAL],
    );
    await progress.writing(Math.min(from + CHUNK, taken), taken);
  }
  await progress.completed(client, label.id, taken);
}

/** What is said when a recipe finds no trace. */
const noMatch = () =>
  new ValidationError([
    {
      path: ['filter'],
      code: 'NO_MATCH',
      message: 'No trace matches this filter. Widen it, or import traces first.',
    },
  ]);

async function insertDataset(
  client: PoolClient,
  { id, key, name, version, provenance, parentId, createdBy }: Label,
  recipe: Recipe,
  selected: Selected,
): Promise<void> {
  const sides = await countSides(client, selected.bounds);
  await client.query(
    `INSERT INTO datasets (id, key, name, version, content_hash, recipe, provenance, stats,
       item_count, train_count, eval_count, test_count, parent_id, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      id,
      key,
      name,
      version,
      await hashOf(client, selected),
      JSON.stringify(recipe),
      JSON.stringify(provenance),
      JSON.stringify(selected.stats),
      selected.taken,
      sides.TRAIN,
      sides.EVAL,
      sides.TEST,
      parentId,
      createdBy,
    ],
  );
}

/** sha256 over the canonical JSON of all `[content hash, side]`, as if it were one text. */
async function hashOf(client: PoolClient, { taken, bounds }: Selected): Promise<string> {
  const hash = createHash('sha256').update('[');
  for (let from = 0; from < taken; from += CHUNK) {
    const { rows } = await client.query<{ hash: string; side: string }>(
      `SELECT content_hash AS hash, ${SIDE('$3', '$4')} AS side
       FROM selection WHERE position >= $1 AND position < $2 ORDER BY position`,
      [from, from + CHUNK, bounds.TRAIN, bounds.EVAL],
    );
    const items = rows.map((row) => canonicalJson([row.hash, row.side])).join(',');
    hash.update(from === 0 ? items : `,${items}`);
  }
  return hash.update(']').digest('hex');
}

async function refuseTaken(app: Pick<App, 'db'>, key: string): Promise<void> {
  const taken = await app.db.dataset.findUnique({ where: { key } });
  if (taken) {
    throw new ConflictError(
      'Dataset',
      `Dataset "${key}" exists already and never changes. Choose another version.`,
      taken.id,
    );
  }
}
