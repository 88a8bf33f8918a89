import type { Split } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { parse } from '../lib/parse.ts';
import { inTransaction } from '../lib/transaction.ts';
import { recipeOf, type Selection, selectionInput } from './model.ts';
import { countMatching, countSides, resolveExclude, SIDE, type Stats, select } from './select.ts';
import type { SideCounts } from './split.ts';

const SAMPLE = 10;

export type SelectionPreview = {
  /** All that the filter finds, what is excluded not counted. */
  matching: number;
  taken: number;
  counts: SideCounts;
  /** Null when nothing is taken. */
  stats: Stats | null;
  /** The first items. */
  sample: { traceId: string; split: Split }[];
};

/**
 * What `buildDataset` would take now, by the same statements, with nothing left behind.
 * @throws ValidationError for a bad recipe. One that matches nothing is no error here.
 */
export async function previewSelection(
  app: Pick<App, 'sql' | 'config'>,
  input: Selection,
): Promise<SelectionPreview> {
  const selection = parse(selectionInput(app.config.datasets.maxItems), input);
  const recipe = recipeOf(selection, await resolveExclude(app.sql, selection.exclude));
  // Nothing but the table of the transaction is written.
  return inTransaction(app.sql, async (client) => {
    const matching = await countMatching(client, recipe.filter, recipe.exclude);
    const { taken, bounds, stats } = await select(client, recipe);
    const sample = await client.query<{ traceId: string; split: Split }>(
      `SELECT trace_id AS "traceId", ${SIDE('$1', '$2')} AS split
       FROM selection ORDER BY position LIMIT ${SAMPLE}`,
      [bounds.TRAIN, bounds.EVAL],
    );
    const counts = await countSides(client, bounds);
    return { matching, taken, counts, stats, sample: sample.rows };
  });
}
