import type { Pool } from 'pg';
import type { Dataset, Prisma } from '../../prisma/generated/client/client.ts';
import type { Split } from '../../prisma/generated/client/enums.ts';
import type { Recipe } from './model.ts';

const SCHEMA_VERSION = '1.0';
const PAGE = 5_000;

/** Beyond so many items the manifest is for downloading only. */
export const MANIFEST_INLINE_ITEMS = 10_000;

type Row = Dataset & { parent: { key: string } | null };

/**
 * All of a manifest but its items, in the predecessor's field names and order. It depends on what
 * is stored alone, so it is the same at every reading.
 */
export function manifestHead(dataset: Row) {
  const recipe = dataset.recipe as Partial<Recipe>;
  const said = dataset.provenance as Record<string, unknown>;
  const createdAt = dataset.createdAt.toISOString();
  const seed = recipe.seed ?? null;
  return {
    dataset_key: dataset.key,
    build_id: dataset.id,
    dataset_name: dataset.name,
    dataset_version: dataset.version,
    dataset_schema_version: SCHEMA_VERSION,
    created_at: createdAt,
    content_hash: dataset.contentHash,
    filters: recipe.filter ?? {},
    selection_strategy: recipe.strategy?.toLowerCase() ?? null,
    limit: recipe.limit ?? null,
    seed,
    split: recipe.split ?? null,
    exclude: recipe.exclude ?? [],
    trace_count: dataset.itemCount,
    split_counts: {
      train: dataset.trainCount,
      eval: dataset.evalCount,
      test: dataset.testCount,
    },
    stats: statsOf(dataset),
    session_id: textOf(said.session_id),
    parent_dataset_id: dataset.parent?.key ?? null,
    training_run_id: textOf(said.training_run_id),
    provenance: {
      schema_version: SCHEMA_VERSION,
      source: 'tunix_rt',
      build_timestamp: createdAt,
      trace_count: dataset.itemCount,
      selection_strategy: recipe.strategy?.toLowerCase() ?? null,
      ...(seed !== null && { seed }),
      ...said,
    },
  };
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function statsOf({ itemCount, stats }: Row) {
  const of = stats as Record<string, number | undefined>;
  return {
    trace_count: itemCount,
    avg_step_count: of.avgStepCount ?? null,
    min_step_count: of.minStepCount ?? null,
    max_step_count: of.maxStepCount ?? null,
    avg_total_chars: of.avgTotalChars ?? null,
  };
}

type Item = { position: number; trace_id: string; content_hash: string; split: Split };

/** Pages of the items in order. */
async function* readPages(sql: Pool, datasetId: string): AsyncGenerator<Item[], void> {
  let after = -1;
  for (;;) {
    const { rows } = await sql.query<Item>(
      `SELECT item.position, item.trace_id, trace.content_hash, item.split
       FROM dataset_items item JOIN traces trace ON trace.id = item.trace_id
       WHERE item.dataset_id = $1 AND item.position > $2
       ORDER BY item.position LIMIT ${PAGE}`,
      [datasetId, after],
    );
    yield rows;
    if (rows.length < PAGE) return;
    after = rows.at(-1)?.position ?? after;
  }
}

const entryOf = ({ trace_id, content_hash, split }: Item) => ({
  trace_id,
  content_hash,
  split: split.toLowerCase(),
});

/**
 * The manifest as JSON text in parts, for a dataset of any size: the same bytes each time. One line
 * for each item, so that two of them can be compared by line.
 */
export async function* writeManifest(sql: Pool, dataset: Row): AsyncGenerator<string, void> {
  yield JSON.stringify(manifestHead(dataset), null, 2).slice(0, -2);
  const list = async function* (name: string, textOfItem: (item: Item) => string) {
    let lead = `,\n  "${name}": [\n    `;
    for await (const rows of readPages(sql, dataset.id)) {
      if (rows.length === 0) continue;
      yield lead + rows.map(textOfItem).join(',\n    ');
      lead = ',\n    ';
    }
    yield '\n  ]';
  };
  yield* list('trace_ids', ({ trace_id }) => JSON.stringify(trace_id));
  yield* list('items', (item) => JSON.stringify(entryOf(item)));
  yield '\n}\n';
}

/**
 * The manifest as a value. Beyond `MANIFEST_INLINE_ITEMS` items its lists are null; the download has
 * them.
 */
export async function readManifest(sql: Pool, dataset: Row): Promise<Prisma.JsonObject> {
  const head = manifestHead(dataset) as Prisma.JsonObject;
  if (dataset.itemCount > MANIFEST_INLINE_ITEMS) return { ...head, trace_ids: null, items: null };
  const items: Item[] = [];
  for await (const rows of readPages(sql, dataset.id)) items.push(...rows);
  return { ...head, trace_ids: items.map((item) => item.trace_id), items: items.map(entryOf) };
}
